"""The loops of the resident process: one iteration is a function that says how much it did."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from typing import Final

from multimail.core.times import SECOND, Micros
from multimail.services import contact_index, retention, upkeep
from multimail.services.context import Services
from multimail.services.upkeep import Due

_LOG: Final = logging.getLogger(__name__)
_IDLE: Final = 30.0
AT_ONCE: Final = 0.025
UNHURRIED: Final = 0.2
"""Seconds in which changes are gathered before they are looked at: under load a look costs what a call costs."""
_LONGEST: Final = 8
"""Times as long as at first are changes gathered at the most that have nothing to do with a loop."""
_AFTER_FAULT: Final = 1.0
_UPKEEP_EVERY: Final = 600.0
_INDEX_EVERY: Final = 5.0
_BETWEEN_SLICES: Final = 0.02
Step = Callable[[], Awaitable[int]]


async def run(
    services: Services,
    step: Step,
    rest: float = 0.0,
    gather: float = AT_ONCE,
    dues: Collection[Due] = upkeep.DUE.values(),
) -> None:
    """Repeat `step` while it finds work, with so many seconds of `rest` in between for all others; then sleep until
    something changes or one of `dues` comes, and for `gather` seconds more. Never returns.

    While change upon change brings it nothing, it looks less and less often: looking at what others do costs them time.
    Version and time are taken before each step: what commits or comes due while it runs is seen by the next one.
    """
    pause = gather
    while True:
        try:
            version, now = services.store.version(), services.clock.now()
            if await step():
                pause = gather
                await asyncio.sleep(rest)
                continue
            due = await upkeep.next_due(services, now, dues)
            quiet = await _quiet(services, version, _pause(services, due))
            pause = gather if quiet > pause else min(2 * pause, _LONGEST * gather)
        except Exception:  # noqa: BLE001 - a loop outlives every fault of one step
            _LOG.exception("a loop's step failed; it is tried again")
            await asyncio.sleep(_AFTER_FAULT)
        else:
            await asyncio.sleep(pause)


async def _quiet(services: Services, version: int, most: float) -> float:
    """Wait for a change, at most so long; the seconds that nothing changed."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    await services.store.changed(version, most)
    return loop.time() - began


def _pause(services: Services, due: Micros | None) -> float:
    """Seconds to the next due time, none when it has come meanwhile."""
    if due is None:
        return _IDLE
    return min(max((due - services.clock.now()) / SECOND, 0.0), _IDLE)


async def indexing(services: Services) -> None:
    """Every few seconds: contacts that came or were renamed, all that there are. Never returns."""
    while True:
        pause = _INDEX_EVERY
        try:
            if await contact_index.step(services):
                pause = _BETWEEN_SLICES
        except Exception:  # noqa: BLE001 - a loop outlives every fault of one step
            _LOG.exception("contacts could not be indexed; it is tried again")
        await asyncio.sleep(pause)


async def housekeeping(services: Services) -> None:
    """Every ten minutes: leases of dead senders, mail that was kept long enough, keys and sessions that are over.
    Never returns."""
    while True:
        try:
            await upkeep.rescue(services, alone=False)
            await upkeep.prune(services)
            await retention.step(services)
        except Exception:  # noqa: BLE001 - a loop outlives every fault of one step
            _LOG.exception("housekeeping failed; it is tried again")
        await asyncio.sleep(_UPKEEP_EVERY)
