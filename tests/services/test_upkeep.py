"""What time brings: schedules, expiry, leases of the dead, and forgetting what is over."""

from __future__ import annotations

import pytest

from multimail.core.times import DAY, HOUR, MINUTE
from multimail.ports.accounts import Session
from multimail.services import upkeep
from tests.support.desk import Desk
from tests.support.sink import Sink

pytestmark = pytest.mark.anyio


async def test_free_scheduled_mail_leaves_at_its_time_and_not_before(desk: Desk, sink: Sink) -> None:
    await desk.set(default_mode="autonomous")
    sent = await desk.send(scheduled_at=desk.at(HOUR))

    desk.later(HOUR - 1)
    assert (await desk.timers(), await desk.step(sink)) == (0, 0)
    desk.later(1)
    assert (await desk.timers(), await desk.step(sink)) == (1, 1)
    assert await desk.status(sent.message_id) == "delivered"


async def test_unapproved_scheduled_mail_never_leaves_and_expires_a_day_after_its_time(
    desk: Desk, sink: Sink
) -> None:
    sent = await desk.send(scheduled_at=desk.at(10 * DAY))

    desk.later(10 * DAY + DAY - 1)
    assert (await desk.timers(), await desk.step(sink)) == (0, 0)
    assert await desk.status(sent.message_id) == "pending_approval"
    desk.later(1)
    assert (await desk.timers(), await desk.step(sink)) == (1, 0)
    assert await desk.status(sent.message_id) == "expired"


@pytest.mark.parametrize("decision", ["", "request_changes", "escalate"])
async def test_held_mail_expires_after_seven_days_and_takes_its_tags_along(desk: Desk, decision: str) -> None:
    sent = await desk.send(tags=["spring"])
    if decision:
        await desk.decide(sent.message_id, decision, note="n")
    desk.later(7 * DAY - 1)
    assert await desk.timers() == 0
    desk.later(1)

    assert await desk.timers() == 1
    assert (await desk.status(sent.message_id), await desk.contact_tags()) == ("expired", ())
    told = await desk.call("agent", "wait_for_decision", message_id=sent.message_id, timeout_seconds=0)
    assert (told.decided, told.status) == (True, "expired")


async def test_an_edit_gives_the_reviewer_the_whole_time_again(desk: Desk) -> None:
    sent = await desk.send()
    desk.later(6 * DAY)
    await desk.call("agent", "edit_pending", message_id=sent.message_id, body="New.")
    desk.later(6 * DAY)

    assert await desk.timers() == 0


async def test_nothing_decided_comes_too_late_for_the_clock(desk: Desk) -> None:
    sent = await desk.send()
    desk.later(8 * DAY)
    await desk.timers()

    problem = await desk.refused("reviewer", "decide_email", message_id=sent.message_id, decision="approve")

    assert (problem.code, "expired" in problem.message) == ("conflict", True)


async def test_a_live_senders_lease_is_left_alone_and_a_dead_ones_is_taken_back(
    desk: Desk, sink: Sink
) -> None:
    await desk.set(default_mode="autonomous")
    await desk.send()
    now = desk.clock.now()
    await desk.write(lambda tx: tx.deliveries.claim("dead", now, now + MINUTE, 10))

    assert await upkeep.rescue(desk.services, alone=False) == 0
    desk.later(MINUTE)
    assert await upkeep.rescue(desk.services, alone=False) == 1
    assert await desk.step(sink) == 1


async def test_the_next_moment_is_that_of_the_next_schedule_expiry_or_delivery(desk: Desk) -> None:
    now = desk.clock.now()
    assert await upkeep.next_due(desk.services, now) is None
    await desk.send()
    assert await upkeep.next_due(desk.services, now) == now + 7 * DAY
    await desk.set(default_mode="autonomous", undo_seconds=60)
    await desk.send(subject="Undo")
    assert await upkeep.next_due(desk.services, now) == now + MINUTE

    desk.later(MINUTE)

    assert await upkeep.next_due(desk.services, desk.clock.now()) == now + 7 * DAY


async def test_keys_and_sessions_that_are_over_are_forgotten(desk: Desk) -> None:
    await desk.send(idempotency_key="k")
    session = Session(desk.who["operator"], "csrf", None, desk.clock.now(), desk.clock.now() + HOUR)
    await desk.write(lambda tx: tx.sessions.open("hash", session))

    assert await upkeep.prune(desk.services) == 0
    desk.later(DAY + 1)

    assert await upkeep.prune(desk.services) == 2


async def test_what_a_freeze_holds_back_hides_nothing_that_comes_due(desk: Desk) -> None:
    await desk.set(default_mode="autonomous")
    await desk.send()
    await desk.call("operator", "freeze", mailbox=desk.box)
    await desk.set(undo_seconds=60)
    await desk.send(subject="Undo")
    desk.later(MINUTE // 2)
    now = desk.clock.now()

    assert await upkeep.next_due(desk.services, now) == now + MINUTE // 2
    desk.later(HOUR)
    assert await upkeep.next_due(desk.services, desk.clock.now()) is None
