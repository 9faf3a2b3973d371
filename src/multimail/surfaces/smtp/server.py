"""The listening SMTP server: bind, accept connections in the running loop, stop without losing a mail."""

from __future__ import annotations

import asyncio
import errno
import logging

from multimail.core.errors import Problem
from multimail.surfaces.smtp.connection import Reception
from multimail.surfaces.smtp.receiver import Intake, ReceiverSettings
from multimail.surfaces.smtp.session import Receiver

_BACKLOG = 256


class SmtpServer:
    """Receives mail for an intake from `start` to `stop`; both belong into one event loop."""

    def __init__(self, intake: Intake, settings: ReceiverSettings) -> None:
        self._intake = intake
        self._settings = settings
        self._server: asyncio.Server | None = None
        self._reception: Reception | None = None

    @property
    def port(self) -> int:
        """The port that is bound; the one asked for while none is."""
        if self._server is None or not self._server.sockets:
            return self._settings.port
        return int(self._server.sockets[0].getsockname()[1])

    async def start(self) -> None:
        """Bind and listen. `port_busy` when somebody else has the port."""
        # aiosmtpd formats every line of every dialogue for this logger, credentials and addresses included.
        logging.getLogger("mail.log").disabled = True
        reception = Reception(self._intake, self._settings, Receiver.prepare(self._settings))
        host, port = self._settings.host, self._settings.port
        loop = asyncio.get_running_loop()
        try:
            self._server = await loop.create_server(lambda: Receiver(reception), host, port, backlog=_BACKLOG)
        except OSError as error:
            raise _cannot_bind(error, host, port) from error
        self._reception = reception

    async def stop(self, grace: float = 10.0) -> None:
        """Refuse what is new, let mails that are coming in get their reply, then close; at most `grace` seconds.

        Mails that the intake is already filing are waited for once more as long, even without a peer.
        """
        if self._server is None or self._reception is None:
            return
        server, reception = self._server, self._reception
        self._server = self._reception = None
        server.close()
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
