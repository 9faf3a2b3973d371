"""Loops: they run while there is work, wake for changes and for time, and outlive every fault."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from multimail.core.times import SECOND
from multimail.services import loops
from tests.support.desk import Desk

pytestmark = pytest.mark.anyio


async def run_until(desk: Desk, step: Callable[[], Awaitable[int]], done: asyncio.Event) -> None:
    """Run the loop until the test is content, at most ten seconds."""
    task = asyncio.ensure_future(loops.run(desk.services, step))
    try:
        async with asyncio.timeout(10):
            await done.wait()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_a_loop_repeats_its_step_while_there_is_work_then_waits_for_a_change(desk: Desk) -> None:
    found, done = [2, 1, 0, 0], asyncio.Event()

    async def step() -> int:
        if len(found) == 1:
            done.set()
        if len(found) == 2:
            asyncio.get_running_loop().call_later(0.02, lambda: asyncio.ensure_future(desk.send()))
        return found.pop(0) if found else 0

    await run_until(desk, step, done)

    assert found == []


async def test_a_loop_outlives_a_step_that_fails(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loops, "_AFTER_FAULT", 0.0)
    tries, done = [RuntimeError("made for a test"), 0], asyncio.Event()

    async def step() -> int:
        found = tries.pop(0)
        if isinstance(found, Exception):
            raise found
        done.set()
        return 0

    await run_until(desk, step, done)

    assert tries == []


@pytest.mark.parametrize(("due", "pause"), [(None, 30.0), (5 * SECOND, 5.0), (600 * SECOND, 30.0), (-1, 0.0)])
async def test_a_pause_lasts_to_the_next_moment_and_never_long(
    desk: Desk, due: int | None, pause: float
) -> None:
    moment = None if due is None else desk.clock.now() + due

    assert loops._pause(desk.services, moment) == pause


async def test_housekeeping_outlives_its_faults_as_well(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[str] = []

    async def rescue(services: object, *, alone: bool) -> int:
        tries.append("rescue")
        raise RuntimeError("made for a test")

    async def pause(seconds: float) -> None:
        tries.append("pause")
        if len(tries) > 3:
            raise asyncio.CancelledError

    monkeypatch.setattr("multimail.services.upkeep.rescue", rescue)
    monkeypatch.setattr("asyncio.sleep", pause)

    with pytest.raises(asyncio.CancelledError):
        await loops.housekeeping(desk.services)
    assert tries == ["rescue", "pause", "rescue", "pause"]


async def test_contacts_are_indexed_until_none_is_left_and_a_fault_ends_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    slices: list[int | RuntimeError] = [RuntimeError("made for a test"), 2, 1, 0]
    pauses: list[float] = []

    async def step(services: object) -> int:
        found = slices.pop(0)
        if isinstance(found, RuntimeError):
            raise found
        return found

    async def pause(seconds: float) -> None:
        pauses.append(seconds)
        if not slices:
            raise asyncio.CancelledError

    monkeypatch.setattr("multimail.services.contact_index.step", step)
    monkeypatch.setattr("asyncio.sleep", pause)

    with pytest.raises(asyncio.CancelledError):
        await loops.indexing(desk.services)
    assert pauses == [5.0, 0.02, 0.02, 5.0]


async def test_changes_that_bring_a_loop_nothing_are_looked_at_less_and_less_often(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    quiet = [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 9.0, 0.0]
    works = [0, 0, 0, 3, 0, 0, 0, 0, 0]
    pauses: list[float] = []

    async def step() -> int:
        return works.pop(0)

    async def wait(services: object, version: int, most: float) -> float:
        return quiet.pop(0)

    async def pause(seconds: float) -> None:
        pauses.append(seconds)
        if not quiet:
            raise asyncio.CancelledError

    monkeypatch.setattr(loops, "_quiet", wait)
    monkeypatch.setattr("asyncio.sleep", pause)

    with pytest.raises(asyncio.CancelledError):
        await loops.run(desk.services, step, rest=7.0, gather=1.0)
    assert pauses == [2.0, 4.0, 8.0, 7.0, 2.0, 4.0, 8.0, 1.0, 2.0]
