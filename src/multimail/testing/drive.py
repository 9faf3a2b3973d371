"""The work of the server under test, step by step: nothing is left undone that is due, and then time may go on.

In place of the loops, which sleep by the wall clock. What comes due on the way is done in the order of its time,
so a ladder of retries over days runs in milliseconds and as it would in days.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, Final

from multimail.core.errors import Problem
from multimail.core.times import Micros
from multimail.services import upkeep
from multimail.testing.storage import STEPPING, FaultyStore
from multimail.wiring.work import Work

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from multimail.ports.transport import Transport
    from multimail.ports.webhooks import HookSender
    from multimail.services.context import Services
    from multimail.testing.reviewers import Reviewers
    from multimail.testing.stepped import SteppedClock

_LOG: Final = logging.getLogger(__name__)
_FOR_EVER: Final = 1e9
_STORAGE: Final = frozenset({"busy", "storage_full", "storage_failed"})
_STUCK: Final = 30.0


class Drive(Work):
    """Settles whatever is due as soon as something changed, and steps time on request, one at a time."""

    def __init__(
        self,
        services: Services,
        transport: Transport,
        hooks: HookSender,
        clock: SteppedClock,
        reviewers: Reviewers,
    ) -> None:
        super().__init__(services, transport, hooks)
        # Retries wait for the middle of their range, and so for as long in every run.
        self._outbox.jitter = self._notifier.jitter = lambda: 0.5
        assert isinstance(services.store, FaultyStore)
        self._store = services.store
        self._clock = clock
        self._reviewers = reviewers
        self._one_at_a_time = asyncio.Lock()
        self._bell = asyncio.Event()
        self.failure: BaseException | None = None

    async def start(self) -> None:
        """See `Work`."""
        await upkeep.rescue(self._services, alone=True)
        self._tasks = [asyncio.create_task(self._run(), name="drive")]

    def ring(self) -> None:
        """Something changed that no commit tells of: a switch, a reviewer, the clock."""
        self._store.refused.clear()
        self._store.cleared.set()
        self._bell.set()

    async def settle(self) -> None:
        """Return when everything that is due now has happened."""
        async with self._one_at_a_time:
            await self._settle()

    async def go_to(self, at: Micros) -> None:
        """Let time pass until `at`, with a stop at everything that is due before."""
        async with self._one_at_a_time:
            await self._settle()
            while (due := await self.next_due()) is not None and due <= at:
                await self._stop_at(due)
            await self._stop_at(at)

    async def go_on(self, until: Micros) -> bool:
        """Let time pass until the next thing is due, or `until`: whether it was not yet that."""
        async with self._one_at_a_time:
            await self._settle()
            due = await self.next_due()
            await self._stop_at(until if due is None else min(due, until))
        return self._clock.now() < until

    async def coming(self) -> Micros | None:
        """When, once all that is due now has happened, the next thing will."""
        async with self._one_at_a_time:
            await self._settle()
            return await self.next_due()

    async def next_due(self) -> Micros | None:
        """The next moment at which something will happen by itself; for whoever holds the lock."""
        now = self._clock.now()
        known = await upkeep.next_due(self._services, now)
        times = (known, self._reviewers.next_due(), *self._clock.due())
        return min((at for at in times if at is not None and at > now), default=None)

    async def _stop_at(self, at: Micros) -> None:
        self._clock.move_to(at)
        await self._settle()

    async def _settle(self) -> None:
        STEPPING.set(True)
        try:
            async with asyncio.timeout(_STUCK):
                await self._quiet()
                while await self._step() or await self._quiet():
                    await self._quiet()
        except TimeoutError:
            names = sorted(task.get_name() for task in self.under_way())
            raise TimeoutError(f"this did not end within {_STUCK:.0f} seconds: {', '.join(names)}") from None

    async def _step(self) -> int:
        done = 0
        for name, step in (*self.steps().items(), ("reviewers", self._reviewers.step)):
            try:
                done += await step()
            except Problem as problem:
                if problem.code not in _STORAGE:
                    raise
                _LOG.info("the %s wait for the data file: %s", name, problem.message)
        return done

    async def _quiet(self) -> bool:
        """Return when nothing goes on by itself: it ended, sleeps on the clock, or a fault keeps it. Whether
        something went on."""
        was_busy = False
        while busy := self.under_way() - self._clock.asleep() - self._store.refused:
            was_busy = True
            await asyncio.wait(busy, timeout=0.01, return_when=asyncio.FIRST_COMPLETED)
        await self._clock.quiet()
        return was_busy

    async def _run(self) -> None:
        while True:
            self._bell.clear()
            version = self._store.version()
            try:
                await self.settle()
                if await self._flowed():
                    continue
            except Exception as error:  # noqa: BLE001 - kept for the test, which is told at its next call
                _LOG.exception("the server's own work failed")
                self.failure = error
            await self._something(version)

    async def _flowed(self) -> bool:
        """While a caller waits and time flows, go on to what comes next."""
        async with self._one_at_a_time:
            waits = self._clock.waits
            if not (self._clock.flows and self._clock.waiting):
                return False
            # All that was done before the wait began counts before time goes on.
            await self._settle()
            due = await self.next_due()
            if self._clock.waits != waits or not self._clock.waiting:
                return True
            if due is not None:
                await self._stop_at(due)
        return due is not None

    async def _something(self, version: int) -> None:
        """Return when something was committed since, or the bell rings."""
        waits: list[Coroutine[Any, Any, Any]] = [self._store.changed(version, _FOR_EVER), self._bell.wait()]
        tasks = [asyncio.ensure_future(one) for one in waits]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
