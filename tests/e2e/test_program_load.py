"""Sixteen programs and two stdio doors at once on one account, whose server is ended and killed under them: every call
is answered, and what was accepted arrives once.
"""

from __future__ import annotations

import asyncio
import random
import signal
import socket
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest

import multimail
from tests.support.account import account
from tests.support.doors import answer, door
from tests.support.program import Serving, serving
from tests.support.sink import SinkProcess

pytestmark = [pytest.mark.soak, pytest.mark.timeout(600)]
FREE: Final = "free@here.test"
HELD: Final = "held@here.test"
PROGRAMS: Final = 16
SECONDS: Final = 10.0
"""For each of three servers, one after the other."""
MOST_MEMORY: Final = 300
"""Megabytes; it is under 110 after half a minute."""
LONGEST: Final = 2.0
"""Seconds that 99 of 100 calls take at most while a server is there; without load beside, all are under one."""
DRAINED: Final = 150.0
"""Seconds for what waits to leave, on a machine that does other things as well."""
WIDE: Final = {"MULTIMAIL_MAX_OPEN_DRAFTS": "10000", "MULTIMAIL_THREAD_RATE_PER_HOUR": "10000",
               "MULTIMAIL_RATE_PER_MINUTE": "1000000"}  # fmt: skip


@dataclass
class Day:
    """What is promised, and how long it took."""

    url: str
    keys: dict[str, str]
    accepted: list[str] = field(default_factory=list)
    approved: list[str] = field(default_factory=list)
    took: list[float] = field(default_factory=list)
    server: Serving | None = None
    over: threading.Event = field(default_factory=threading.Event)

    def program(self, number: int) -> None:
        """Sends, reads and decides until the day is over; a fault that retries do not mend is raised."""
        chance = random.Random(number)
        made = [multimail.Client(self.keys[role], self.url, retries=40) for role in ("agent", "reviewer")]
        with made[0] as agent, made[1] as reviewer:
            while not self.over.is_set():
                task = chance.choice((self._send, self._hold, self._decide, self._read))
                task(
                    reviewer if task == self._decide else agent,
                    f"p{number}-{len(self.took)}-{chance.random()}",
                )

    def timed(self, call: Callable[..., Any], **given: Any) -> Any:
        server, began = self.server, time.monotonic()
        found = call(**given)
        if server is not None and server is self.server:
            self.took.append(time.monotonic() - began)
        return found

    def _send(self, client: multimail.Client, name: str) -> None:
        self.timed(client.send_email, mailbox=FREE, to=f"{name}@out.test", subject=name, body="Now.")
        self.accepted.append(name)

    def _hold(self, client: multimail.Client, name: str) -> None:
        self.timed(client.send_email, mailbox=HELD, to=f"{name}@out.test", subject=name, body="Later.")

    def _decide(self, client: multimail.Client, name: str) -> None:
        for mail in self.timed(client.list_pending, limit=2).items:
            try:
                self.timed(
                    client.decide_email, message_id=mail.message_id, decision="approve", digest=mail.digest
                )
            except (multimail.errors.Conflict, multimail.errors.ConnectionFailed):
                continue  # another was faster, or nobody knows: a decision is not made twice
            self.approved.append(mail.subject)

    def _read(self, client: multimail.Client, name: str) -> None:
        for mail in self.timed(client.check_inbox, limit=5).items:
            self.timed(client.get_message_history, message_id=mail.message_id)

    async def door(self, data: Path, number: int, **settings: Any) -> None:
        """A host's door on the same folder; it opens the file itself while no server is there."""
        async with door(data, MULTIMAIL_KEY=self.keys["agent"], **settings) as client:
            for count in range(10_000):
                if self.over.is_set():
                    return
                name = f"d{number}-{count}"
                mail = {"mailbox": FREE, "to": [f"{name}@out.test"], "subject": name, "body": "Now.",
                        "idempotency_key": name}  # fmt: skip
                answer(await client.call_tool("send_email", mail))
                self.accepted.append(name)


def megabytes(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmRSS"))) // 1024


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def test_nothing_is_lost_or_doubled_under_load_and_ends(tmp_path: Path) -> None:
    data, port = tmp_path / "data", free_port()
    free = {"default_mode": "autonomous", "ceiling": "autonomous", "undo_seconds": 0}
    day = Day(f"http://127.0.0.1:{port}", account(data, {FREE: free, HELD: {}}, "agent", "reviewer"))
    with SinkProcess(tmp_path / "ledger") as sink, ThreadPoolExecutor(PROGRAMS + 2) as pool:
        settings: dict[str, Any] = WIDE | {"MULTIMAIL_HTTP_PORT": str(port), "MULTIMAIL_RELAY": sink.url}
        work: list[Future[None]] = []
        for end in (signal.SIGTERM, signal.SIGKILL, None):
            with serving(data, "serve", limit_s=400, **settings) as server:
                server.until("Ctrl-C")
                work = work or [
                    *(pool.submit(day.program, number) for number in range(PROGRAMS)),
                    *(pool.submit(asyncio.run, day.door(data, number, **settings)) for number in range(2)),
                ]
                day.server = server
                day.over.wait(SECONDS)
                assert megabytes(server.process.pid) < MOST_MEMORY
                day.server = None
                if end is not None:
                    server.process.send_signal(end)
                    server.process.wait(20)
                    continue
                day.over.set()
                for one in work:
                    one.result(120)
                limit = time.monotonic() + DRAINED
                while not settled(day, sink):
                    assert time.monotonic() < limit, states(day, sink)
                    time.sleep(0.2)

    assert [name for name, times in arrived(sink).items() if times > 1] == []
    assert len(day.accepted) > 300
    assert statistics.quantiles(day.took, n=100)[-1] < LONGEST


def states(day: Day, sink: SinkProcess) -> list[str]:
    """What has become of what was promised and has not arrived."""
    missing = {*day.accepted, *day.approved} - arrived(sink).keys()
    with multimail.Client(day.keys["agent"], day.url) as client:
        found = [client.check_inbox(query=f"to:{name}@out.test").items for name in list(missing)[:50]]
    return [mails[0].status if mails else "lost" for mails in found]


def settled(day: Day, sink: SinkProcess) -> bool:
    """All has arrived, but for what was on its way when the server was killed: a person is told of that."""
    return {*states(day, sink)} <= {"unknown"}


def arrived(sink: SinkProcess) -> Counter[str]:
    return Counter(mail.recipients[0].partition("@")[0] for mail in sink.mails())
