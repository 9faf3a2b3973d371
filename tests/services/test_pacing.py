"""Caps and quiet hours at hand-over: what waits, until when, and that nothing is lost or gets past them."""

from __future__ import annotations

from typing import Any

import pytest

from multimail.core.times import DAY, HOUR, MINUTE
from tests.support.desk import NOON, Desk
from tests.support.sink import Fault, Sink

pytestmark = pytest.mark.anyio


async def letter(desk: Desk, number: int = 1, **more: Any) -> str:
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
    await free.step(sink)
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
    first = await letter(free, 1, to=people)
    await free.step()
    second = await letter(free, 2, to=people)

    await free.step()

    assert {one.status for one in (await free.deliveries(first)).values()} == {"captured", "stored"}
    assert {one.status for one in (await free.deliveries(second)).values()} == {"queued"}
    assert await free.status(second) == "queued"
