"""The clock that the server under test lives by: it stands still, and knows who sleeps on it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Final

from multimail.adapters.system import VirtualClock
from multimail.core.times import Micros

_PATIENCE: Final = 5.0
"""Seconds that whoever was woken has to get to its next sleep or its end, before time goes on without it."""


class SteppedClock(VirtualClock):
    """A virtual clock that can be told when all whom it woke are done with what they woke for.

    `flows` says that time passes by itself while a caller waits; whoever steps the clock heeds it. `waits` counts
    the waits that ever began: while it stays the same, those who wait have done nothing else.
    """

    def __init__(self, at: Micros, on_wait: Callable[[], None]) -> None:
        super().__init__(at)
        self.flows = False
        self.waits = 0
        self._on_wait = on_wait
        self._waiting = 0
        self._until: dict[asyncio.Task[Any], Micros] = {}
        self._idle: set[asyncio.Task[Any]] = set()
        self._woken: set[asyncio.Task[Any]] = set()
        self._stirred = asyncio.Event()

    @property
    def waiting(self) -> int:
        """How many callers wait for something that has not happened."""
        return self._waiting

    def asleep(self) -> set[asyncio.Task[Any]]:
        """The tasks that go on only when time does, or when what they wait for happens."""
        return set(self._until)

    def move_to(self, at: Micros) -> None:
        """Go on to a moment; one that has passed is now."""
        self.advance(max(at - self.now(), 0))

    def tick(self) -> None:
        """The least that time can pass: whoever looks after this looks later than what was before it."""
        self.advance(1)

    def due(self) -> list[Micros]:
        """The moments at which somebody goes on; not of those who are idle."""
        return list(self._until.values())

    async def wait(
        self, seconds: float, change: Callable[[float], Awaitable[object]], *, idle: bool = False
    ) -> None:
        if idle:
            await self._idly(super().wait(seconds, change))
            return
        self._waiting += 1
        self.waits += 1
        self._stirred.set()
        self._on_wait()
        try:
            await super().wait(seconds, change)
        finally:
            self._waiting -= 1

    async def sleep_until(self, at: Micros, wake: asyncio.Event | None = None) -> bool:
        task = asyncio.current_task()
        assert task is not None
        if task in self._idle:
            return await super().sleep_until(at, wake)
        self._until[task] = at
        self._woken.discard(task)
        self._stirred.set()
        try:
            return await super().sleep_until(at, wake)
        finally:
            del self._until[task]
            self._woken.add(task)
            task.add_done_callback(self._ended)

    async def _idly(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._idle.add(task)
        try:
            await work
        finally:
            self._idle.discard(task)

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
