"""The clock that the server under test lives by: it stands still, and knows who sleeps on it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

from multimail.adapters.system import VirtualClock
from multimail.core.times import Micros

_PATIENCE: Final = 5.0
"""Seconds that whoever was woken has to get to its next sleep or its end, before time goes on without it."""


class SteppedClock(VirtualClock):
    """A virtual clock that can be told when all whom it woke are done with what they woke for.

    `flows` says that time passes by itself while a caller waits; whoever steps the clock heeds it.
    """

    def __init__(self, at: Micros, on_wait: Callable[[], None]) -> None:
        super().__init__(at)
        self.flows = False
        self._on_wait = on_wait
        self._waiting = 0
        self._asleep: set[asyncio.Task[Any]] = set()
        self._woken: set[asyncio.Task[Any]] = set()
        self._stirred = asyncio.Event()

    @property
    def waiting(self) -> int:
        """How many callers wait for something that has not happened."""
        return self._waiting

    def asleep(self) -> set[asyncio.Task[Any]]:
        """The tasks that go on only when time does, or when what they wait for happens."""
        return set(self._asleep)

    def move_to(self, at: Micros) -> None:
        """Go on to a moment; one that has passed is now."""
        self.advance(max(at - self.now(), 0))

    def tick(self) -> None:
        """The least that time can pass: whoever looks after this looks later than what was before it."""
        self.advance(1)

    async def wait(self, seconds: float, change: Callable[[float], Awaitable[object]]) -> None:
        self._waiting += 1
        self._stirred.set()
        self._on_wait()
        try:
            await super().wait(seconds, change)
        finally:
            self._waiting -= 1

    async def sleep_until(self, at: Micros, wake: asyncio.Event | None = None) -> bool:
        task = asyncio.current_task()
        assert task is not None
        self._asleep.add(task)
        self._woken.discard(task)
        self._stirred.set()
        try:
            return await super().sleep_until(at, wake)
        finally:
            self._asleep.discard(task)
            self._woken.add(task)
            task.add_done_callback(self._ended)

    async def until_waiting(self, count: int) -> None:
        """Return when so many callers wait."""
        while self._waiting < count:
            self._stirred.clear()
            await self._stirred.wait()

    async def quiet(self) -> None:
        """Return when everybody who was woken has ended or sleeps again; nobody is waited for without end."""
        try:
            async with asyncio.timeout(_PATIENCE):
                while self._woken:
                    self._stirred.clear()
                    await self._stirred.wait()
        except TimeoutError:
            self._woken.clear()

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._woken.discard(task)
        self._stirred.set()
