"""Caps and quiet hours at hand-over: what waits, until when, and that nothing is lost or gets past them."""

from __future__ import annotations

import asyncio

import pytest

from multimail.core.times import DAY, HOUR, MINUTE
from multimail.services import upkeep
from tests.support.desk import NOON, Desk
from tests.support.sink import Fault, Sink

pytestmark = pytest.mark.anyio


async def letter(desk: Desk, number: int = 1, **more: object) -> str:
    """A mail that differs from the others."""
    made = await desk.send(**{"body": f"Letter {number}."} | more)
    return str(made.message_id)


@pytest.fixture
async def free(desk: Desk) -> Desk:
    """A mailbox whose mail goes at once."""
    await desk.set(default_mode="autonomous")
    return desk


def got(sink: Sink) -> list[str]:
    """Who got a mail, in order."""
    return [address for mail in sink.mails for address in mail.recipients]


async def detail(desk: Desk, message_id: str, address: str = "ann@example.org") -> str:
    return (await desk.deliveries(message_id))[address].detail


async def test_mail_in_quiet_hours_waits_for_their_end_and_says_so(free: Desk, sink: Sink) -> None:
    await free.call("operator", "set_pace", quiet_from="11:00", quiet_to="15:30")
    message_id = await letter(free)

    await free.step(sink)
    assert (got(sink), await free.status(message_id)) == ([], "queued")
    history = await free.call("agent", "get_message_history", message_id=message_id)
    assert "waits until 2026-03-02T15:30:00Z" in history.recipients[0].detail
    free.later(3 * HOUR + 30 * MINUTE)
    await free.step(sink)

    assert got(sink) == ["ann@example.org"]
    assert await free.status(message_id) == "delivered"


async def test_the_hours_are_those_of_the_recipients_own_clock(free: Desk, sink: Sink) -> None:
    await free.call("operator", "set_pace", quiet_from="20:00", quiet_to="09:00")
    await free.call("operator", "set_time_zone", domain="example.org", timezone="asia/tokyo")
    await free.call(
        "operator", "manage_contacts", action="upsert", email="bob@example.org",
        metadata={"timezone": "America/Los_Angeles"},
    )  # fmt: skip
    await free.set(metadata={"timezone": "Europe/Berlin"})
    message_id = await letter(free, to=["ann@example.org", "bob@example.org", "cyd@example.net"])

    await free.step(sink)

    waiting = {
        one.address: one.due_at - NOON for one in (await free.deliveries(message_id)).values() if one.detail
    }
    assert got(sink) == ["cyd@example.net"]
    assert waiting["ann@example.org"] == 12 * HOUR
    assert waiting["bob@example.org"] == 5 * HOUR


async def test_a_cap_counts_what_was_handed_over_before_it_was_set(free: Desk, sink: Sink) -> None:
    await letter(free, 1)
    await free.step(sink)
    free.later(HOUR)
    await free.call("operator", "set_pace", per_day=1)
    second = await letter(free, 2)

    await free.step(sink)
    assert len(got(sink)) == 1
    assert "frequency_cap" in await detail(free, second)
    free.later(23 * HOUR)
    await free.step(sink)

    assert len(got(sink)) == 2


async def test_of_two_mails_taken_at_once_a_cap_of_one_lets_one_go(free: Desk, sink: Sink) -> None:
    await free.call("operator", "set_pace", per_day=1)
    mails = [await letter(free, number) for number in range(4)]

    await free.step(sink)
    assert len(got(sink)) == 1
    for _ in range(3):
        free.later(DAY)
        await free.step(sink)

    assert len(got(sink)) == 4
    assert {await free.status(one) for one in mails} == {"delivered"}


async def test_what_was_refused_by_the_next_hop_uses_up_no_cap(free: Desk, sink: Sink) -> None:
    await free.call("operator", "set_pace", per_day=1)
    sink.misbehave(Fault("RCPT", "550 5.7.1 not today"))
    await letter(free, 1)
    await free.step(sink)
    sink.misbehave()
    second = await letter(free, 2)

    await free.step(sink)

    assert await free.status(second) == "delivered"


async def test_a_mail_that_waits_is_not_given_up_for_the_time_it_waited(free: Desk, sink: Sink) -> None:
    await letter(free, 1)
    await free.step(sink)
    await free.call("operator", "set_pace", per_month=1)
    second = await letter(free, 2)
    await free.step(sink)
    sink.misbehave(Fault("RCPT", "450 4.2.0 later", times=1))

    free.later(30 * DAY)
    await free.step(sink)
    assert (await free.deliveries(second))["ann@example.org"].attempts == 1
    free.later(HOUR)
    await free.step(sink)

    assert await free.status(second) == "delivered"


async def test_a_rule_may_refuse_and_then_the_recipient_is_left_out(free: Desk, sink: Sink) -> None:
    await free.call("operator", "set_pace", per_week=1, on_cap="refuse", topic="news")
    await letter(free, 1, topic="news")
    second = await letter(free, 2, topic="News", to=["ann@example.org", "bob@example.org"])
    third = await letter(free, 3, topic="news")
    other = await letter(free, 4)

    await free.step(sink)

    assert sorted(got(sink)) == ["ann@example.org", "ann@example.org", "bob@example.org"]
    assert await free.status(third) == "suppressed"
    assert (await detail(free, second)).startswith("frequency_cap")
    assert await free.status(other) == "delivered"


async def test_transactional_mail_goes_at_once_if_an_operator_says_that_it_is(free: Desk, sink: Sink) -> None:
    await free.call("operator", "set_pace", quiet_from="11:00", quiet_to="15:00")
    claimed = await letter(free, 1, message_class="transactional")
    await free.step(sink)
    assert await free.status(claimed) == "queued"
    await free.set(metadata={"message_class": "transactional"})
    receipt = await letter(free, 2)
    await free.step(sink)
    assert await free.status(receipt) == "delivered"
    await free.call("operator", "set_pace", quiet_from="11:00", quiet_to="15:00", transactional=True)

    last = await letter(free, 3)
    await free.step(sink)

    assert await free.status(last) == "queued"


async def test_copies_to_the_overseer_do_not_wait(free: Desk, sink: Sink) -> None:
    await free.set(auto_bcc=["archive@example.net"])
    await free.call("operator", "set_pace", quiet_from="11:00", quiet_to="15:00")
    await letter(free)

    await free.step(sink)

    assert got(sink) == ["archive@example.net"]


async def test_what_is_kept_here_or_stays_on_this_server_has_the_same_pace(free: Desk) -> None:
    await free.call("operator", "create_mailbox", address="bob@localhost")
    await free.call("operator", "set_pace", per_day=1)
    people = ["ann@example.org", "bob@localhost"]
    first, second = [await letter(free, number, to=people) for number in range(2)]

    await free.step()

    assert {one.status for one in (await free.deliveries(first)).values()} == {"captured", "stored"}
    assert {one.status for one in (await free.deliveries(second)).values()} == {"queued"}
    assert await free.status(second) == "queued"


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
