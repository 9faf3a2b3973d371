"""A real SMTP server on loopback that keeps what it is given and misbehaves where a test tells it to.

It runs on a thread with an event loop of its own, so that it serves synchronous tests, asynchronous ones and
other processes alike; `SinkProcess` is the same sink in a process of its own, for tests that kill theirs.
It shares no code with the transport under test, and counts a mail when its final dot has arrived.
"""

from __future__ import annotations

import asyncio
import base64
import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Self

from tests.support.sink_session import Book, Fault, Mail, Session, Setup

__all__ = ["Book", "Fault", "Mail", "Setup", "Sink", "SinkProcess"]

PROJECT = Path(__file__).parents[2]


class Sink(Book):
    """A context manager; the port is free to connect to from `__enter__` to `__exit__`."""

    def __init__(self, *faults: Fault, setup: Setup | None = None, port: int = 0) -> None:
        super().__init__(setup or Setup(), faults)
        self.host, self.port = "127.0.0.1", port
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sink", daemon=True)
        self._talking: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        """As a relay setting, without encryption."""
        return f"smtp+insecure://{self.host}:{self.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10), "the sink did not start"
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)
        assert not self._thread.is_alive(), "the sink did not stop"

    def count(self, message_id: str) -> int:
        """How often a mail with this Message-ID arrived."""
        return sum(mail.message_id == message_id for mail in list(self.mails))

    def wait_for(self, mails: int, seconds: float = 10) -> list[Mail]:
        """All mails, as soon as there are so many."""
        self.wait_until(lambda: len(self.mails) >= mails, seconds)
        return list(self.mails)

    def wait_until_alone(self, seconds: float = 10) -> None:
        """Until every connection is closed."""
        self.wait_until(lambda: self.open_sessions == 0, seconds)

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        tls = self.setup.tls if self.setup.implicit_tls else None
        server = await asyncio.start_server(self._talk, self.host, self.port, ssl=tls, limit=1 << 20)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()
        for task in self._talking:
            task.cancel()
        await server.wait_closed()
        await asyncio.gather(*asyncio.all_tasks() - {asyncio.current_task()}, return_exceptions=True)
        # A transport closes its socket in a callback or two after it was told to.
        for _ in range(5):
            await asyncio.sleep(0)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(Session(self, reader, writer).run())
        self._talking.add(task)
        task.add_done_callback(self._talking.discard)
        await asyncio.wait({task})


class SinkProcess:
    """A sink that outlives whoever is killed. Its ledger is a file: one line a mail, written before the reply."""

    def __init__(self, ledger: Path, *, port: int = 0) -> None:
        self._ledger, self.port = ledger, port

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "tests.support.sink", str(self._ledger), str(self.port)]
        self._process = subprocess.Popen(
            command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate("", timeout=10)

    @property
    def url(self) -> str:
        """As a relay setting, without encryption."""
        return f"smtp+insecure://127.0.0.1:{self.port}"

    def mails(self) -> list[Mail]:
        """Everything that has arrived so far."""
        if not self._ledger.exists():
            return []
        lines = self._ledger.read_text().splitlines()
        return [
            Mail(
                row["sender"], tuple(row["recipients"]), base64.b64decode(row["raw"]), session=row["session"]
            )
            for row in map(json.loads, lines)
        ]


def write_line(ledger: Path, mail: Mail) -> None:
    """One write call a mail, so that a reader never sees half a line."""
    row = {
        "sender": mail.sender,
        "recipients": mail.recipients,
        "raw": base64.b64encode(mail.raw).decode(),
        "session": mail.session,
    }
    with ledger.open("a") as file:
        file.write(json.dumps(row) + "\n")


def main(ledger: Path, port: int) -> None:
    """Print the port, then serve until standard input is closed."""
    with Sink(setup=Setup(on_mail=lambda mail: write_line(ledger, mail)), port=port) as sink:
        print(sink.port, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
