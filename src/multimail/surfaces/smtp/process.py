"""What a receiving process does: it follows the dialogues it is handed, reads the mails, and has them filed elsewhere.

Whether a recipient is taken, and when a mail is durable, the resident says. Without the resident it ends at once.
"""

from __future__ import annotations

import asyncio
import os
import socket
import time
from contextlib import suppress
from typing import Any

from multimail.core.envelope import Envelope, SessionFacts
from multimail.core.errors import Problem
from multimail.core.times import SECOND
from multimail.services.inbound_reading import Taken, read_any
from multimail.services.inbound_wire import plain, plain_envelope
from multimail.surfaces.smtp.channel import Channel
from multimail.surfaces.smtp.connection import Reception
from multimail.surfaces.smtp.receiver import ReceiverSettings
from multimail.surfaces.smtp.server import finish, prepared
from multimail.surfaces.smtp.session import Receiver


class Elsewhere:
    """The intake of the resident, asked over the channel."""

    def __init__(self) -> None:
        self.channel: Channel | None = None
        self._taken = Taken()
        self._asked: dict[int, asyncio.Future[Problem | None]] = {}
        self._number = 0

    async def recipient(self, address: str, _session: SessionFacts) -> Problem | None:
        """See `Intake`."""
        now = int(time.monotonic() * SECOND)
        if self._taken.holds(address, now):
            return None
        problem = await self._ask("recipient", address)
        if problem is None:
            self._taken.add(address, now)
        return problem

    async def accept(self, mail: Envelope) -> None:
        """See `Intake`."""
        found = await read_any(mail)
        problem = await self._ask("mail", plain_envelope(mail), found and plain(found))
        if problem is not None:
            raise problem

    def answered(self, number: int, said: tuple[str, str, str] | None) -> None:
        """The resident's answer to one question: nothing, or code, message and advice of a problem."""
        waiting = self._asked.pop(number)
        if not waiting.done():  # the peer may have gone
            waiting.set_result(Problem(*said[:2], advice=said[2]) if said else None)

    async def _ask(self, what: str, *about: Any) -> Problem | None:
        self._number += 1
        answer: asyncio.Future[Problem | None] = asyncio.get_running_loop().create_future()
        self._asked[self._number] = answer
        assert self.channel is not None
        self.channel.send((what, self._number, *about))
        return await answer


class Handed(Receiver):
    """A connection that was accepted by the resident, which hears when it has ended."""

    def __init__(self, reception: Reception, channel: Channel) -> None:
        super().__init__(reception)
        self._resident = channel

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        self._resident.send("left")


class Process:
    """From the first word of the resident to its last."""

    def __init__(self, handed: socket.socket) -> None:
        self._handed = handed
        self._intake = Elsewhere()
        self._channel = self._intake.channel = Channel(self._heard, _without_resident)
        self._reception: Reception | None = None
        self._grace: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._welcoming: set[asyncio.Task[object]] = set()

    async def run(self, stream: socket.socket) -> None:
        """Serve until the resident says that it is enough, and for how long mails may still come to their end."""
        loop = asyncio.get_running_loop()
        await loop.create_unix_connection(lambda: self._channel, sock=stream)
        grace = await self._grace
        assert self._reception is not None
        loop.remove_reader(self._handed.fileno())
        self._take()
        await asyncio.gather(*self._welcoming)
        await finish(self._reception, grace)

    def _heard(self, value: Any) -> None:
        match value:
            case ("settings", *settings):
                self._reception = prepared(self._intake, ReceiverSettings(*settings))
                self._handed.setblocking(False)
                asyncio.get_running_loop().add_reader(self._handed.fileno(), self._take)
                self._channel.send("ready")
            case ("end", grace):
                self._grace.set_result(grace)
            case ("answer", number, said):
                self._intake.answered(number, said)

    def _take(self) -> None:
        """Serve every connection that was handed over."""
        loop, reception = asyncio.get_running_loop(), self._reception
        assert reception is not None
        with suppress(BlockingIOError):
            while found := socket.recv_fds(self._handed, 1, 1)[1]:
                connection = socket.socket(fileno=found[0])
                connection.setblocking(False)
                task = loop.create_task(
                    loop.connect_accepted_socket(lambda: Handed(reception, self._channel), connection)
                )
                self._welcoming.add(task)
                task.add_done_callback(self._welcoming.discard)


def _without_resident() -> None:
    """Nothing can be filed any more, and nothing that was filed can be lost: leave without another word."""
    os._exit(0)
