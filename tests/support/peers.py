"""Peers that never give up: an SMTP client and an HTTP client that repeat the same until it is answered.

They share no code with the product: what they were told is what the books are checked against.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

_PAUSE: Final = 0.01
_PATIENCE: Final = 20.0
_LATER: Final = frozenset({"busy", "unavailable", "timeout"})
"""Answers after which the same call is made again."""


class Refused(Exception):
    """A peer was told something that the run does not expect."""


class Again(Exception):
    """Nothing was promised; the same is offered once more."""


@dataclass
class Line:
    """A connection that is opened when needed and forgotten at the first fault."""

    port: int
    reader: asyncio.StreamReader | None = None
    writer: asyncio.StreamWriter | None = None

    async def open(self) -> bool:
        """Whether it had to be opened."""
        if self.writer is not None:
            return False
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        return True

    def drop(self) -> None:
        if self.writer is not None:
            self.writer.transport.abort()
        self.reader = self.writer = None

    async def close(self) -> None:
        writer = self.writer
        self.drop()
        if writer is not None:
            with suppress(OSError):
                await writer.wait_closed()

    async def until(self, end: bytes) -> bytes:
        assert self.reader is not None
        async with asyncio.timeout(_PATIENCE):
            return await self.reader.readuntil(end)

    async def exactly(self, size: int) -> bytes:
        assert self.reader is not None
        async with asyncio.timeout(_PATIENCE):
            return await self.reader.readexactly(size)

    def say(self, words: bytes) -> None:
        assert self.writer is not None
        self.writer.write(words)


class SmtpPeer:
    """Offers a mail until somebody says 250 to it."""

    def __init__(self, port: int) -> None:
        self._line = Line(port)

    async def deliver(self, sender: str, recipients: tuple[str, ...], raw: bytes) -> None:
        while True:
            try:
                await self._offer(sender, recipients, raw)
            except (OSError, EOFError, TimeoutError, Again):
                self._line.drop()
                await asyncio.sleep(_PAUSE)
            else:
                return

    async def close(self) -> None:
        await self._line.close()

    async def _offer(self, sender: str, recipients: tuple[str, ...], raw: bytes) -> None:
        if await self._line.open():
            await self._expect(220)
            await self._say(b"EHLO load.test", 250)
        await self._say(f"MAIL FROM:<{sender}>".encode(), 250)
        for recipient in recipients:
            await self._say(f"RCPT TO:<{recipient}>".encode(), 250)
        await self._say(b"DATA", 354)
        await self._say(raw + b".", 250)

    async def _say(self, words: bytes, code: int) -> None:
        self._line.say(words + b"\r\n")
        await self._expect(code)

    async def _expect(self, code: int) -> None:
        line = await self._line.until(b"\r\n")
        while line[3:4] == b"-":
            line = await self._line.until(b"\r\n")
        if int(line[:3]) == code:
            return
        if line[:1] == b"4":
            raise Again
        raise Refused(line.decode())


class ToolCaller:
    """Calls tools over HTTP, in the stateless era of the protocol, until there is an answer."""

    def __init__(self, port: int, key: str) -> None:
        self._line = Line(port)
        self._key = key

    async def call(self, name: str, **arguments: Any) -> dict[str, Any]:
        """The structured half of the answer; `Refused` for an error that repeating does not help."""
        while True:
            try:
                return await self._ask(name, arguments)
            except (OSError, EOFError, TimeoutError, Again):
                self._line.drop()
                await asyncio.sleep(_PAUSE)

    async def close(self) -> None:
        await self._line.close()

    async def _ask(self, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        await self._line.open()
        self._line.say(self._request(name, arguments))
        head = (await self._line.until(b"\r\n\r\n")).decode("latin-1").lower()
        length = int(head.partition("content-length: ")[2].split("\r\n")[0])
        answer = json.loads(await self._line.exactly(length))
        if not head.startswith("http/1.1 200") or "result" not in answer:
            raise Refused(f"{name}: {head.splitlines()[0]} {answer}")
        result: dict[str, Any] = answer["result"]
        if result.get("isError"):
            text = str(result["content"][0]["text"])
            if text.partition(":")[0] in _LATER:
                raise Again
            raise Refused(f"{name}: {text}")
        structured: dict[str, Any] = result["structuredContent"]
        return structured

    def _request(self, name: str, arguments: dict[str, Any]) -> bytes:
        era = "2026-07-28"
        meta = {
            "io.modelcontextprotocol/protocolVersion": era,
            "io.modelcontextprotocol/clientInfo": {"name": "load", "version": "1"},
            "io.modelcontextprotocol/clientCapabilities": {},
        }
        params = {"name": name, "arguments": arguments, "_meta": meta}
        call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
        body = json.dumps(call).encode()
        head = (
            f"POST /mcp HTTP/1.1\r\nHost: 127.0.0.1:{self._line.port}\r\nAuthorization: Bearer {self._key}\r\n"
            "Content-Type: application/json\r\nAccept: application/json, text/event-stream\r\n"
            f"MCP-Protocol-Version: {era}\r\nMcp-Method: tools/call\r\nMcp-Name: {name}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


async def reply_to_data(port: int, recipient: str, raw: bytes) -> str:
    """What is said to one mail, whatever it is."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for words in (
            b"EHLO load.test",
            b"MAIL FROM:<ann@out.test>",
            f"RCPT TO:<{recipient}>".encode(),
            b"DATA",
        ):
            await _reply(reader)
            writer.write(words + b"\r\n")
        await _reply(reader)
        writer.write(raw + b".\r\n")
        return await _reply(reader)
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


async def _reply(reader: asyncio.StreamReader) -> str:
    async with asyncio.timeout(_PATIENCE):
        while (line := await reader.readline())[3:4] == b"-":
            pass
    return line.decode()


async def call(port: int, key: str, name: str, /, **arguments: Any) -> dict[str, Any]:
    """One call on a connection of its own."""
    caller = ToolCaller(port, key)
    try:
        return await caller.call(name, **arguments)
    finally:
        await caller.close()
