"""SMTP load from processes of its own, so that the measured server is what is slow.

Each peer runs one dialogue at a time, by default with its commands pipelined; only `250` to every mail counts,
anything else ends the run as invalid. Called as a program, it prints one JSON
object: mails, seconds, rate.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Load:
    """What to send where. `keep` sends all mails of a peer over one connection; without `pipeline` each command
    waits for its reply, as most mail programs do."""

    port: int
    peers: int
    mails: int
    keep: bool
    recipient: str = "agent@example.com"
    content: bytes | None = None
    size: int = 5 * 1024
    pipeline: bool = True


class InvalidRun(RuntimeError):
    """The server did not take a mail, so the figure would mean nothing."""


def plain_mail(number: int, size: int) -> bytes:
    """A mail of about `size` octets with a Message-ID and words of its own."""
    head = (
        f"From: Load <load-{number % 97}@example.org>\r\nTo: agent@example.com\r\n"
        f"Subject: Measured mail {number}\r\nMessage-ID: <load-{number}@example.org>\r\n"
        "Date: Thu, 20 Nov 2025 12:00:00 +0000\r\nMIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n\r\n"
    )
    line = f"invoice {number} room booking meeting delivery tomorrow question answer {number * 7919}\r\n"
    return (head + line * ((size - len(head)) // len(line) + 1)).encode()


def on_the_wire(content: bytes) -> bytes:
    """A mail from a file with CRLF line ends and its leading dots doubled."""
    lines = content.removesuffix(b"\n").splitlines()
    return b"".join((b"." + line if line.startswith(b".") else line) + b"\r\n" for line in lines)


def numbered(content: bytes, number: int) -> bytes:
    """A given mail with a Message-ID of its own in front, so that it is not taken for a repeat.

    Two mails of three answer the one before, as most real mail does; where it says `{conversation}` the three
    have their number.
    """
    content = content.replace(b"{conversation}", b"%d" % (number // 3))
    own = b"Message-ID: <load-%d@example.org>\r\n" % number
    if number % 3 == 0:
        return own + content
    before = b"<load-%d@example.org>" % (number - 1)
    return own + b"In-Reply-To: " + before + b"\r\nReferences: " + before + b"\r\n" + content


class Peer(asyncio.Protocol):
    """Sends its mails one after the other and waits for each answer."""

    def __init__(self, load: Load, numbers: range, done: asyncio.Future[None]) -> None:
        self.load, self.done = load, done
        commands = ["MAIL FROM:<load@example.org>\r\n", f"RCPT TO:<{load.recipient}>\r\n", "DATA\r\n"]
        self.groups = ["".join(commands)] if load.pipeline else commands
        self.waiting: list[str] = []
        self.mails = iter(numbers)
        self.expected: list[bytes] = []
        self.received = b""
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait for the greeting."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.expected = [b"220"]

    def data_received(self, data: bytes) -> None:
        """Check each complete reply line; act when the last one expected is there."""
        *lines, self.received = (self.received + data).split(b"\r\n")
        for line in lines:
            if line[3:4] == b"-":
                continue
            if not line.startswith(self.expected.pop(0)):
                self._fail(line.decode("utf-8", "replace"))
                return
            if not self.expected:
                self._next(line[:3])

    def _next(self, code: bytes) -> None:
        assert self.transport is not None
        if code == b"220":
            self.expected = [b"250"]
            self.transport.write(b"EHLO load\r\n")
        elif code == b"354":
            self.expected = [b"250"]
            self.transport.write(self.content + b".\r\n")
        elif code == b"221":
            self.transport.close()
            self.done.set_result(None)
        elif self.waiting:
            self._group()
        else:
            self._mail()

    def _group(self) -> None:
        assert self.transport is not None
        group = self.waiting.pop(0)
        self.expected = [b"354" if line == "DATA" else b"250" for line in group.split("\r\n")[:-1]]
        self.transport.write(group.encode())

    def _mail(self) -> None:
        assert self.transport is not None
        number = next(self.mails, None)
        if number is None:
            self.expected = [b"221"]
            self.transport.write(b"QUIT\r\n")
            return
        given = self.load.content
        self.content = numbered(given, number) if given else plain_mail(number, self.load.size)
        self.waiting = list(self.groups)
        self._group()

    def _fail(self, why: str) -> None:
        if not self.done.done():
            self.done.set_exception(InvalidRun(why))

    def connection_lost(self, error: Exception | None) -> None:
        """A connection the server closed early is an invalid run."""
        self._fail(f"connection lost: {error}")


async def _peer(load: Load, numbers: range) -> None:
    loop = asyncio.get_running_loop()
    for part in [numbers] if load.keep else [range(n, n + 1) for n in numbers]:
        done: asyncio.Future[None] = loop.create_future()
        await loop.create_connection(lambda: Peer(load, part, done), "127.0.0.1", load.port)  # noqa: B023
        await done


def _process(load: Load, peers: int, first: int) -> float:
    async def run() -> float:
        each = load.mails // load.peers
        began = time.perf_counter()
        ranges = [range(first + n * each, first + (n + 1) * each) for n in range(peers)]
        await asyncio.gather(*[_peer(load, numbers) for numbers in ranges])
        return time.perf_counter() - began

    return asyncio.run(run())


def run_load(load: Load, first: int = 0, processes: int = 2) -> float:
    """Mails per second over all peers; raise `InvalidRun` when any mail was refused."""
    shares = [load.peers // processes + (n < load.peers % processes) for n in range(processes)]
    each = load.mails // load.peers
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        list(pool.map(time.sleep, [0.05] * processes))  # every process is up before the clock starts
        starts = [first + sum(shares[:n]) * each for n in range(processes)]
        took = list(pool.map(_process, [load] * processes, shares, starts))
    return each * load.peers / max(took)


def main() -> None:
    """Parse the arguments, send, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--peers", type=int, default=10)
    parser.add_argument("--mails", type=int, default=2000)
    parser.add_argument("--keep", action="store_true", help="one connection per peer instead of one per mail")
    parser.add_argument("--file", type=Path, help="a mail to send instead of plain text")
    parser.add_argument("--recipient", default="agent@example.com")
    parser.add_argument(
        "--first", type=int, default=0, help="number of the first mail, for unique Message-IDs"
    )
    parser.add_argument("--lockstep", action="store_true", help="wait for the reply to each command")
    given = parser.parse_args()
    content = on_the_wire(given.file.read_bytes()) if given.file else None
    load = Load(
        given.port,
        given.peers,
        given.mails,
        given.keep,
        given.recipient,
        content,
        pipeline=not given.lockstep,
    )
    print(json.dumps({"mails": load.mails, "rate": run_load(load, given.first)}))


if __name__ == "__main__":
    main()
