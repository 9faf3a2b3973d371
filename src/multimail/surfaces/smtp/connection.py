"""One SMTP connection without its mail: who is there, how long, how often, in which words.

aiosmtpd reads the commands and finds the method for a verb; what a transaction does is in `session`.
"""
# ruff: noqa: N802 - aiosmtpd finds a method by the verb it is named after

from __future__ import annotations

import asyncio
import ipaddress
import logging
from dataclasses import dataclass, field
from typing import Any, Final

from aiosmtpd.smtp import SMTP, AuthResult

from multimail.core.errors import Problem
from multimail.surfaces.smtp import replies
from multimail.surfaces.smtp.content import PIECE, ContentReader
from multimail.surfaces.smtp.paths import split_path
from multimail.surfaces.smtp.receiver import Intake, ReceiverSettings

log = logging.getLogger(__name__)

# How often one connection may give a verb that moves no mail; the others are bounded by their errors.
_CALLS: Final = {"EHLO": 100, "HELO": 100, "AUTH": 20, "NOOP": 1_000, "RSET": 10_000, "VRFY": 100, "HELP": 20}
_UNBOUNDED: Final = {"*": 1 << 62}
_HTTP: Final = ("GET", "POST", "PUT", "HEAD", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE", "PRI")
_LONGEST_NAME: Final = 255


class _LineLimits(dict[str, int]):
    """Octets of a command line: room for long paths (RFC 6531) and for credentials (RFC 4954)."""

    def __missing__(self, verb: str) -> int:
        return 12_288 if verb == "AUTH" else 2_048


_LINE_LIMITS: Final = _LineLimits()


@dataclass(slots=True, eq=False)
class Reception:
    """What all connections of one server share. `prepared` is made by `Connection.prepare`.

    `elsewhere` counts the connections that other processes serve.
    """

    intake: Intake
    settings: ReceiverSettings
    prepared: dict[str, Any]
    connections: set[Connection] = field(default_factory=set)
    accepting: set[asyncio.Task[None]] = field(default_factory=set)
    deserted: asyncio.Event = field(default_factory=asyncio.Event)
    elsewhere: int = 0
    closing: bool = False

    @property
    def open(self) -> int:
        """The connections there are."""
        return len(self.connections) + self.elsewhere


class Connection(SMTP):
    """The protocol of one connection, up to and not including MAIL."""

    command_size_limit = _LINE_LIMITS[""]

    @classmethod
    def prepare(cls, settings: ReceiverSettings) -> dict[str, Any]:
        """What aiosmtpd finds out by introspection: the same for every connection, so found out once.

        It costs more than reading a small mail, and many peers open a connection for each mail.
        """
        prototype = cls.__new__(cls)
        SMTP.__init__(
            prototype,
            None,
            data_size_limit=settings.size_limit,
            enable_SMTPUTF8=True,
            hostname=settings.hostname,
            ident="ESMTP MultiMail",
            timeout=settings.idle_seconds,
            auth_require_tls=False,
            authenticator=lambda *_: AuthResult(success=True),
            command_call_limit=_CALLS | _UNBOUNDED,
            loop=asyncio.get_running_loop(),
        )
        return vars(prototype)

    def __init__(self, reception: Reception) -> None:
        self.__dict__.update(reception.prepared)
        reader = ContentReader(limit=PIECE, loop=self.loop)
        asyncio.StreamReaderProtocol.__init__(self, reader, self._cb_client_connected, self.loop)
        # Bound methods are what cannot be shared.
        self._smtp_methods = {verb: getattr(self, f"smtp_{verb}") for verb in self._smtp_methods}
        self._smtp_methods.update(dict.fromkeys(_HTTP, self._refuse_http))
        self._auth_methods = {
            name: row._replace(method=getattr(self, f"auth_{name}"))
            for name, row in self._auth_methods.items()
        }
        self.command_size_limits = _LINE_LIMITS
        self.content_reader = reader
        self.reception = reception
        self.peer = ""
        self.receiving = False
        self.accepting = False
        self.faults = 0
        self._heard_at = 0.0
        self._offers_auth = False
        self._unsent = b""

    # --- coming, going, time -------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        name = transport.get_extra_info("peername")
        self.peer = str(name[0] if isinstance(name, tuple) else name)
        settings = self.reception.settings
        self._offers_auth = settings.any_auth and _is_loopback(self.peer)
        if self.reception.closing:
            self.leave(replies.SHUTTING_DOWN)
        elif self.reception.open >= settings.connections_limit:
            self.leave(replies.TOO_MANY_CONNECTIONS)
        else:
            self.reception.connections.add(self)

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        self.reception.connections.discard(self)
        if not self.reception.connections:
            self.reception.deserted.set()

    def leave(self, reply: str = "") -> None:
        """Say a last sentence, if any, and close; nothing the peer has sent already is acted on."""
        if self._handler_coroutine is not None:
            self._handler_coroutine.cancel()
        if not self._writer.is_closing():
            self._writer.write(self._unsent + (replies.wire(reply) if reply else b""))
            self._writer.close()

    def finish(self) -> None:
        """Close for a shutdown: at once, or when the mail that is coming in has its reply."""
        if not self.receiving:
            self.leave(replies.SHUTTING_DOWN)

    def abort(self) -> None:
        """Close without waiting for anything."""
        self._writer.transport.abort()

    def _reset_timeout(self, duration: float | None = None) -> None:
        # One timer that looks at the clock when it fires, instead of a new timer for each command.
        self._heard_at = self.loop.time()
        if self._timeout_handle is None:
            self._timeout_handle = self.loop.call_later(duration or self._timeout_duration, self._timeout_cb)

    def _timeout_cb(self) -> None:
        left = self._heard_at + self._timeout_duration - self.loop.time()
        if self.accepting:
            left = self._timeout_duration
        if left > 0:
            self._timeout_handle = self.loop.call_later(left, self._timeout_cb)
        elif self._writer.transport.get_write_buffer_size():
            self.abort()  # a peer that does not read its replies would keep a polite close waiting for ever
        else:
            self.leave(replies.IDLE)

    # --- replies -------------------------------------------------------------------------------------

    async def push(self, status: str | bytes) -> None:
        """Give one reply. A final one, such as that to the last of too many errors, ends the connection.

        Consent to a command waits for the reply to the next one if that is here already: replies to a group of
        commands leave together (RFC 2920 section 3.2).
        """
        reply = status if isinstance(status, str) else status.decode("ascii")
        if reply.startswith("5"):
            self.faults += 1
            if self.faults > self.reception.settings.faults_limit:
                reply = replies.TOO_MANY_FAULTS
        if replies.is_final(reply):
            await self.drop(reply)
        self._unsent += replies.wire(reply)
        if not (reply.startswith("250") and self.content_reader.has_line()):
            await self._send()

    async def _send(self) -> None:
        unsent, self._unsent = self._unsent, b""
        self._writer.write(unsent)
        await self._writer.drain()

    async def drop(self, reply: str = "") -> None:
        """Leave from inside the dialogue; does not return."""
        self.leave(reply)
        await asyncio.sleep(0)  # the cancellation arrives here, before another command is read

    async def handle_exception(self, error: Exception) -> str:
        """A problem speaks for itself; anything else is our fault, temporary, and described only in the log."""
        if isinstance(error, Problem):
            return replies.problem_reply(error)
        log.error("unexpected fault while receiving mail", exc_info=error)
        return replies.UNEXPECTED

    # --- verbs ---------------------------------------------------------------------------------------

    async def smtp_EHLO(self, hostname: str | None) -> None:
        if not self._introduce(hostname, extended=True):
            await self.push(replies.NEED_NAME)
            return
        self._unsent += replies.capabilities(self.reception.settings, auth=self._offers_auth)
        await self._send()

    async def smtp_HELO(self, hostname: str | None) -> None:
        if not self._introduce(hostname, extended=False):
            await self.push(replies.NEED_NAME)
            return
        self._unsent += f"250 {self.hostname}\r\n".encode("ascii", "replace")
        await self._send()

    def _introduce(self, hostname: str | None, *, extended: bool) -> bool:
        name = "".join(char for char in (hostname or "")[:_LONGEST_NAME] if char.isprintable())
        if not name or self.session is None:
            return False
        self.envelope = self._create_envelope()
        self.session.extended_smtp = extended
        self.session.host_name = name
        return True

    async def smtp_AUTH(self, arg: str | None) -> None:
        if not self._offers_auth:
            await self.push(replies.NOT_OFFERED)
            return
        mechanism, _, initial = (arg or "").partition(" ")
        await super().smtp_AUTH(f"{mechanism.upper()} {initial}".rstrip())

    async def smtp_VRFY(self, arg: str | None) -> None:
        await self.push(replies.CANNOT_VERIFY)

    async def smtp_EXPN(self, arg: str | None) -> None:
        await self.push(replies.NOT_OFFERED)

    async def smtp_HELP(self, arg: str | None) -> None:
        await self.push(replies.HELP)

    async def _refuse_http(self, arg: str | None) -> None:
        """A peer that speaks HTTP is a browser that was tricked into sending us commands in its body."""
        await self.drop()

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        return split_path(arg, super()._getaddr)

    def _getparams(self, params: Any) -> dict[str, str | bool] | None:
        # RFC 4954 section 5: whoever offers AUTH takes the AUTH parameter of MAIL; it says nothing here.
        return super()._getparams([param for param in params if not param.startswith("AUTH=")])


def _is_loopback(peer: str) -> bool:
    try:
        return ipaddress.ip_address(peer.partition("%")[0]).is_loopback
    except ValueError:
        return False
