"""Mail that waits for its hours or its turn is never lost, whatever happens in between, and says why it waits."""

from __future__ import annotations

import asyncio

import pytest

from multimail.core.times import HOUR, MINUTE
from multimail.services import upkeep
from tests.services.test_pacing import got, letter
from tests.support.desk import Desk
from tests.support.sink import Sink

pytestmark = pytest.mark.anyio


@pytest.fixture
async def free(desk: Desk) -> Desk:
    """A mailbox whose mail goes at once."""
    await desk.set(default_mode="autonomous")
    return desk


async def test_a_rule_that_is_taken_away_lets_go_what_waited_for_it(free: Desk, sink: Sink) -> None:
    rule = await free.call("operator", "set_pace", quiet_from="11:00", quiet_to="15:00")
    message_id = await letter(free)
    await free.step(sink)
    await free.call("operator", "delete_pace", rule_id=rule.rule_id)

    await free.step(sink)

    assert await free.status(message_id) == "delivered"


async def test_a_mail_that_waits_can_be_cancelled_frozen_and_outlives_a_restart(
    free: Desk, sink: Sink
) -> None:
    await free.call("operator", "set_pace", quiet_from="11:00", quiet_to="15:00")
    withdrawn, kept = [await letter(free, number) for number in range(2)]
    await free.step(sink)
    await free.call("agent", "cancel_message", message_id=withdrawn)
    await free.call("operator", "freeze")
    await free.reopen()
    free.later(4 * HOUR)
    await free.step(sink)
    assert got(sink) == []
    await free.call("operator", "unfreeze")

    await free.step(sink)

    assert (got(sink), await free.status(kept)) == (["ann@example.org"], "delivered")
    assert await free.status(withdrawn) == "cancelled"


async def test_approval_does_not_open_the_window(desk: Desk, sink: Sink) -> None:
    await desk.call("operator", "set_pace", quiet_from="11:00", quiet_to="15:00")
    message_id = await letter(desk)
    await desk.decide(message_id)
    await desk.step(sink)
    assert (got(sink), await desk.status(message_id)) == ([], "queued")

    desk.later(3 * HOUR)
    await desk.step(sink)

    assert await desk.status(message_id) == "delivered"


async def test_a_mail_for_one_that_waits_holds_up_nobody_else(free: Desk, sink: Sink) -> None:
    await free.call("operator", "set_pace", quiet_from="11:00", quiet_to="15:00")
    await free.call("operator", "set_time_zone", domain="far.test", timezone="Pacific/Auckland")
    for number in range(60):
        await letter(free, number)
    await letter(free, 61, to=["kim@far.test"])

    while await free.step(sink):
        pass

    assert got(sink) == ["kim@far.test"]


async def test_how_mail_waits_is_in_the_log_without_a_name(free: Desk, sink: Sink) -> None:
    await free.call("operator", "set_pace", quiet_from="11:00", quiet_to="15:00")
    message_id = await letter(free)
    await free.step(sink)

    (event,) = [one for one in await free.events(message_id) if one.kind == "message.waits"]

    assert event.data == {"count": 1, "reasons": ["quiet_hours"], "until": "2026-03-02T15:00:00.000000Z"}


async def test_a_mail_that_waits_can_be_edited_and_then_waits_as_it_is(free: Desk, sink: Sink) -> None:
    await free.call("operator", "set_pace", quiet_from="11:00", quiet_to="15:00")
    message_id = await letter(free)
    await free.step(sink)
    assert (await free.message(message_id)).status == "queued"

    await free.call(
        "agent", "edit_pending", message_id=message_id, body="Other words.", to=["bob@example.org"]
    )
    await free.step(sink)
    assert got(sink) == []
    free.later(3 * HOUR)
    await free.step(sink)

    assert got(sink) == ["bob@example.org"]
    assert b"Other words." in sink.mails[0].raw
    assert (
        await free.refused("agent", "edit_pending", message_id=message_id, body="Late.")
    ).code == "conflict"


async def test_tightening_holds_what_waits_and_approval_sends_it_in_its_window(
    free: Desk, sink: Sink
) -> None:
    await free.call("operator", "set_pace", quiet_from="11:00", quiet_to="15:00")
    message_id = await letter(free)
    await free.step(sink)
    await free.set(default_mode="gated_send")
    assert await free.status(message_id) == "pending_approval"
    free.later(2 * HOUR)
    await free.decide(message_id)
    await free.step(sink)
    assert got(sink) == []

    free.later(HOUR)
    await free.step(sink)

    assert got(sink) == ["ann@example.org"]


async def test_the_answer_to_a_send_says_what_the_mail_will_wait_for(free: Desk) -> None:
    assert (await free.send(body="Before.")).warnings is None
    await free.call("operator", "set_pace", quiet_from="11:00", quiet_to="15:00")

    sent = await free.send(to=["ann@example.org", "bob@example.org"])

    assert [one.partition(": ")[0] for one in sent.warnings] == ["ann@example.org", "bob@example.org"]
    assert "quiet_hours" in sent.warnings[0]
    assert "waits until 2026-03-02T15:00:00Z" in sent.warnings[0]


async def test_who_dies_between_claiming_and_putting_back_loses_nothing(free: Desk, sink: Sink) -> None:
    await free.call("operator", "set_pace", quiet_from="11:00", quiet_to="15:00")
    message_id = await letter(free)
    now = free.clock.now()
    await free.write(lambda tx: tx.deliveries.claim("dead", now, now + MINUTE, 10))
    await upkeep.rescue(free.services, alone=True)

    await free.step(sink)
    assert got(sink) == []
    free.later(3 * HOUR)
    await free.step(sink)

    assert await free.status(message_id) == "delivered"
    assert got(sink) == ["ann@example.org"]


async def test_two_senders_on_one_account_keep_a_cap_together(free: Desk, sink: Sink) -> None:
    await free.call("operator", "set_pace", per_day=2)
    for number in range(12):
        await letter(free, number)

    await asyncio.gather(*(free.step(sink, owner=f"sender {number}") for number in range(3)))

    assert len(got(sink)) == 2


async def test_what_waits_is_asked_again_when_another_clock_counts(free: Desk, sink: Sink) -> None:
    await free.call("operator", "set_pace", quiet_from="11:00", quiet_to="15:00")
    mails = [await letter(free, number, to=[f"p{number}@example.org"]) for number in range(2)]
    await free.step(sink)

    here = {"timezone": "Asia/Tokyo"}
    await free.call("operator", "manage_contacts", action="upsert", email="p0@example.org", metadata=here)
    await free.step(sink)
    assert [await free.status(one) for one in mails] == ["delivered", "queued"]
    await free.set(metadata={"timezone": "America/New_York"})
    await free.step(sink)

    assert got(sink) == ["p0@example.org", "p1@example.org"]
