"""A resident and five stdio doors on one data folder, under load: nothing lost, nothing twice, nobody waits long."""

from __future__ import annotations

import asyncio
import itertools
import os
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from mcp import Client

from multimail.commands import lock, residents
from tests.support import program
from tests.support.account import account
from tests.support.doors import answer, door
from tests.support.peers import SmtpPeer
from tests.support.program import serving
from tests.support.sink import Sink, SinkProcess

pytestmark = pytest.mark.anyio

DESK = "desk@here.test"
INBOX = "inbox@here.test"
DOORS = 5
PEERS = 2
LONGEST_CALL_S = 2.0
IDLE_S = 5.0


@dataclass
class Tally:
    """What was promised to whom, and how long the longest call took."""

    until: float
    received: list[str] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    calls: int = 0
    longest: float = 0.0

    async def timed(self, call: Awaitable[Any]) -> dict[str, Any]:
        begun = time.monotonic()
        result = await call
        self.longest = max(self.longest, time.monotonic() - begun)
        self.calls += 1
        return answer(result)

    def going_on(self) -> bool:
        return time.monotonic() < self.until


async def work(client: Client, name: str, tally: Tally) -> None:
    """What an agent does all day: look, write, look at what became of it."""
    for number in itertools.count():
        if not tally.going_on():
            return
        token = f"{name}-{number}"
        mail = {"mailbox": DESK, "to": [f"{token}@out.test"], "subject": token, "body": f"This is {token}."}
        sent = await tally.timed(client.call_tool("send_email", mail))
        tally.sent.append(token)
        await tally.timed(client.call_tool("check_inbox", {"limit": 20}))
        about = {"message_id": sent["message_id"]}
        await tally.timed(client.call_tool("get_message_history", about))
        await tally.timed(client.call_tool("tag_email", {**about, "tags": ["seen"]}))


async def mail_in(port: int, name: str, tally: Tally) -> None:
    peer = SmtpPeer(port)
    for number in itertools.count():
        if not tally.going_on():
            break
        await offer(peer, f"{name}-{number}")
        tally.received.append(f"{name}-{number}")
    await peer.close()


async def offer(peer: SmtpPeer, token: str) -> None:
    head = f"From: ann@load.test\r\nTo: {INBOX}\r\nMessage-ID: <{token}@load.test>\r\nSubject: {token}\r\n"
    await peer.deliver("ann@load.test", (INBOX,), f"{head}\r\nHello\r\n".encode())


async def everything(client: Client, query: dict[str, Any]) -> Counter[str]:
    """The subjects of all mail that a search finds."""
    found: Counter[str] = Counter()
    cursor: dict[str, Any] = {}
    while True:
        page = answer(await client.call_tool("check_inbox", {"limit": 100, **query, **cursor}))
        found.update(row["subject"] for row in page["messages"])
        if not page.get("cursor"):
            return found
        cursor = {"cursor": page["cursor"]}


async def eventually(look: Callable[[], bool], seconds: float = 30.0) -> None:
    async with asyncio.timeout(seconds):
        while not look():  # noqa: ASYNC110 - it happens in other processes
            await asyncio.sleep(0.02)


async def all_day(folder: Path, seconds: float, limit_s: float = program.LIMIT_S) -> str:
    """The whole scene; returns its figures."""
    data = folder / "data"
    await asyncio.to_thread(account, data, {DESK: {"default_mode": "autonomous"}, INBOX: {}})
    with (
        SinkProcess(folder / "sink.jsonl") as sink,
        serving(data, limit_s=limit_s, MULTIMAIL_RELAY=sink.url) as server,
    ):
        server.until("Ctrl-C")
        resident = lock.find(data)
        assert resident is not None
        async with AsyncExitStack() as stack:
            clients = [await stack.enter_async_context(door(data)) for _ in range(DOORS)]
            for client in clients:
                await client.call_tool("list_mailboxes", {})
            tally = Tally(time.monotonic() + seconds)
            jobs = [work(client, f"door{number}", tally) for number, client in enumerate(clients)]
            jobs += [mail_in(resident.smtp_port, f"peer{number}", tally) for number in range(PEERS)]
            await asyncio.gather(*jobs)
            found = await everything(clients[0], {"mailbox": INBOX})
        await eventually(lambda: len(sink.mails()) >= len(tally.sent))
        code, complaints = server.stop()
        arrived = Counter(mail.message_id for mail in sink.mails())
        recipients = Counter(one for mail in sink.mails() for one in mail.recipients)

    assert (code, complaints) == (0, "")
    assert found == Counter(tally.received)
    assert set(arrived.values()) == {1}
    assert recipients == Counter(f"{token}@out.test" for token in tally.sent)
    assert tally.longest < LONGEST_CALL_S
    return (
        f"{DOORS} doors, {seconds:.0f} s: {tally.calls} calls, the longest {tally.longest * 1000:.0f} ms; "
        f"{len(tally.received)} mails in, {len(tally.sent)} out; lost 0, twice 0"
    )


async def test_five_doors_lose_nothing_and_send_nothing_twice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    figures = await all_day(tmp_path, 3.0)
    with capsys.disabled():
        print(f"\n{figures}")


@pytest.mark.soak
async def test_five_doors_for_a_minute(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    figures = await all_day(tmp_path, 60.0, limit_s=170.0)
    with capsys.disabled():
        print(f"\n{figures}")


def processes(data: Path, word: str) -> list[int]:
    """The processes on this data folder that have `word` on their command line."""
    found = []
    for path in Path("/proc").iterdir():
        try:
            line = (path / "cmdline").read_bytes().split(b"\0")
            environ = (path / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if word.encode() in line and f"MULTIMAIL_DATA={data}".encode() in environ:
            found.append(int(path.name))
    return found


async def test_doors_that_open_at_once_start_one_resident(tmp_path: Path) -> None:
    data = tmp_path / "data"
    try:
        async with AsyncExitStack() as stack:
            opening = [
                stack.enter_async_context(door(data, MULTIMAIL_START_RESIDENT="yes")) for _ in range(2)
            ]
            clients = [await one for one in opening]
            await asyncio.gather(*(client.call_tool("list_mailboxes", {}) for client in clients))
            await eventually(lambda: lock.find(data) is not None)
            await eventually(lambda: len(processes(data, "resident")) == 1)
            resident = lock.find(data)
            assert resident is not None
            assert processes(data, "resident") == [resident.pid]
        assert lock.find(data) == resident, "it outlives the doors that started it"
    finally:
        residents.stop(data)

    await eventually(lambda: not processes(data, "resident"))


def times_run(pid: int) -> int:
    """How often any thread of a process was given a processor: what was never run, ran no SQL."""
    fields = [
        line.split()
        for task in Path(f"/proc/{pid}/task").iterdir()
        for line in (task / "status").read_text().splitlines()
    ]
    return sum(int(words[1]) for words in fields if words[0].endswith("ctxt_switches:"))


async def test_an_idle_door_does_nothing_and_sees_new_mail_at_once(tmp_path: Path) -> None:
    data = tmp_path / "data"
    await asyncio.to_thread(account, data, {INBOX: {}})
    with Sink() as sink, serving(data, MULTIMAIL_RELAY=sink.url) as server:
        server.until("Ctrl-C")
        resident = lock.find(data)
        assert resident is not None
        async with door(data) as client:
            await client.call_tool("check_inbox", {})
            (pid,) = processes(data, "mcp")
            assert os.getpgid(pid)
            await asyncio.sleep(1.0)
            before = times_run(pid)
            await asyncio.sleep(IDLE_S)
            after = times_run(pid)
            peer = SmtpPeer(resident.smtp_port)
            await offer(peer, "news")
            found = answer(await client.call_tool("check_inbox", {"mailbox": INBOX}))
            await peer.close()
        server.stop()

    assert after == before
    assert [row["subject"] for row in found["messages"]] == ["news"]
