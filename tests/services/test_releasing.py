"""Releasing: an operator lets captured or unknown mail leave, under the same Message-ID, and nobody else does."""

from __future__ import annotations

from typing import Any

import pytest

from multimail.core.times import HOUR
from tests.support.desk import Desk
from tests.support.sink import Fault, Sink

pytestmark = pytest.mark.anyio


async def captured(desk: Desk, **changes: Any) -> str:
    """A mail that was kept here."""
    await desk.set(default_mode="autonomous", deliver="capture")
    sent = await desk.send(**changes)
    await desk.step()
    return str(sent.message_id)


async def test_a_captured_mail_leaves_when_an_operator_says_so(desk: Desk, sink: Sink) -> None:
    message_id = await captured(desk)

    view = await desk.call("operator", "release_message", message_id=message_id, note="checked")
    await desk.step(sink)

    message = await desk.message(message_id)
    assert (view.status, message.status, message.delivery) == ("queued", "delivered", "relayed")
    assert sink.count(message.header_id) == 1
    assert [(one.decision, one.note) for one in await desk.decisions(message_id)] == [("release", "checked")]
    assert "message.released" in await desk.kinds(message_id)


async def test_a_release_outlasts_a_next_hop_that_puts_the_mail_off(desk: Desk, sink: Sink) -> None:
    sink.misbehave(Fault("RCPT", "450 4.2.0 later"))
    message_id = await captured(desk)
    await desk.call("operator", "release_message", message_id=message_id)
    await desk.step(sink)
    sink.misbehave()
    desk.later(HOUR)

    await desk.step(sink)

    assert ((await desk.message(message_id)).delivery, len(sink.mails)) == ("relayed", 1)


async def test_an_unknown_mail_goes_again_under_the_same_id(desk: Desk, sink: Sink) -> None:
    await desk.set(default_mode="autonomous")
    sink.misbehave(Fault("DOT", action="drop", keep=True))
    sent = await desk.send()
    await desk.step(sink)
    sink.misbehave()
    assert await desk.status(sent.message_id) == "unknown"

    await desk.call("operator", "release_message", message_id=sent.message_id)
    await desk.step(sink)

    assert await desk.status(sent.message_id) == "delivered"
    assert sink.count((await desk.message(sent.message_id)).header_id) == 2


async def test_only_what_was_kept_or_is_unknown_can_be_released(desk: Desk, sink: Sink) -> None:
    held = await desk.send()
    inbound = await desk.receive()
    message_id = await captured(desk, subject="Kept")
    await desk.call("operator", "release_message", message_id=message_id)
    await desk.step(sink)

    for one in (held.message_id, inbound, message_id):
        assert (await desk.refused("operator", "release_message", message_id=one)).code == "conflict"


async def test_without_a_relay_there_is_nowhere_to_release_to(desk: Desk) -> None:
    message_id = await captured(desk)
    await desk.write(lambda tx: tx.settings.set("server", {"transport": "capture"}))

    assert (await desk.refused("operator", "release_message", message_id=message_id)).code == "unavailable"


@pytest.mark.parametrize("who", ["agent", "reviewer", "owner", "viewer", "bot"])
async def test_nobody_but_an_operator_releases(desk: Desk, who: str) -> None:
    message_id = await captured(desk)

    assert (await desk.refused(who, "release_message", message_id=message_id)).code == "forbidden"


@pytest.mark.parametrize(
    ("settings", "code"),
    [({"default_mode": "read_only"}, "read_only"), ({"allowed": []}, "recipient_not_allowed")],
)
async def test_read_only_and_the_fence_hold_for_a_release(
    desk: Desk, settings: dict[str, Any], code: str
) -> None:
    message_id = await captured(desk)
    await desk.set(**settings)

    assert (await desk.refused("operator", "release_message", message_id=message_id)).code == code


async def test_a_release_is_not_counted_against_the_caps_again(desk: Desk, sink: Sink) -> None:
    message_id = await captured(desk)
    await desk.set(cap_per_hour=1)

    await desk.call("operator", "release_message", message_id=message_id)

    assert await desk.step(sink) == 1


async def test_a_release_waits_for_the_end_of_a_freeze_and_leaves_out_who_opted_out(
    desk: Desk, sink: Sink
) -> None:
    message_id = await captured(desk, cc=["bob@example.org"])
    await desk.call("operator", "tag_email", email="ann@example.org", tags=["unsubscribed"])
    await desk.call("reviewer", "freeze")
    await desk.call("operator", "release_message", message_id=message_id)
    assert await desk.step(sink) == 0

    await desk.call("operator", "unfreeze")
    await desk.step(sink)

    assert [mail.recipients for mail in sink.mails] == [("bob@example.org",)]
