"""Standard input and output as pipes of the event loop.

Left to itself the SDK hands every line to a thread and back, three times a call, which costs more than a quick tool.
"""

from __future__ import annotations

import asyncio
import os
import stat
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final, Self, cast

if sys.platform != "win32":
    import fcntl

_LAST_WORDS: Final = 2.0
"""Seconds for a client to take what was answered before the end."""
_BEHIND_STANDARD: Final = 3
"""The lowest number of a descriptor that is none of the standard ones."""


@asynccontextmanager
async def standard_pipes() -> AsyncIterator[tuple[Any, Any]]:
    """What the SDK's `stdio_server` is given; None twice where that has to do by itself: files, terminals, Windows, and
    one socket for both directions, where a loop takes what comes in for the end of what goes out.

    From then on standard input is at its end and standard output is standard error, for as long as the process
    lives: what a library prints is not on the wire.
    """
    if sys.platform == "win32" or not _are_two_pipes(0, 1):
        yield None, None
        return
    loop = asyncio.get_running_loop()
    # A line is as long as a mail with its files is; what is too long is refused by the contract, with a code.
    lines = asyncio.StreamReader(limit=sys.maxsize)
    incoming = os.fdopen(_moved(0, os.open(os.devnull, os.O_RDONLY)), "rb", buffering=0)
    reading, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), incoming)
    outgoing = os.fdopen(_moved(1, _errors()), "wb", buffering=0)
    _, output = await loop.connect_write_pipe(Output, outgoing)
    try:
        yield Input(lines), output
    finally:
        reading.close()
        await output.end()


class Input:
    """The lines that come in: an async iterator of text, as an `anyio.AsyncFile` is."""

    def __init__(self, lines: asyncio.StreamReader) -> None:
        self._lines = lines

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> str:
        line = await self._lines.readline()
        if not line:
            raise StopAsyncIteration
        return line.decode("utf-8", "replace")


class Output(asyncio.BaseProtocol):
    """Text that goes out at once, or as soon as the client reads again: `write` and `flush` of an `anyio.AsyncFile`."""

    def __init__(self) -> None:
        self._transport: asyncio.WriteTransport | None = None
        self._may_go_on = asyncio.Event()
        self._may_go_on.set()
        self._closed = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)

    def pause_writing(self) -> None:
        self._may_go_on.clear()

    def resume_writing(self) -> None:
        self._may_go_on.set()

    def connection_lost(self, exc: Exception | None) -> None:
        self._closed.set()
        self._may_go_on.set()

    async def write(self, text: str) -> None:
        if self._transport is None or self._transport.is_closing():
            raise BrokenPipeError("the client reads no more")
        self._transport.write(text.encode())

    async def flush(self) -> None:
        """Return when there is room for more; a client that does not read keeps what it is answered."""
        await self._may_go_on.wait()

    async def end(self) -> None:
        """Close behind what was written, or without it when nobody takes it."""
        if self._transport is None:
            return
        self._transport.close()
        try:
            await asyncio.wait_for(self._closed.wait(), _LAST_WORDS)
        except TimeoutError:
            self._transport.abort()


def _are_two_pipes(one: int, other: int) -> bool:
    return _is_pipe(one) and _is_pipe(other) and not os.path.sameopenfile(one, other)


def _is_pipe(descriptor: int) -> bool:
    try:
        mode = os.fstat(descriptor).st_mode
    except OSError:
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)


def _errors() -> int:
    try:
        return os.dup(2)
    except OSError:
        return os.open(os.devnull, os.O_WRONLY)


def _moved(descriptor: int, instead: int) -> int:
    """A new number for what a standard descriptor is, which from now on is something else."""
    private = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, _BEHIND_STANDARD)
    os.dup2(instead, descriptor)
    os.close(instead)
    return private
