"""One connection to the relay: opened, driven a verb at a time, and closed or cut.

`aiosmtplib`'s `sendmail` hides the moment before DATA, so its single commands are used here; nothing above
this file sees the library or its exceptions.
"""

from __future__ import annotations

import asyncio
import base64
import os
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Final

from aiosmtplib import SMTP, SMTPException, SMTPResponse, SMTPResponseException, SMTPServerDisconnected

from multimail.adapters.transport.body import Body
from multimail.adapters.transport.outcome import Stage, Stopped, Verdict, lost, of_reply
from multimail.adapters.transport.relay_url import RelayAddress, Security
from multimail.core.failpoints import hit

HUNG_UP: Final = "the relay closed the connection"
LATE: Final = "the relay did not answer in time"


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds; RFC 5321 section 4.5.3.2 has the reasons.

    `connect` covers everything until signed in, `envelope` all of MAIL and RCPT together, `block` one
    64 KiB of the message, `reply` the answer to the final dot: the longer, the fewer unknown outcomes.
    """

    connect: float = 30
    command: float = 120
    envelope: float = 300
    block: float = 180
    reply: float = 600
    quit: float = 5


@dataclass(frozen=True, slots=True)
class Dialling:
    """What it takes to open a connection. `tls` is there wherever the address asks for encryption."""

    address: RelayAddress
    local_hostname: str
    timeouts: Timeouts
    tls: ssl.SSLContext | None


class Link:
    """A connection. Once something went wrong with it, it is not `usable` and only good for `cut`."""

    def __init__(self, client: SMTP, timeouts: Timeouts) -> None:
        self._client = client
        self._broken = False
        self.timeouts = timeouts
        self.transactions = 0
        self.is_clean = False
        """Whether the relay has answered for a whole message and was told nothing since: it holds no envelope."""
        self.is_proven = True
        """Whether the relay has answered something since the link was lent."""

    @property
    def usable(self) -> bool:
        """Whether another command makes sense."""
        return not self._broken and self._client.is_connected

    def supports(self, extension: str) -> bool:
        """Whether the relay's last EHLO named this extension."""
        return self._client.supports_extension(extension)

    def size_limit(self) -> int:
        """RFC 1870: octets, 0 when the relay names no limit."""
        value = self._client.esmtp_extensions.get("size", "").split(" ", 1)[0]
        return int(value) if value.isascii() and value.isdecimal() else 0

    async def command(self, stage: Stage, line: bytes) -> SMTPResponse:
        """Send one line and return the reply, whatever its code; raises Stopped when none came."""
        hit(stage.failpoint)
        self.is_clean = False
        async with self.guarded(stage, self.timeouts.command):
            return await self._client.execute_command(line, timeout=None)

    async def reset(self) -> None:
        """RSET: the relay forgets sender and recipients. Raises Stopped unless it said so."""
        reply = await self.command(Stage.RSET, b"RSET")
        if reply.code != 250:
            self._broken = True
            raise Stopped(of_reply(Stage.RSET, reply.code, reply.message))

    async def data(self, text: bytes) -> Verdict:
        """DATA, a canonical text, the final dot; raises Stopped only while the dot is unwritten."""
        reply = await self.command(Stage.DATA, b"DATA")
        if reply.code != 354:
            self._broken = self._broken or reply.code < 400
            return of_reply(Stage.DATA, reply.code, reply.message)
        hit(Stage.BODY.failpoint)
        async with self.guarded(Stage.BODY, None):
            if self._client.protocol is None:
                raise SMTPServerDisconnected(HUNG_UP)
            body = Body(
                self._client.protocol, block_seconds=self.timeouts.block, reply_seconds=self.timeouts.reply
            )
            verdict = await body.send(text)
        self._broken = not body.in_step
        self.is_clean = body.in_step
        hit("smtp_out.after_reply")
        return verdict

    @asynccontextmanager
    async def guarded(self, stage: Stage, seconds: float | None) -> AsyncIterator[None]:
        """Bound a step in time; whatever leaves it breaks the link, as Stopped where the relay is to blame."""
        try:
            async with asyncio.timeout(seconds):
                yield
        except BaseException as error:
            self._broken = True
            if (verdict := _explain(stage, error)) is not None:
                raise Stopped(verdict) from error
            raise

    async def quit(self) -> None:
        """Say goodbye, without waiting long for an answer, and close."""
        hit(Stage.QUIT.failpoint)
        try:
            async with self.guarded(Stage.QUIT, self.timeouts.quit):
                await self._client.execute_command(b"QUIT", timeout=None)
        except Stopped:
            pass
        finally:
            self.cut()

    def cut(self) -> None:
        """Close without a word and without flushing: what was not sent yet stays unsent."""
        self._broken = True
        transport = self._client.transport
        if isinstance(transport, asyncio.WriteTransport):
            transport.abort()
        self._client.close()


async def open_link(dialling: Dialling) -> Link:
    """Connect, greet, encrypt as the address demands, sign in; raises Stopped("retry") on any failure."""
    address = dialling.address
    client = SMTP(
        hostname=address.host,
        port=address.port,
        local_hostname=dialling.local_hostname,
        use_tls=address.security is Security.TLS,
        start_tls=False,
        tls_context=dialling.tls,
        timeout=None,
    )
    link = Link(client, dialling.timeouts)
    try:
        async with link.guarded(Stage.CONNECT, dialling.timeouts.connect):
            await _introduce(link, client, address)
    except BaseException:
        link.cut()
        raise
    # Pause at the first byte that does not fit the socket: Body's dot must not overtake its text. Not 0,
    # which asyncio's TLS transport takes for "always full".
    if isinstance(client.transport, asyncio.WriteTransport):
        client.transport.set_write_buffer_limits(high=1, low=0)
    return link


async def _introduce(link: Link, client: SMTP, address: RelayAddress) -> None:
    hit(Stage.CONNECT.failpoint)
    await client.connect()
    await _ehlo(link, client)
    if address.security is Security.STARTTLS:
        hit(Stage.STARTTLS.failpoint)
        async with link.guarded(Stage.STARTTLS, None):
            await client.starttls()
        await _ehlo(link, client)
    if address.username:
        hit(Stage.AUTH.failpoint)
        try:
            async with link.guarded(Stage.AUTH, None):
                await client.login(address.username, address.password)
        except Stopped as stop:
            raise Stopped(_without_secrets(stop.verdict, address)) from None


async def _ehlo(link: Link, client: SMTP) -> None:
    hit(Stage.EHLO.failpoint)
    async with link.guarded(Stage.EHLO, None):
        await client.ehlo()


def _without_secrets(verdict: Verdict, address: RelayAddress) -> Verdict:
    """A relay may echo what it was sent; then its words are worth less than the password."""
    secret, user = address.password.encode(), address.username.encode()
    forms = (secret, base64.b64encode(secret), base64.b64encode(b"\0" + user + b"\0" + secret))
    if any(form.decode() in verdict.text for form in forms):
        return replace(verdict, text="The relay refused this server's sign-in; check the relay setting.")
    return verdict


def _explain(stage: Stage, error: BaseException) -> Verdict | None:
    """None for what is not the relay's doing: cancellation and our own mistakes."""
    if not isinstance(error, SMTPResponseException):
        reason = _reason(error)
        return None if reason is None else lost(stage, reason)
    if 200 <= error.code <= 599:
        return of_reply(stage, error.code, error.message)
    return lost(stage, "the relay's reply could not be read")


def _reason(error: BaseException) -> str | None:
    # A refused certificate, a refused connection: aiosmtplib wraps the cause.
    cause = error.__cause__ if isinstance(error.__cause__, OSError) else error
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"the relay's certificate is not trusted ({cause.verify_message})"
    if isinstance(cause, ssl.SSLError):
        return f"encryption could not be set up ({cause.reason})"
    if isinstance(cause, TimeoutError):
        return LATE
    if isinstance(error, SMTPServerDisconnected):
        return HUNG_UP
    if isinstance(cause, OSError):
        # asyncio puts the address into `strerror`; a failed look-up has a number of its own kind, below 0.
        why = os.strerror(cause.errno) if cause.errno is not None and cause.errno > 0 else cause.strerror
        return f"the relay could not be reached ({why or 'none of its addresses answers'})"
    return error.message if isinstance(error, SMTPException) else None
