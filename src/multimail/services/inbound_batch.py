"""Gathering mails that come at the same time, so that one transaction serves them all.

Two threads that both run Python slow one another down, so it pays to wait a moment for whoever is about to
finish and then to file everything in one go. Nobody waits who is alone.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from multimail.core.times import Micros
from multimail.services.inbound_mail import Arrival

MOST: Final = 32
MOST_BYTES: Final = 4 * 1024 * 1024
_GAP: Final = 0.002
"""Seconds without a mail after which whoever was announced is waited for no longer."""
_LONGEST: Final = 0.03
"""Seconds that the first mail of a batch waits for others, and that an announcement counts."""

_LIKELY: Final = 0.005
"""Seconds within which a peer with more to send begins with it."""


@dataclass(frozen=True, slots=True, eq=False)
class Waiting:
    """A mail that is read and not filed, and whoever waits for that; `announced` if he said that it would come."""

    arrival: Arrival
    now: Micros
    announced: bool
    filed: asyncio.Future[None]

    def settle(self, outcome: Exception | None) -> None:
        """Tell whoever waits, unless he has gone."""
        if self.filed.done():
            return
        if outcome is None:
            self.filed.set_result(None)
        else:
            self.filed.set_exception(outcome)


class Batches:
    """Hands mails to `file` batch by batch, one batch at a time. `file` settles each mail and raises nothing."""

    def __init__(self, file: Callable[[list[Waiting]], Awaitable[None]]) -> None:
        self._file = file
        self._waiting: list[Waiting] = []
        self._announced: deque[float] = deque()
        self._expected: deque[float] = deque()
        self._complete = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def announce(self) -> None:
        """A mail is on its way: its first recipient was taken."""
        self._announced.append(asyncio.get_running_loop().time())
        if self._expected:
            self._expected.popleft()

    async def add(self, arrival: Arrival, now: Micros, *, announced: bool) -> None:
        """Return when the mail is filed, or raise why it is not. The order is that of the calls."""
        filed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(Waiting(arrival, now, announced, filed))
        if announced and self._announced:
            self._announced.popleft()
        if not (self._announced or self._expected) or len(self._waiting) >= MOST:
            self._complete.set()
        if self._task is None:
            self._task = asyncio.create_task(self._run())
        await filed

    async def _run(self) -> None:
        try:
            while self._waiting:
                await self._gather()
                batch = _first(self._waiting)
                del self._waiting[: len(batch)]
                await self._file(batch)
                # Whoever just got his answer is likely to go on with the next mail.
                announced = sum(1 for one in batch if one.announced)
                self._expected.extend([asyncio.get_running_loop().time()] * announced)
        finally:
            self._task = None

    async def _gather(self) -> None:
        """Wait until all who were announced are there, nobody came for a while, or the batch is full."""
        loop = asyncio.get_running_loop()
        began, count = loop.time(), 0
        while count < len(self._waiting) < MOST and self._is_coming(began):
            count = len(self._waiting)
            self._complete.clear()
            try:
                async with asyncio.timeout(_GAP):
                    await self._complete.wait()
            except TimeoutError:
                continue

    def _is_coming(self, began: float) -> bool:
        now = asyncio.get_running_loop().time()
        for coming, lasts in ((self._announced, _LONGEST), (self._expected, _LIKELY)):
            while coming and now - coming[0] > lasts:
                coming.popleft()
        return bool(self._announced or self._expected) and now - began < _LONGEST


def _first(waiting: list[Waiting]) -> list[Waiting]:
    """As many as one transaction should hold: at least one."""
    size, count = 0, 0
    for one in waiting[:MOST]:
        size += len(one.arrival.envelope.raw)
        if count and size > MOST_BYTES:
            break
        count += 1
    return waiting[:count]
