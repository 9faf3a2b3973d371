"""The listening SMTP server: bind, accept connections in the running loop, stop without losing a mail."""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
from typing import Final

from multimail.core.errors import Problem
from multimail.surfaces.smtp.connection import Reception
from multimail.surfaces.smtp.crew import Crew
from multimail.surfaces.smtp.receiver import Intake, ReceiverSettings
from multimail.surfaces.smtp.session import Receiver

log = logging.getLogger(__name__)

_BACKLOG: Final = 256
_PAUSE: Final = 0.5
"""Seconds before accepting is tried again, such as when this process has too many files open."""


class SmtpServer:
    """Receives mail for an intake from `start` to `stop`; both belong into one event loop.

    With a `crew`, its processes receive what comes while many connections are open.
    """

    def __init__(self, intake: Intake, settings: ReceiverSettings, crew: Crew | None = None) -> None:
        self._intake = intake
        self._settings = settings
        self._crew = crew
        self._listener: socket.socket | None = None
        self._reception: Reception | None = None
        self._accepting: asyncio.Task[None] | None = None
        self._welcoming: set[asyncio.Task[object]] = set()

    @property
    def port(self) -> int:
        """The port that is bound; the one asked for while none is."""
        return self._settings.port if self._listener is None else int(self._listener.getsockname()[1])

    async def start(self) -> None:
        """Bind and listen. `port_busy` when somebody else has the port."""
        self._listener = _listening(self._settings.host, self._settings.port)
        self._reception = prepared(self._intake, self._settings)
        self._accepting = asyncio.create_task(self._accept(self._listener, self._reception))

    async def stop(self, grace: float = 10.0) -> None:
        """Refuse what is new, let mails that are coming in get their reply, then close; at most `grace` seconds.

        Mails that the intake is already filing are waited for once more as long, even without a peer.
        """
        if self._accepting is None or self._listener is None or self._reception is None:
            return
        self._accepting.cancel()
        await asyncio.wait({self._accepting, *self._welcoming})
        self._listener.close()
        endings = [finish(self._reception, grace)]
        if self._crew is not None:
            endings.append(self._crew.end(grace))
        self._accepting = self._listener = self._reception = None
        await asyncio.gather(*endings)

    async def _accept(self, listener: socket.socket, reception: Reception) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                connection, _ = await loop.sock_accept(listener)
            except OSError:
                # Nothing is lost: who cannot be accepted yet waits in the kernel's queue.
                log.exception("a connection could not be accepted")
                await asyncio.sleep(_PAUSE)
                continue
            if not self._hand_over(connection, reception):
                task = loop.create_task(loop.connect_accepted_socket(lambda: Receiver(reception), connection))
                self._welcoming.add(task)
                task.add_done_callback(self._welcoming.discard)

    def _hand_over(self, connection: socket.socket, reception: Reception) -> bool:
        """Give it to another process. Whoever is beyond the limit is turned away here, where all are counted."""
        if self._crew is None:
            return False
        reception.elsewhere = self._crew.connections
        if reception.open >= self._settings.connections_limit:
            return False
        return self._crew.take(connection, len(reception.connections))


def prepared(intake: Intake, settings: ReceiverSettings) -> Reception:
    """What the connections of one process share."""
    # aiosmtpd formats every line of every dialogue for this logger, credentials and addresses included.
    logging.getLogger("mail.log").disabled = True
    return Reception(intake, settings, Receiver.prepare(settings))


async def finish(reception: Reception, grace: float) -> None:
    """As `SmtpServer.stop`, of the connections of one process."""
    reception.closing = True
    for connection in tuple(reception.connections):
        connection.finish()
    if not await _everyone_left(reception, grace):
        for connection in tuple(reception.connections):
            connection.abort()
    if reception.accepting:
        await asyncio.wait(reception.accepting, timeout=grace)


async def _everyone_left(reception: Reception, grace: float) -> bool:
    reception.deserted.clear()
    if reception.connections:
        try:
            async with asyncio.timeout(grace):
                await reception.deserted.wait()
        except TimeoutError:
            return False
    return True


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        raise _cannot_bind(error, host, port) from error
    listener.setblocking(False)
    return listener


def _cannot_bind(error: OSError, host: str, port: int) -> Problem:
    if error.errno == errno.EADDRINUSE:
        return Problem(
            "port_busy",
            f"Port {port} on {host}, meant for SMTP, is in use by another process.",
            field="smtp_port",
            advice="Stop that process or choose another port.",
            port=port,
        )
    return Problem(
        "invalid_setting",
        f"SMTP cannot listen on {host} port {port}: {error.strerror or error}.",
        field="smtp_host",
        advice="Give an address of this machine and a port this user may open.",
    )
