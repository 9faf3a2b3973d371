"""A campaign as an agent runs it: the contact's tags say which step comes next, and an opt-out ends it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from multimail.core.times import DAY
from tests.support.desk import Desk, opened
from tests.support.sink import Sink

pytestmark = pytest.mark.anyio

ANN = "ann@example.org"
SCRIPT = ("Welcome", "First steps", "Offer")


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with opened(tmp_path) as desk:
        yield desk


async def drip(desk: Desk) -> str:
    """The next mail of the sequence, as the tags of the contact say; what became of it."""
    found = (await desk.call("agent", "manage_contacts", query=ANN)).contacts
    tags = found[0].tags if found else []
    step = sum(tag.startswith("drip_step_") for tag in tags)
    if {"drip_complete", "unsubscribed"} & set(tags):
        return "ended"
    if step == len(SCRIPT):
        await desk.call("agent", "tag_email", contact_id=found[0].contact_id, tags=["drip_complete"])
        return "complete"
    mail: dict[str, Any] = {"to": ANN, "subject": SCRIPT[step], "tags": [f"drip_step_{step}", "drip"]}
    return str((await desk.send(**mail)).status)


async def test_four_calls_send_three_steps_and_a_fifth_does_nothing(desk: Desk) -> None:
    await desk.set(default_mode="autonomous")

    assert [await drip(desk) for _ in range(5)] == ["queued", "queued", "queued", "complete", "ended"]
    with Sink() as sink:
        await desk.step(sink)
        assert {mail.recipients for mail in sink.wait_for(3)} == {(ANN,)}
        assert len(sink.mails) == 3


async def test_an_answer_is_found_by_the_campaigns_tag_and_an_opt_out_ends_it(desk: Desk) -> None:
    await desk.set(default_mode="autonomous")
    await drip(desk)
    with Sink() as sink:
        await desk.step(sink)
        first = sink.wait_for(1)[0].message_id
    await desk.receive("Tell me more.", From=ANN, Subject="Re: Welcome", In_Reply_To=first)
    asked = {"tags": ["drip"], "unread": True}
    found = (await desk.call("agent", "check_inbox", filter={**asked, "direction": "inbound"})).messages
    assert [(one.sender, one.subject) for one in found] == [(ANN, "Re: Welcome")]

    await desk.receive("UNSUBSCRIBE", From=ANN, Subject="Re: Welcome", In_Reply_To=first)

    assert await drip(desk) == "ended"
    assert (await desk.send(to=ANN, subject="One more")).status == "suppressed"


@pytest.mark.parametrize("end", ["reject", "cancel", "expire"])
async def test_a_step_that_never_left_is_tried_again(desk: Desk, end: str) -> None:
    assert await drip(desk) == "pending_approval"
    waiting = (await desk.call("agent", "list_pending")).pending[0].message_id
    if end == "reject":
        await desk.decide(waiting, "reject", note="Not now.")
    elif end == "cancel":
        await desk.call("agent", "cancel_message", message_id=waiting)
    else:
        desk.later(8 * DAY)
        await desk.timers()

    assert await desk.contact_tags() == ()
    assert await drip(desk) == "pending_approval"
    assert (await desk.call("agent", "list_pending")).pending[0].subject == "Welcome"
