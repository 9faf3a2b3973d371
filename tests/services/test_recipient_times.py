"""A send time on each recipient's own clock, held, edited, late and over changes of the clocks."""

from __future__ import annotations

from typing import Any

import pytest

from multimail.core.times import DAY, HOUR, MINUTE, to_datetime
from tests.support.desk import NOON, Desk
from tests.support.sink import Sink

pytestmark = pytest.mark.anyio

EVERYWHERE = ["ann@tokyo.test", "bob@berlin.test", "cyd@york.test", "dan@nowhere.test"]


@pytest.fixture
async def world(desk: Desk) -> Desk:
    """People on three clocks and one of whom none is known."""
    await desk.set(default_mode="autonomous", ceiling="autonomous")
    zones = {"tokyo": "Asia/Tokyo", "berlin": "Europe/Berlin", "york": "America/New_York"}
    for name, zone in zones.items():
        await desk.call("operator", "set_time_zone", domain=f"{name}.test", timezone=zone)
    return desk


async def by_clock(desk: Desk, at: str, **more: Any) -> Any:
    given: dict[str, Any] = {"to": EVERYWHERE, "scheduled_at": at, "send_in_recipient_timezone": True} | more
    return await desk.send(**given)


async def due(desk: Desk, message_id: str) -> dict[str, str]:
    """When each delivery goes, in UTC, by the recipient's first name."""
    found = await desk.deliveries(message_id)
    return {name[:3]: f"{to_datetime(one.due_at):%d %H:%M}" for name, one in found.items()}


async def got(desk: Desk, sink: Sink) -> list[str]:
    await desk.timers()
    await desk.step(sink)
    return sorted(address[:3] for mail in sink.mails for address in mail.recipients)


async def test_everybody_gets_it_at_nine_on_his_own_clock(world: Desk, sink: Sink) -> None:
    sent = await by_clock(world, "2026-03-03T09:00:00")

    assert (sent.status, f"{sent.scheduled_at:%d %H:%M}") == ("scheduled", "03 00:00")
    assert await due(world, sent.message_id) == {
        "ann": "03 00:00", "bob": "03 08:00", "cyd": "03 14:00", "dan": "03 09:00"
    }  # fmt: skip
    assert await got(world, sink) == []
    world.later(12 * HOUR)
    assert await got(world, sink) == ["ann"]
    world.later(9 * HOUR)
    assert await got(world, sink) == ["ann", "bob", "dan"]
    assert await world.status(sent.message_id) == "sent"
    world.later(5 * HOUR)
    assert await got(world, sink) == ["ann", "bob", "cyd", "dan"]
    assert await world.status(sent.message_id) == "delivered"


async def test_the_offset_it_is_written_with_says_nothing(world: Desk) -> None:
    sent = await by_clock(world, "2026-03-03T09:00:00+13:00")

    assert (await due(world, sent.message_id))["bob"] == "03 08:00"


@pytest.mark.parametrize(
    ("at", "bob"),
    [("2026-03-29T02:30", "29 01:30"), ("2026-10-25T02:30", "25 00:30"), ("2026-07-01T09:00", "01 07:00")],
)
async def test_clocks_that_are_changed_are_followed(world: Desk, at: str, bob: str) -> None:
    sent = await by_clock(world, at)

    assert (await due(world, sent.message_id))["bob"] == bob


async def test_where_the_hour_is_over_mail_goes_at_once_and_elsewhere_in_time(
    world: Desk, sink: Sink
) -> None:
    sent = await by_clock(world, "2026-03-02T12:00:00")

    assert sent.status == "queued"
    assert await got(world, sink) == ["ann", "bob", "dan"]
    world.later(5 * HOUR)
    assert await got(world, sink) == ["ann", "bob", "cyd", "dan"]


async def test_an_hour_that_is_over_everywhere_is_refused_and_so_is_none_at_all(world: Desk) -> None:
    past = {
        "send_in_recipient_timezone": True,
        "mailbox": world.box,
        "subject": "a",
        "body": "b",
        "to": EVERYWHERE,
    }
    for at in ("2026-03-02T06:00:00", "2026-03-01T09:00:00", "2036-03-01T09:00:00"):
        problem = await world.refused("agent", "send_email", **past, scheduled_at=at)
        assert (problem.code, problem.field) == ("invalid_time", "scheduled_at")

    problem = await world.refused("agent", "send_email", **past)
    assert (problem.code, problem.field) == ("invalid", "scheduled_at")


async def test_an_edit_moves_the_hour_for_everybody(world: Desk) -> None:
    sent = await by_clock(world, "2026-03-03T09:00:00")

    await world.call("agent", "edit_pending", message_id=sent.message_id, body="Other words.")
    assert (await due(world, sent.message_id))["cyd"] == "03 14:00"
    await world.call("agent", "edit_pending", message_id=sent.message_id, scheduled_at="2026-03-04T10:00:00")

    assert await due(world, sent.message_id) == {
        "ann": "04 01:00", "bob": "04 09:00", "cyd": "04 15:00", "dan": "04 10:00"
    }  # fmt: skip


async def test_approval_in_between_sends_late_where_it_is_late_and_in_time_elsewhere(
    world: Desk, sink: Sink
) -> None:
    await world.set(default_mode="gated_send")
    sent = await by_clock(world, "2026-03-03T09:00:00")
    assert sent.status == "pending_approval"
    assert sent.expires_at == to_datetime(NOON + 12 * HOUR + DAY)
    world.later(12 * HOUR + 30 * MINUTE)

    await world.decide(sent.message_id)

    assert await got(world, sink) == ["ann"]
    world.later(14 * HOUR)
    assert await got(world, sink) == ["ann", "bob", "cyd", "dan"]


async def test_each_mail_of_a_batch_goes_at_its_recipients_hour(world: Desk) -> None:
    batch = await world.call(
        "agent", "send_batch", mailbox=world.box, subject="Hello", body="Good morning.",
        recipients=[{"to": one} for one in EVERYWHERE], scheduled_at="2026-03-03T09:00:00",
        send_in_recipient_timezone=True,
    )  # fmt: skip

    found = [await due(world, one.message_id) for one in batch.results]
    assert found == [{"ann": "03 00:00"}, {"bob": "03 08:00"}, {"cyd": "03 14:00"}, {"dan": "03 09:00"}]


async def test_quiet_hours_hold_for_it_as_for_any_mail(world: Desk, sink: Sink) -> None:
    await world.call("operator", "set_pace", quiet_from="22:00", quiet_to="10:00")
    sent = await by_clock(world, "2026-03-03T09:00:00", to=["ann@tokyo.test"])

    world.later(12 * HOUR)
    assert await got(world, sink) == []
    assert await due(world, sent.message_id) == {"ann": "03 01:00"}
    world.later(HOUR)

    assert await got(world, sink) == ["ann"]


async def test_withdrawn_while_some_have_it_the_others_never_get_it(world: Desk, sink: Sink) -> None:
    sent = await by_clock(world, "2026-03-03T09:00:00")
    world.later(12 * HOUR)
    assert await got(world, sink) == ["ann"]

    answer = await world.call("agent", "cancel_message", message_id=sent.message_id)
    world.later(2 * DAY)

    assert (answer.status, answer.cancelled) == ("delivered", True)
    assert await got(world, sink) == ["ann"]
    assert {name[:3]: one.status for name, one in (await world.deliveries(sent.message_id)).items()} == {
        "ann": "sent", "bob": "cancelled", "cyd": "cancelled", "dan": "cancelled"
    }  # fmt: skip
    again = await world.refused("agent", "cancel_message", message_id=sent.message_id)
    assert again.code == "conflict"
