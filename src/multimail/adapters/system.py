"""The machine's clock, randomness and wake-ups, and the clock of tests, which only moves when told to."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Awaitable, Callable
from typing import Any, Final

from multimail.core.ids import RANDOM_BITS, TICK_BITS, new_id
from multimail.core.times import SECOND, Micros

_FOR_EVER: Final = 1e9
_LONGEST_SLEEP: Final = 30.0
"""The wall clock may be set, and a laptop may sleep: look at it again at least this often, in seconds."""


class SystemClock:
    """The wall clock. It can jump; nothing may rely on it moving evenly."""

    def now(self) -> Micros:
        return time.time_ns() // 1_000

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def wait(
        self, seconds: float, change: Callable[[float], Awaitable[object]], *, idle: bool = False
    ) -> None:
        """See the port: this clock is the machine's."""
        await change(seconds)

    async def sleep_until(self, at: Micros, wake: asyncio.Event | None = None) -> bool:
        """Return when it is `at`, or earlier when `wake` is set: whether it was. The event is left as it is."""
        bell = wake or asyncio.Event()
        while not bell.is_set() and (left := at - self.now()) > 0:
            await _wait(bell, min(left / SECOND, _LONGEST_SLEEP))
        return bell.is_set()


class VirtualClock:
    """A clock that stands still until `advance`: sleeping on it takes no real time."""

    def __init__(self, at: Micros = 0) -> None:
        self._now = at
        self._sleepers: dict[asyncio.Future[None], Micros] = {}

    def now(self) -> Micros:
        return self._now

    def advance(self, by: Micros) -> None:
        """Move on, never back, and wake whoever sleeps until a moment that has now come."""
        if by < 0:
            raise ValueError("time does not run backwards")
        self._now += by
        for sleeper, at in list(self._sleepers.items()):
            if at <= self._now and not sleeper.done():
                sleeper.set_result(None)

    def sleepers(self) -> list[Micros]:
        """The moments that somebody sleeps until, the next one first."""
        return sorted(self._sleepers.values())

    async def sleep(self, seconds: float) -> None:
        await self.sleep_until(self._now + round(seconds * SECOND))

    async def wait(
        self, seconds: float, change: Callable[[float], Awaitable[object]], *, idle: bool = False
    ) -> None:
        """See the port: while this clock stands still, only a change ends it."""
        changing = asyncio.ensure_future(change(_FOR_EVER))
        bell = asyncio.Event()
        changing.add_done_callback(lambda _: bell.set())
        try:
            await self.sleep_until(self._now + round(seconds * SECOND), bell)
            if changing.done():
                changing.result()
        finally:
            changing.cancel()

    async def sleep_until(self, at: Micros, wake: asyncio.Event | None = None) -> bool:
        """Return when it is `at`, or earlier when `wake` is set: whether it was. The event is left as it is."""
        bell = wake or asyncio.Event()
        if at <= self._now or bell.is_set():
            # A loop that never has to wait must not keep the others from running.
            await asyncio.sleep(0)
            return bell.is_set()
        sleeper: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleepers[sleeper] = at
        rung = asyncio.ensure_future(bell.wait())
        either: set[asyncio.Future[Any]] = {sleeper, rung}
        try:
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        finally:
            rung.cancel()
            del self._sleepers[sleeper]
        return bell.is_set()


class Ids:
    """Ids that never repeat within this process and rise in the order they were asked for.

    They rise although the clock may stand still or go back: then the last id is counted on from.
    """

    def __init__(self, random_bits: Callable[[int], int] | None = None) -> None:
        self._random_bits = random_bits or _system_bits
        self._last = (0, 0)
        self._one_at_a_time = threading.Lock()

    def new(self, prefix: str, now: Micros) -> str:
        """A new id. The event loop and the writer's thread both ask."""
        with self._one_at_a_time:
            tick, bits = now >> TICK_BITS, 0
            if tick > self._last[0]:
                bits = self._random_bits(RANDOM_BITS)
            else:
                carry, bits = divmod(self._last[1] + 1, 1 << RANDOM_BITS)
                tick = self._last[0] + carry
            self._last = (tick, bits)
        return new_id(prefix, tick << TICK_BITS, bits)

    def secret(self, size: int = 32) -> str:
        """`size` bytes from the system's random source as URL-safe text; never repeatable, tests included."""
        return urlsafe_b64encode(os.urandom(size)).rstrip(b"=").decode("ascii")


class Wake:
    """Bells by name, for the loops of this process: ringing is free and may be repeated."""

    def __init__(self) -> None:
        self._bells: dict[str, asyncio.Event] = {}

    def bell(self, name: str) -> asyncio.Event:
        """The event that `ring(name)` sets; whoever waits for it clears it before looking for work."""
        return self._bells.setdefault(name, asyncio.Event())

    def ring(self, *names: str) -> None:
        for name in names:
            self.bell(name).set()


async def _wait(bell: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await bell.wait()
    except TimeoutError:
        pass


def _system_bits(count: int) -> int:
    return int.from_bytes(os.urandom((count + 7) // 8)) >> (-count % 8)
