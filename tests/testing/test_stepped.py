"""The clock under the server: it knows who waits on it, and when all whom it woke are done."""

from __future__ import annotations

import asyncio

import pytest

from multimail.core.times import SECOND
from multimail.testing.stepped import SteppedClock

pytestmark = pytest.mark.anyio


async def started(*tasks: asyncio.Task[None]) -> None:
    for _ in tasks:
        await asyncio.sleep(0)
    await asyncio.sleep(0)


async def test_it_is_quiet_when_the_woken_are_done_or_sleep_again() -> None:
    clock, log = SteppedClock(0, lambda: None), list[str]()

    async def twice() -> None:
        await clock.sleep(1)
        await asyncio.sleep(0)
        log.append("first")
        await clock.sleep(1)
        await asyncio.sleep(0)
        log.append("second")

    task = asyncio.create_task(twice())
    await started(task)
    assert clock.asleep() == {task}
    for expected in (["first"], ["first", "second"]):
        clock.move_to(clock.now() + SECOND)
        await started(task)
        await clock.quiet()
        assert log == expected
    assert clock.asleep() == set()


async def test_callers_that_wait_are_counted_and_heard_of() -> None:
    heard: list[int] = []
    clock = SteppedClock(0, lambda: heard.append(1))
    never = asyncio.Event()

    async def change(seconds: float) -> None:
        await never.wait()

    task = asyncio.create_task(clock.wait(5, change))
    await started(task)
    assert (clock.waiting, heard) == (1, [1])
    clock.move_to(5 * SECOND)
    await task

    assert clock.waiting == 0


async def test_time_never_goes_back() -> None:
    clock = SteppedClock(10, lambda: None)
    clock.move_to(3)
    clock.tick()

    assert clock.now() == 11


async def test_who_is_idle_is_woken_in_time_and_never_stopped_for() -> None:
    clock = SteppedClock(0, lambda: None)
    never = asyncio.Event()

    async def change(seconds: float) -> None:
        await never.wait()

    task = asyncio.create_task(clock.wait(5, change, idle=True))
    await started(task)
    assert (clock.waiting, clock.due(), clock.asleep()) == (0, [], set())
    clock.move_to(6 * SECOND)
    await clock.quiet()

    await asyncio.wait_for(task, 5)
