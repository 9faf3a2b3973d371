"""An SMTP server in a process of its own that takes tens of thousands of mails and writes down a line for each.

A line has when the recipient was named and when the mail was there (nanoseconds of the monotonic clock, which all
processes of a machine share), the envelope, the campaign and the person that the mail says it is for, and the token in
its unsubscribe link. Whoever's address begins with `gone` is refused for good, in the words mail servers use.
"""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Self

PROJECT = Path(__file__).parents[2]
_FOLD = re.compile(rb"\r\n[ \t]+")
_NAMED = re.compile(rb"(?im)^(x-campaign|x-person):[ ]*(\S+)")
_LINK = re.compile(rb"(?i)<(https?://[^>\s]+/u/[\w-]+)>")


@dataclass(frozen=True, slots=True)
class Arrival:
    """One mail at the sink."""

    named_at: int
    at: int
    sender: str
    recipient: str
    campaign: str
    person: str
    link: str


class _Session(asyncio.Protocol):
    """A dialogue; nothing is looked at twice."""

    def __init__(self, ledger: int) -> None:
        self._ledger = ledger
        self._rest = b""
        self._is_text = False
        self._sender = b""
        self._recipients: list[tuple[bytes, int]] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(b"220 tally ESMTP\r\n")

    def data_received(self, data: bytes) -> None:
        self._rest += data
        while True:
            text, found, rest = self._rest.partition(b"\r\n.\r\n" if self._is_text else b"\r\n")
            if not found:
                return
            self._rest = rest
            self._transport.write(self._keep(text) if self._is_text else self._answer(text))

    def _answer(self, line: bytes) -> bytes:
        verb = line[:4].upper()
        if verb == b"EHLO":
            return b"250-tally\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 ENHANCEDSTATUSCODES\r\n"
        if verb == b"MAIL":
            self._sender, self._recipients = _path(line), []
        elif verb == b"RCPT":
            if _path(line).startswith(b"gone"):
                return b"550 5.1.1 No such user here\r\n"
            self._recipients.append((_path(line), time.monotonic_ns()))
        elif verb == b"DATA":
            self._is_text = True
            return b"354 go on\r\n"
        elif verb == b"QUIT":
            return b"221 2.0.0 bye\r\n"
        return b"250 2.0.0 OK\r\n"

    def _keep(self, text: bytes) -> bytes:
        self._is_text = False
        head = _FOLD.sub(b" ", text.partition(b"\r\n\r\n")[0])
        said = {name.lower(): value for name, value in _NAMED.findall(head)}
        link = _LINK.search(head)
        now = time.monotonic_ns()
        for recipient, named_at in self._recipients:
            words = (
                str(named_at).encode(), str(now).encode(), self._sender, recipient,
                said.get(b"x-campaign", b""), said.get(b"x-person", b""), link[1] if link else b"",
            )  # fmt: skip
            os.write(self._ledger, b"\t".join(words) + b"\n")
        return b"250 2.0.0 kept\r\n"


def _path(line: bytes) -> bytes:
    return line.partition(b"<")[2].partition(b">")[0]


class TallySink:
    """A context manager; the ledger can be read while mail comes in."""

    def __init__(self, ledger: Path) -> None:
        self._ledger = ledger
        self._read = 0
        self._arrivals: list[Arrival] = []

    def __enter__(self) -> Self:
        self._ledger.touch()
        command = [sys.executable, "-m", "tests.support.tally_sink", str(self._ledger)]
        self._process = subprocess.Popen(
            command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate("", timeout=20)

    @property
    def url(self) -> str:
        """As a relay setting, without encryption."""
        return f"smtp+insecure://127.0.0.1:{self.port}"

    def arrivals(self) -> list[Arrival]:
        """Everything so far; only what is new is read."""
        with self._ledger.open("rb") as lines:
            lines.seek(self._read)
            new = lines.read().rpartition(b"\n")[0]
        if new:
            self._read += len(new) + 1
            for line in new.decode("ascii").split("\n"):
                named_at, at, *words = line.split("\t")
                self._arrivals.append(Arrival(int(named_at), int(at), *words))
        return self._arrivals


async def _serve(ledger: Path) -> None:
    file = os.open(ledger, os.O_WRONLY | os.O_APPEND)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Session(file), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1])))
