"""One SMTP conversation as the sink holds it, the script it may be given, and the book it writes into."""

from __future__ import annotations

import asyncio
import base64
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from typing import Literal


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail as it arrived: `wire` as the socket gave it, up to the dot; `raw` with dots unstuffed."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    options: tuple[str, ...] = ()
    session: int = 0
    user: str = ""
    encrypted: bool = False
    wire: bytes = field(default=b"", repr=False)

    @property
    def message_id(self) -> str:
        return str(message_from_bytes(self.raw).get("Message-ID", "")).strip()


@dataclass(frozen=True, slots=True)
class Fault:
    """Something to do otherwise at a verb.

    `at` is CONNECT, EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA, BODY (once `body_bytes` of the text are there,
    before its dot), DOT (after the final dot), RSET, NOOP or QUIT. After `delay` seconds, `reply` is sent if
    there is one, then `action` is done. A mail is kept at DOT when nothing, or a 2xx, is answered; or when
    `keep` says so. `times` counts down; None is for ever.
    """

    at: str
    reply: str = ""
    action: Literal["reply", "drop", "hang"] = "reply"
    recipient: str = ""
    times: int | None = None
    keep: bool = False
    body_bytes: int = 1
    delay: float = 0


@dataclass(frozen=True, slots=True)
class Setup:
    """What the sink offers. With `accounts` nobody sends without having signed in."""

    extensions: tuple[str, ...] = ("SIZE 33554432", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES")
    tls: ssl.SSLContext | None = None
    implicit_tls: bool = False
    accounts: dict[str, str] = field(default_factory=dict)
    on_mail: Callable[[Mail], None] | None = None


class Book:
    """What happened, and what is still to go wrong; safe to use from any thread."""

    def __init__(self, setup: Setup, faults: tuple[Fault, ...]) -> None:
        self.setup = setup
        self.mails: list[Mail] = []
        self.commands: list[str] = []
        self.sessions = 0
        self.open_sessions = 0
        self.most_sessions = 0
        self._faults = list(faults)
        self._changed = threading.Condition()

    def misbehave(self, *faults: Fault) -> None:
        """Replace the script; none at all makes the sink well-behaved."""
        with self._changed:
            self._faults = list(faults)

    def fault(self, at: str, recipient: str = "") -> Fault | None:
        """The first fault due here, counted down."""
        with self._changed:
            for index, fault in enumerate(self._faults):
                if fault.at == at and fault.recipient in {"", recipient} and fault.times != 0:
                    if fault.times is not None:
                        self._faults[index] = replace(fault, times=fault.times - 1)
                    return fault
        return None

    def opened(self) -> int:
        with self._changed:
            self.sessions += 1
            self.open_sessions += 1
            self.most_sessions = max(self.most_sessions, self.open_sessions)
            self._changed.notify_all()
            return self.sessions

    def closed(self) -> None:
        with self._changed:
            self.open_sessions -= 1
            self._changed.notify_all()

    def saw(self, line: str) -> None:
        with self._changed:
            self.commands.append(line)
            self._changed.notify_all()

    def keep(self, mail: Mail) -> None:
        if self.setup.on_mail is not None:
            self.setup.on_mail(mail)
        with self._changed:
            self.mails.append(mail)
            self._changed.notify_all()

    def wait_until(self, true: Callable[[], bool], seconds: float = 10) -> None:
        """Blocks until `true`, which is looked at after every command, mail, connection and hang-up."""
        with self._changed:
            assert self._changed.wait_for(true, seconds), f"waited in vain; last seen: {self.commands[-20:]}"


class Dropped(Exception):
    """The script ends this conversation."""


class Session:
    """Lock-step SMTP as RFC 5321 has it, for a client that is expected to keep to it."""

    def __init__(self, book: Book, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._book, self._reader, self._writer = book, reader, writer
        self._number = book.opened()
        self._outermost = writer.transport
        self._encrypted = book.setup.implicit_tls
        self._user = ""
        self._sender: str | None = None
        self._recipients: list[str] = []
        self._options: list[str] = []

    async def run(self) -> None:
        """Returns when the conversation is over, however it ended."""
        try:
            await self._answer("CONNECT", "220 sink.test ESMTP")
            while line := await self._reader.readline():
                await self._command(line.decode("utf-8", "surrogateescape").rstrip("\r\n"))
        except (Dropped, OSError, asyncio.IncompleteReadError):
            pass
        finally:
            self._book.closed()
            await self._hang_up()

    async def _command(self, line: str) -> None:
        self._book.saw(line)
        verb = line.split(" ", 1)[0].upper()
        doers = {"EHLO": self._ehlo, "STARTTLS": self._starttls, "AUTH": self._auth, "MAIL": self._mail,
                 "RCPT": self._rcpt, "DATA": self._data, "RSET": self._rset, "QUIT": self._quit}  # fmt: skip
        if verb in doers:
            await doers[verb](line)
        else:
            await self._answer(verb, "250 2.0.0 OK" if verb == "NOOP" else "502 5.5.2 not known")

    async def _answer(self, at: str, usual: str, recipient: str = "") -> bool:
        """Send the usual reply, or what the script has instead; True when the usual went out."""
        fault = self._book.fault(at, recipient)
        if fault is None:
            await self._say(usual)
            return True
        await self._enact(fault)
        if not fault.reply:
            await self._say(usual)
        return not fault.reply

    async def _enact(self, fault: Fault) -> None:
        await asyncio.sleep(fault.delay)
        if fault.reply:
            await self._say(fault.reply)
        if fault.action == "hang":
            await asyncio.Event().wait()
        if fault.action == "drop":
            if not fault.reply:
                self._writer.transport.abort()
            raise Dropped

    async def _say(self, reply: str) -> None:
        self._writer.write(reply.encode("utf-8", "surrogateescape") + b"\r\n")
        await self._writer.drain()

    async def _hang_up(self) -> None:
        self._writer.close()
        try:
            await self._writer.wait_closed()
        except OSError:
            pass
        finally:
            # Cut short by the sink's own end, or by a client that does not say goodbye in TLS.
            self._outermost.abort()

    async def _ehlo(self, _: str) -> None:
        setup, offers = self._book.setup, ["sink.test"]
        offers += setup.extensions
        offers += ["STARTTLS"] if setup.tls and not self._encrypted else []
        offers += ["AUTH PLAIN LOGIN"] if setup.accounts else []
        lines = [f"250-{offer}" for offer in offers]
        await self._answer("EHLO", "\r\n".join([*lines[:-1], f"250 {offers[-1]}"]))

    async def _starttls(self, _: str) -> None:
        tls = self._book.setup.tls
        assert tls is not None
        if await self._answer("STARTTLS", "220 2.0.0 go ahead"):
            await self._writer.start_tls(tls)
            self._encrypted = True

    async def _auth(self, line: str) -> None:
        words = line.split(" ")
        if words[1] == "LOGIN":
            await self._say("334 UGFzc3dvcmQ6")
            user, password = _decoded(words[2]), _decoded((await self._reader.readline()).decode())
        else:
            _, user, password = _decoded(words[2]).split("\0")
        right = self._book.setup.accounts.get(user) == password
        if await self._answer("AUTH", "235 2.7.0 welcome" if right else "535 5.7.8 wrong user or password"):
            self._user = user if right else ""

    async def _mail(self, line: str) -> None:
        if self._book.setup.accounts and not self._user:
            await self._say("530 5.7.0 sign in first")
        elif self._sender is not None:
            await self._say("503 5.5.1 RSET first")
        elif await self._answer("MAIL", "250 2.1.0 OK"):
            path, *self._options = line[len("MAIL FROM:") :].split(" ")
            self._sender, self._recipients = path.strip("<>"), []

    async def _rcpt(self, line: str) -> None:
        address = line[len("RCPT TO:") :].strip("<>")
        if self._sender is None:
            await self._say("503 5.5.1 MAIL first")
        elif await self._answer("RCPT", "250 2.1.5 OK", address):
            self._recipients.append(address)

    async def _data(self, _: str) -> None:
        if not self._recipients:
            await self._say("554 5.5.1 nobody to send to")
        elif await self._answer("DATA", "354 go ahead"):
            await self._text()
            self._forget()

    async def _text(self) -> None:
        wire = bytearray()
        fault = self._book.fault("BODY")
        while (line := await self._line(len(wire))) != b".\r\n":
            wire += line
            if fault is not None and len(wire) >= fault.body_bytes:
                await self._enact(fault)
                fault = None
        self._book.saw(".")
        fault = self._book.fault("DOT")
        if (
            fault is None
            or fault.keep
            or fault.reply.startswith("2")
            or (fault.action, fault.reply) == ("reply", "")
        ):
            self._book.keep(self._arrived(bytes(wire)))
        if fault is not None:
            await self._enact(fault)
        if fault is None or not fault.reply:
            await self._say("250 2.0.0 kept")

    async def _line(self, so_far: int) -> bytes:
        try:
            return await self._reader.readuntil(b"\r\n")
        except asyncio.IncompleteReadError as error:
            self._book.saw(f"(broken off after {so_far + len(error.partial)} bytes)")
            raise

    def _arrived(self, wire: bytes) -> Mail:
        lines = wire.split(b"\r\n")
        raw = b"\r\n".join(line[1:] if line.startswith(b".") else line for line in lines)
        recipients, options = tuple(self._recipients), tuple(self._options)
        return Mail(
            self._sender or "", recipients, raw, options, self._number, self._user, self._encrypted, wire
        )

    async def _rset(self, _: str) -> None:
        if await self._answer("RSET", "250 2.0.0 OK"):
            self._forget()

    async def _quit(self, _: str) -> None:
        await self._answer("QUIT", "221 2.0.0 bye")
        raise Dropped

    def _forget(self) -> None:
        self._sender, self._recipients, self._options = None, [], []


def _decoded(word: str) -> str:
    return base64.b64decode(word).decode()
