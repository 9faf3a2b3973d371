"""Figures of unsubscribing: the middle, the slowest, and what was later than the law allows."""

from __future__ import annotations

import pytest

from multimail.core.times import DAY, SECOND
from multimail.ports.suppression import UnsubscribeRequest
from tests.support.desk import Desk

pytestmark = pytest.mark.anyio


async def asked(desk: Desk, took: int, ago: int = 0, mailbox_id: str = "mbx_one", way: str = "mail") -> None:
    held = desk.clock.now() - ago
    request = UnsubscribeRequest(b"k" * 16, mailbox_id, "", way, None, held - took, held)
    await desk.write(lambda tx: tx.unsubscribes.add(request))


async def test_without_a_request_there_is_nothing_to_say(desk: Desk) -> None:
    found = await desk.call("reviewer", "unsubscribe_figures")

    assert (found.requests, found.median_seconds, found.slowest_seconds, found.late) == (0, None, None, 0)


async def test_the_middle_and_the_slowest_are_told_and_what_was_late(desk: Desk) -> None:
    for took in (SECOND, 3 * SECOND, 20 * DAY):
        await asked(desk, took)
    await asked(desk, 2 * SECOND, way="one_click")
    found = await desk.call("reviewer", "unsubscribe_figures")

    assert (found.requests, found.by_way) == (4, {"mail": 3, "one_click": 1})
    assert (found.median_seconds, found.slowest_seconds, found.late) == (2.5, 1_728_000.0, 1)
    assert found.limit_business_days == 10
    assert [one.seconds for one in found.newest][:1] == [2.0]


async def test_it_looks_back_so_far_and_into_the_callers_mailboxes(desk: Desk) -> None:
    await asked(desk, SECOND, ago=40 * DAY)
    await asked(desk, SECOND)

    assert (await desk.call("reviewer", "unsubscribe_figures", days=30)).requests == 1
    assert (await desk.call("reviewer", "unsubscribe_figures", days=60)).requests == 2
    assert (await desk.call("reviewer", "unsubscribe_figures", mailbox=desk.box)).requests == 0
    assert (await desk.refused("agent", "unsubscribe_figures")).code == "forbidden"
