"""Where a verdict leads: the state, the window to undo, the moment when waiting ends; and what makes two calls one."""

from __future__ import annotations

from datetime import datetime

import pytest

from multimail.core.times import DAY, HOUR, SECOND, from_datetime
from tests.support.desk import NOON, Desk

pytestmark = pytest.mark.anyio


def micros(moment: datetime | None) -> int | None:
    return from_datetime(moment) - NOON if moment else None


@pytest.mark.parametrize(
    ("settings", "window"),
    [
        ({"default_mode": "autonomous"}, None),
        ({"default_mode": "monitored", "oversight_address": "boss@example.com"}, 10 * SECOND),
        ({"default_mode": "monitored", "oversight_address": "boss@example.com", "undo_seconds": 0}, None),
        ({"default_mode": "autonomous", "undo_seconds": 60}, 60 * SECOND),
        ({"default_mode": "gated_send", "trusted": ["*"]}, None),
    ],
)  # fmt: skip
async def test_the_window_to_undo_is_that_of_the_mode_or_of_the_mailbox(
    desk: Desk, settings: dict[str, object], window: int | None
) -> None:
    await desk.set(**settings)

    sent = await desk.send()

    assert (sent.status, micros(sent.undo_until)) == ("queued", window)


async def test_waiting_ends_after_seven_days_or_a_day_after_its_time(desk: Desk) -> None:
    at_once, later = await desk.send(), await desk.send(subject="Later", scheduled_at=desk.at(30 * DAY))

    assert [micros(one.expires_at) for one in (at_once, later)] == [7 * DAY, 31 * DAY]


async def test_scheduled_mail_has_its_time_and_no_window(desk: Desk) -> None:
    await desk.set(default_mode="autonomous", undo_seconds=60)

    sent = await desk.send(scheduled_at=desk.at(HOUR))

    assert (sent.status, micros(sent.scheduled_at), sent.undo_until) == ("scheduled", HOUR, None)


async def test_mail_to_one_thread_at_a_time_starts_a_thread_of_its_own(desk: Desk) -> None:
    one, other = await desk.send(), await desk.send(subject="Other")

    assert one.thread_id != other.thread_id


async def test_the_order_of_recipients_and_their_spelling_make_no_other_mail(desk: Desk) -> None:
    one = await desk.send(to=["ann@example.org", "bob@example.org"])
    other = await desk.send(to=["bob@EXAMPLE.org", "ann@example.org"])

    assert (other.message_id, other.repeated) == (one.message_id, True)


async def test_who_is_left_out_has_a_delivery_that_says_why_and_is_never_tried(desk: Desk) -> None:
    await desk.call("operator", "tag_email", email="ann@example.org", tags=["unsubscribed"])
    sent = await desk.send(cc=["bob@example.org"])

    found = await desk.deliveries(sent.message_id)

    assert {address: (one.status, one.detail) for address, one in found.items()} == {
        "ann@example.org": ("suppressed", "unsubscribed"), "bob@example.org": ("waiting", ""),
    }  # fmt: skip
