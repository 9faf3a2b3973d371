"""What the resident and a receiving process of its own say to each other: values in frames over a socket of theirs.

A receiving process reads what strangers wrote, so nothing that comes from it is taken for more than plain values:
a frame that asks for a class or a function, as only a forged one can, ends the channel.
"""

from __future__ import annotations

import asyncio
import pickle
from collections.abc import Callable
from io import BytesIO
from typing import Any, Final, NoReturn, cast

_HEAD: Final = 4
"""Octets in front of a frame that give its length."""


class _PlainReader(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> NoReturn:
        raise pickle.UnpicklingError(f"{module}.{name} is no plain value")


class Channel(asyncio.Protocol):
    """One end. `received` is called with each value, in order; `ended` once, when the other end is gone or sends
    what it may not."""

    def __init__(self, received: Callable[[Any], None], ended: Callable[[], None]) -> None:
        self._received = received
        self._ended = ended
        self._unsent: list[bytes] = []
        self._unread = bytearray()
        self._transport: asyncio.Transport | None = None

    def send(self, value: Any) -> None:
        """Queue a value; nothing happens when the other end is gone, of which `ended` tells.

        What is said in one turn of the loop leaves in one write: each wakes the other process.
        """
        frame = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
        if not self._unsent:
            asyncio.get_running_loop().call_soon(self._write)
        self._unsent += (len(frame).to_bytes(_HEAD, "big"), frame)

    def close(self) -> None:
        """Send what is queued and end it from this side."""
        self._write()
        if self._transport is not None:
            self._transport.close()

    def _write(self) -> None:
        unsent, self._unsent = self._unsent, []
        if unsent and self._transport is not None and not self._transport.is_closing():
            self._transport.writelines(unsent)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # Not every loop's transports inherit from asyncio's.
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._unread += data
        begin = 0
        while (body := begin + _HEAD) <= len(self._unread):
            end = body + int.from_bytes(self._unread[begin:body], "big")
            if end > len(self._unread):
                break
            self._read(self._unread[body:end])
            begin = end
        del self._unread[:begin]

    def _read(self, frame: bytearray) -> None:
        try:
            value = _PlainReader(BytesIO(frame)).load()
        except Exception:
            assert self._transport is not None
            self._transport.abort()
            raise
        self._received(value)

    def connection_lost(self, error: Exception | None) -> None:
        self._ended()
