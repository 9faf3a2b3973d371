"""A resident and five stdio doors on one data folder, under load: nothing lost, nothing twice, nobody waits long."""

from __future__ import annotations

import asyncio
import itertools
import os
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
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
from tests.support.sink import SinkProcess

pytestmark = pytest.mark.anyio

DESK = "desk@here.test"
INBOX = "inbox@here.test"
QUIET = "quiet@here.test"
DOORS = 5
PEERS = 2
LONGEST_CALL_S = 2.0
IDLE_S = 5.0


@dataclass
class Tally:
    """What was promised to whom, and how long the longest call took."""

    received: list[str] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    calls: int = 0
    longest: float = 0.0
    over: bool = False

    async def timed(self, call: Awaitable[Any]) -> dict[str, Any]:
        begun = time.monotonic()
        result = await call
        self.longest = max(self.longest, time.monotonic() - begun)
        self.calls += 1
        return answer(result)


async def work(client: Client, name: str, tally: Tally, rounds: int) -> None:
    """What an agent does all day: look, write, look at what became of it."""
    for number in range(rounds):
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
        if tally.over:
            break
        await offer(peer, f"{name}-{number}")
        tally.received.append(f"{name}-{number}")
    await peer.close()


async def offer(peer: SmtpPeer, token: str, to: str = INBOX) -> None:
    head = f"From: ann@load.test\r\nTo: {to}\r\nMessage-ID: <{token}@load.test>\r\nSubject: {token}\r\n"
    await peer.deliver("ann@load.test", (to,), f"{head}\r\nHello\r\n".encode())


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


@dataclass(frozen=True, slots=True)
class House:
    """A server that doors lead to, and the next hop."""

    data: Path
    resident: lock.Resident
    sink: SinkProcess


@contextmanager
def house(folder: Path, limit_s: float = program.LIMIT_S) -> Iterator[House]:
    """One that complains about nothing, to its end."""
    data = folder / "data"
    account(data, {DESK: {"default_mode": "autonomous"}, INBOX: {}, QUIET: {}})
    with (
        SinkProcess(folder / "sink.jsonl") as sink,
        serving(data, limit_s=limit_s, MULTIMAIL_RELAY=sink.url) as server,
    ):
        server.until("Ctrl-C")
        resident = lock.find(data)
        assert resident is not None
        yield House(data, resident, sink)
        assert server.stop() == (0, "")


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("house"), limit_s=2 * program.LIMIT_S) as made:
        yield made


async def all_day(made: House, rounds: int) -> str:
    """The whole scene; returns its figures."""
    tally = Tally()
    async with AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(door(made.data)) for _ in range(DOORS)]
        for client in clients:
            await client.call_tool("list_mailboxes", {})
        begun = time.monotonic()
        async with asyncio.TaskGroup() as group:
            for number in range(PEERS):
                group.create_task(mail_in(made.resident.smtp_port, f"peer{number}", tally))
            works = [work(client, f"door{number}", tally, rounds) for number, client in enumerate(clients)]
            await asyncio.gather(*works)
            tally.over = True
        seconds = time.monotonic() - begun
        found = await everything(clients[0], {"mailbox": INBOX})
    await eventually(lambda: len(made.sink.mails()) >= len(tally.sent))
    arrived = Counter(mail.message_id for mail in made.sink.mails())
    recipients = Counter(one for mail in made.sink.mails() for one in mail.recipients)

    assert found == Counter(tally.received)
    assert set(arrived.values()) == {1}
    assert recipients == Counter(f"{token}@out.test" for token in tally.sent)
    assert tally.longest < LONGEST_CALL_S
    return (
        f"{DOORS} doors, {seconds:.1f} s: {tally.calls} calls, the longest {tally.longest * 1000:.0f} ms; "
        f"{len(tally.received)} mails in, {len(tally.sent)} out; lost 0, twice 0"
    )


async def test_five_doors_lose_nothing_and_send_nothing_twice(
    here: House, capsys: pytest.CaptureFixture[str]
) -> None:
    figures = await all_day(here, rounds=20)
    with capsys.disabled():
        print(f"\n{figures}")


@pytest.mark.soak
async def test_five_doors_for_a_thousand_rounds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with house(tmp_path, limit_s=170.0) as made:
        figures = await all_day(made, rounds=1_000)
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
                stack.enter_async_context(door(data, cold=True, MULTIMAIL_START_RESIDENT="yes"))
                for _ in range(2)
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


async def test_an_idle_door_does_nothing_and_sees_new_mail_at_once(here: House) -> None:
    async with door(here.data, cold=True) as client:
        await client.call_tool("check_inbox", {})
        (pid,) = processes(here.data, "mcp")
        assert os.getpgid(pid)
        await asyncio.sleep(1.0)
        before = times_run(pid)
        await asyncio.sleep(IDLE_S)
        after = times_run(pid)
        peer = SmtpPeer(here.resident.smtp_port)
        await offer(peer, "news", QUIET)
        found = answer(await client.call_tool("check_inbox", {"mailbox": QUIET}))
        await peer.close()

    assert after == before
    assert [row["subject"] for row in found["messages"]] == ["news"]
