"""Clocks, ids and bells."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from multimail.adapters.system import Ids, SystemClock, VirtualClock, Wake
from multimail.core.ids import made_at, prefix_of
from multimail.core.times import DAY, HOUR, SECOND

pytestmark = pytest.mark.anyio
BOUND = 5.0


async def settled() -> None:
    """Let every task that can run come to its next wait."""
    for _ in range(5):
        await asyncio.sleep(0)


async def test_the_system_clock_counts_microseconds_since_the_epoch() -> None:
    before = time.time_ns() // 1000

    assert before <= SystemClock().now() <= time.time_ns() // 1000


async def test_a_moment_that_has_passed_is_not_waited_for() -> None:
    clock = SystemClock()

    assert await asyncio.wait_for(clock.sleep_until(clock.now() - SECOND), BOUND) is False


async def test_the_system_clock_waits_until_the_moment() -> None:
    clock = SystemClock()
    at = clock.now() + 2_000

    assert await asyncio.wait_for(clock.sleep_until(at), BOUND) is False
    assert clock.now() >= at


@pytest.mark.parametrize("clock", [SystemClock(), VirtualClock(7 * DAY)], ids=["system", "virtual"])
async def test_a_bell_ends_the_wait_and_stays_rung(clock: SystemClock | VirtualClock) -> None:
    wake = Wake()
    waiting = asyncio.ensure_future(clock.sleep_until(clock.now() + DAY, wake.bell("outbox")))
    await settled()
    wake.ring("notify")
    await settled()
    assert not waiting.done()
    wake.ring("outbox")

    assert await asyncio.wait_for(waiting, BOUND) is True
    assert wake.bell("outbox").is_set()


async def test_the_virtual_clock_wakes_those_whose_moment_came() -> None:
    clock = VirtualClock(at=DAY)
    soon = asyncio.ensure_future(clock.sleep(60))
    late = asyncio.ensure_future(clock.sleep_until(DAY + HOUR))
    await settled()
    assert clock.sleepers() == [DAY + 60 * SECOND, DAY + HOUR]
    clock.advance(60 * SECOND)
    await settled()

    assert soon.done()
    assert not late.done()
    clock.advance(HOUR)
    assert await asyncio.wait_for(late, BOUND) is False
    assert clock.now() == DAY + HOUR + 60 * SECOND


async def test_a_cancelled_sleeper_is_forgotten() -> None:
    clock = VirtualClock()
    sleeper = asyncio.ensure_future(clock.sleep(1))
    await settled()
    sleeper.cancel()
    await settled()

    assert clock.sleepers() == []


async def test_virtual_time_does_not_run_backwards() -> None:
    with pytest.raises(ValueError, match="backwards"):
        VirtualClock().advance(-1)


async def test_ids_rise_and_never_repeat_while_the_clock_stands_or_goes_back() -> None:
    ids = Ids()
    made = [ids.new("msg", at) for at in [DAY] * 500 + [DAY - HOUR] * 500 + [DAY + HOUR] * 500]

    assert made == sorted(set(made))


async def test_an_id_past_the_last_random_number_takes_the_next_tick() -> None:
    ids = Ids(lambda count: (1 << count) - 1)
    first, second = ids.new("key", DAY), ids.new("key", DAY)

    assert first < second
    assert made_at(second) > made_at(first)


async def test_ids_of_another_process_differ() -> None:
    one, other = Ids().new("wh", DAY), Ids().new("wh", DAY)

    assert prefix_of(one) == prefix_of(other) == "wh"
    assert one != other


async def test_secrets_differ_and_have_the_size_asked_for() -> None:
    secrets = {Ids().secret(24) for _ in range(20)}

    assert len(secrets) == 20
    assert {len(secret) for secret in secrets} == {32}


def test_threads_that_ask_at_once_get_different_ids() -> None:
    ids = Ids()
    with ThreadPoolExecutor(4) as pool:
        found = [
            one
            for part in pool.map(lambda _: [ids.new("msg", 0) for _ in range(5_000)], range(4))
            for one in part
        ]

    assert len(set(found)) == 20_000


async def test_on_the_virtual_clock_a_wait_ends_with_the_change_or_when_its_time_has_come() -> None:
    clock, change = VirtualClock(at=DAY), asyncio.Event()

    async def changed(seconds: float) -> None:
        await change.wait()

    first = asyncio.ensure_future(clock.wait(60, changed))
    await settled()
    clock.advance(59 * SECOND)
    await settled()
    assert not first.done()
    clock.advance(SECOND)
    await asyncio.wait_for(first, BOUND)
    second = asyncio.ensure_future(clock.wait(60, changed))
    await settled()
    change.set()

    await asyncio.wait_for(second, BOUND)
    assert clock.sleepers() == []


async def test_on_the_system_clock_a_wait_is_as_long_as_the_change_may_take() -> None:
    told: list[float] = []

    async def changed(seconds: float) -> None:
        told.append(seconds)

    await asyncio.wait_for(SystemClock().wait(7.5, changed), BOUND)

    assert told == [7.5]
