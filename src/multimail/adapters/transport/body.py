"""The bytes after 354, up to the relay's answer: the stretch in which "not sent" turns into "not known".

`aiosmtplib`'s own DATA call writes text and final dot in one go, so that a connection lost in the middle of
a long message could not be told from one lost after it. Here the dot is a write of its own.
"""

from __future__ import annotations

import asyncio
from typing import Any, Final

from aiosmtplib import SMTPException, SMTPResponse
from aiosmtplib.protocol import SMTPProtocol

from multimail.adapters.transport.outcome import Stage, Verdict, lost, of_reply
from multimail.core.failpoints import hit

CHUNK: Final = 64 * 1024


def canonical(raw: bytes) -> bytes:
    """Every line ends in CRLF, the last one too; a lone CR or LF would let a message smuggle commands."""
    text = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", b"\r\n")
    return text if text.endswith(b"\r\n") or not text else text + b"\r\n"


def dot_stuffed(text: bytes) -> bytes:
    """RFC 5321 section 4.5.2, for a text in canonical form."""
    stuffed = text.replace(b"\r\n.", b"\r\n..")
    return b"." + stuffed if stuffed.startswith(b".") else stuffed


class Body:
    """One message on its way. `send` raises only while the dot is unwritten; from then on it answers."""

    def __init__(self, protocol: SMTPProtocol, *, block_seconds: float, reply_seconds: float) -> None:
        self._protocol = protocol
        self._block_seconds = block_seconds
        self._reply_seconds = reply_seconds
        self.in_step = False
        """Whether the relay answered after the dot, so that the next reply will be to the next command."""

    async def send(self, text: bytes) -> Verdict:
        """Hand over a canonical text; what it raises before the dot means that nothing was accepted."""
        # Listening starts before the first byte: a relay may refuse in the middle of a long message.
        reply = asyncio.ensure_future(self._protocol.read_response())
        try:
            await asyncio.sleep(0)
            wire = dot_stuffed(text)
            for start in range(0, len(wire), CHUNK):
                await self._write(wire[start : start + CHUNK], reply)
                if reply.done():
                    return _early(reply.result())
            hit("smtp_out.before_dot")
            self._protocol.write(b".\r\n")
            hit("smtp_out.after_dot")
            await asyncio.wait({reply}, timeout=self._reply_seconds)
            return self._answer(reply)
        finally:
            reply.cancel()
            await asyncio.gather(reply, return_exceptions=True)

    async def _write(self, chunk: bytes, reply: asyncio.Future[SMTPResponse]) -> None:
        """Returns when the chunk has left this process, or when the relay spoke before that."""
        self._protocol.write(chunk)
        # What asyncio.StreamWriter.drain calls; a StreamWriter of our own would close the connection with it.
        drained = asyncio.ensure_future(self._protocol._drain_helper())
        either: set[asyncio.Future[Any]] = {drained, reply}
        try:
            await asyncio.wait(either, timeout=self._block_seconds, return_when=asyncio.FIRST_COMPLETED)
            if reply.done():
                return
            if not drained.done():
                raise TimeoutError
            drained.result()
        finally:
            drained.cancel()
            await asyncio.gather(drained, return_exceptions=True)

    def _answer(self, reply: asyncio.Future[SMTPResponse]) -> Verdict:
        if not reply.done():
            return lost(Stage.REPLY, "it did not answer the final dot in time", dot_written=True)
        error = reply.exception()
        if isinstance(error, SMTPException):
            return lost(
                Stage.REPLY, "the connection broke before it answered the final dot", dot_written=True
            )
        response = reply.result()
        verdict = of_reply(Stage.REPLY, response.code, response.message)
        self.in_step = verdict.kind != "unknown" and response.code != 421
        return verdict


def _early(response: SMTPResponse) -> Verdict:
    """A reply in the middle of the text. Acceptance there makes no sense, so nothing is concluded from it."""
    if 400 <= response.code <= 599:
        return of_reply(Stage.BODY, response.code, response.message)
    return lost(Stage.BODY, "it answered before the message was complete", dot_written=True)
