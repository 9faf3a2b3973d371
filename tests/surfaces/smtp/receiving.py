"""What the receiver's tests share: an intake that records, and a peer that says exactly what it is told to."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Self

from multimail.core.envelope import Envelope, SessionFacts
from multimail.core.errors import Problem
from multimail.services.inbound_mail import Arrival
from multimail.surfaces.smtp.crew import Crew, CrewSettings
from multimail.surfaces.smtp.receiver import ReceiverSettings
from multimail.surfaces.smtp.server import SmtpServer

PATIENCE = 10.0
CROWD = 3
COMMAND = (sys.executable, "-P", "-m", "multimail.commands.receiving")


@dataclass
class Recorder:
    """An intake that keeps what it is offered, refuses and fails where told, and waits at a gate."""

    mails: list[Envelope] = field(default_factory=list)
    read_elsewhere: list[Arrival | None] = field(default_factory=list)
    offered: list[SessionFacts] = field(default_factory=list)
    unknown: dict[str, Problem | Exception] = field(default_factory=dict)
    failure: Exception | None = None
    entered: asyncio.Event = field(default_factory=asyncio.Event)
    gate: asyncio.Event | None = None

    async def recipient(self, address: str, session: SessionFacts) -> Problem | None:
        self.offered.append(session)
        return self.taker(address)

    def taker(self, address: str) -> Problem | None:
        answer = self.unknown.get(address)
        if answer is None or isinstance(answer, Problem):
            return answer
        raise answer

    async def take(self, mail: Envelope, arrival: Arrival | None) -> None:
        await self.accept(mail)
        self.read_elsewhere.append(arrival)

    async def accept(self, mail: Envelope) -> None:
        self.entered.set()
        if self.gate is not None:
            await self.gate.wait()
        if self.failure is not None:
            raise self.failure
        self.mails.append(mail)

    def only(self) -> Envelope:
        (mail,) = self.mails
        return mail


@dataclass
class Peer:
    """A raw connection. Every wait is bounded."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def reply(self) -> str:
        """One reply; the lines of a longer one joined by a line feed."""
        lines = []
        async with asyncio.timeout(PATIENCE):
            while True:
                line = (await self.reader.readuntil(b"\r\n")).decode().removesuffix("\r\n")
                lines.append(line)
                if line[3:4] != "-":
                    return "\n".join(lines)

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def say(self, *lines: str) -> list[str]:
        """Send all the lines at once, then read a reply to each."""
        await self.send("".join(f"{line}\r\n" for line in lines).encode())
        return [await self.reply() for _ in lines]

    async def hear_end(self) -> bytes:
        """Whatever still comes until the server closes."""
        async with asyncio.timeout(PATIENCE):
            return await self.reader.read()

    async def mail(self, content: bytes, *recipients: str, sender: str = "ann@example.org") -> str:
        """One whole transaction; the reply to its content."""
        rcpt = [f"RCPT TO:<{recipient}>" for recipient in recipients or ("bob@example.com",)]
        replies = await self.say(f"MAIL FROM:<{sender}>", *rcpt, "DATA")
        assert replies[-1].startswith("354"), replies
        await self.send(content)
        return await self.reply()

    async def close(self) -> None:
        self.writer.close()
        with suppress(ConnectionError):
            await self.writer.wait_closed()


@dataclass
class Post:
    """A running server with its intake."""

    intake: Recorder
    server: SmtpServer
    crew: Crew
    peers: list[Peer] = field(default_factory=list)

    async def connect(self, *, greet: bool = True) -> Peer:
        peer = Peer(*await asyncio.open_connection("127.0.0.1", self.server.port))
        self.peers.append(peer)
        assert (await peer.reply()).startswith("220 ")
        if greet:
            await peer.say("EHLO peer.example.org")
        return peer

    async def crowd(self, *, members: int = 1) -> list[Peer]:
        """Peers enough for other processes to be called, and then one served by each of those."""
        for _ in range(CROWD):
            await self.connect()
        found: list[Peer] = []
        async with asyncio.timeout(PATIENCE):
            while len(found) < members:
                before = self.crew.connections
                peer = await self.connect()
                if self.crew.connections > before:
                    found.append(peer)
                else:
                    await peer.close()
        return found

    async def __aenter__(self) -> Self:
        await self.server.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        for peer in self.peers:
            await peer.close()
        await self.server.stop(PATIENCE)


@asynccontextmanager
async def receiving(crew: CrewSettings | None = None, **settings: Any) -> AsyncIterator[Post]:
    """A server on a free port of loopback, with these settings; nobody helps it unless somebody is named."""
    recorder = Recorder()
    known = ReceiverSettings(**{"port": 0, **settings})
    helpers = Crew(recorder, crew or CrewSettings(0, ()), known)
    async with Post(recorder, SmtpServer(recorder, known, helpers), helpers) as post:
        yield post


async def until(true: Callable[[], object]) -> None:
    """Return when it is true, which is looked at a hundred times a second."""
    async with asyncio.timeout(PATIENCE):
        while not true():  # noqa: ASYNC110 - it happens in other processes
            await asyncio.sleep(0.01)


def helped(processes: int = 1, **settings: Any) -> CrewSettings:
    """Receiving processes that are called by a small crowd already."""
    return CrewSettings(processes, COMMAND, **{"crowd": CROWD, **settings})
