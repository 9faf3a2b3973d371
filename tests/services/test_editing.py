"""Editing and withdrawing: always a new revision, judged anew; and up to the hand-over nothing is too late."""

from __future__ import annotations

import pytest

from multimail.core.times import HOUR, SECOND
from tests.support.desk import Desk
from tests.support.sink import Fault, Sink

pytestmark = pytest.mark.anyio


async def test_an_edit_is_a_new_revision_and_the_old_one_stays(desk: Desk) -> None:
    sent = await desk.send()

    edited = await desk.call("agent", "edit_pending", message_id=sent.message_id, body="On Tuesday.")
    history = await desk.call("agent", "get_message_history", message_id=sent.message_id)

    assert (edited.message_id, edited.revision, edited.status) == (sent.message_id, 2, "pending_approval")
    assert [row.body for row in history.revisions] == ["See you on **Monday**.", "On Tuesday."]
    assert "+On Tuesday." in history.revisions[1].diff


async def test_an_edit_that_changes_nothing_is_a_repeat(desk: Desk) -> None:
    sent = await desk.send()

    edited = await desk.call("agent", "edit_pending", message_id=sent.message_id, subject="Monday")

    assert (edited.repeated, edited.revision, edited.digest) == (True, 1, sent.digest)


async def test_changes_that_were_asked_for_come_back_to_the_reviewer(desk: Desk) -> None:
    await desk.set(default_mode="autonomous")
    sent = await desk.send(body="[REVIEWER: price]")
    await desk.decide(sent.message_id, "request_changes", note="Say the price.")
    assert await desk.status(sent.message_id) == "changes_requested"

    edited = await desk.call("agent", "edit_pending", message_id=sent.message_id, body="Ten euros.")

    assert (edited.status, edited.rules) == ("pending_approval", ["sent_back"])
    assert (await desk.decide(sent.message_id, digest=edited.digest)).status == "queued"


async def test_only_what_is_given_changes_and_names_stay(desk: Desk, sink: Sink) -> None:
    sent = await desk.send(to=["Ann Lee <ann@example.org>"], cc=["Bob <bob@example.org>"])

    edited = await desk.call("agent", "edit_pending", message_id=sent.message_id, bcc=["eve@example.org"])
    await desk.decide(sent.message_id, digest=edited.digest)
    await desk.step(sink)

    assert (edited.to, edited.cc, edited.bcc) == (
        ["ann@example.org"],
        ["bob@example.org"],
        ["eve@example.org"],
    )
    assert b"To: Ann Lee <ann@example.org>" in sink.mails[0].raw
    assert b"Cc: Bob <bob@example.org>" in sink.mails[0].raw
    assert b"eve@" not in sink.mails[0].raw


async def test_a_recipient_who_was_taken_out_gets_nothing(desk: Desk, sink: Sink) -> None:
    sent = await desk.send(cc=["bob@example.org"])
    edited = await desk.call("agent", "edit_pending", message_id=sent.message_id, cc=[])

    await desk.decide(sent.message_id, digest=edited.digest)
    await desk.step(sink)

    assert [mail.recipients for mail in sink.mails] == [("ann@example.org",)]
    assert await desk.status(sent.message_id) == "delivered"


async def test_tags_go_where_the_mail_goes(desk: Desk) -> None:
    sent = await desk.send(tags=["spring"])

    await desk.call("agent", "edit_pending", message_id=sent.message_id, to=["bob@example.org"])

    assert (await desk.contact_tags(), await desk.contact_tags("bob@example.org")) == ((), ("spring",))


@pytest.mark.parametrize("decision", ["", "request_changes", "escalate"])
async def test_edited_so_that_only_who_opted_out_is_left_it_goes_nowhere(desk: Desk, decision: str) -> None:
    await desk.call("operator", "tag_email", email="bob@example.org", tags=["suppressed"])
    sent = await desk.send(tags=["spring"])
    if decision:
        await desk.decide(sent.message_id, decision, note="n")

    edited = await desk.call("agent", "edit_pending", message_id=sent.message_id, to=["bob@example.org"])

    assert (edited.status, edited.suppressed) == ("suppressed", ["bob@example.org"])
    assert await desk.contact_tags() == ()


async def test_an_edit_of_approved_mail_voids_the_approval(desk: Desk, sink: Sink) -> None:
    sent = await desk.send(scheduled_at=desk.at(HOUR))
    await desk.decide(sent.message_id)

    edited = await desk.call("agent", "edit_pending", message_id=sent.message_id, body="Other.")
    desk.later(2 * HOUR)

    assert edited.status == "pending_approval"
    assert await desk.timers() + await desk.step(sink) == 0
    assert (await desk.message(sent.message_id)).approved_digest is None


async def test_an_edit_is_judged_anew_and_may_be_held_for_another_reason(desk: Desk) -> None:
    await desk.set(default_mode="autonomous")
    sent = await desk.send(scheduled_at=desk.at(HOUR))

    edited = await desk.call("agent", "edit_pending", message_id=sent.message_id, body="Dear {{name}}")

    assert (edited.status, edited.rules) == ("pending_approval", ["placeholder"])


async def test_free_scheduled_mail_may_be_moved_and_goes_at_its_new_time(desk: Desk, sink: Sink) -> None:
    await desk.set(default_mode="autonomous")
    sent = await desk.send(scheduled_at=desk.at(HOUR))

    moved = await desk.call(
        "agent", "edit_pending", message_id=sent.message_id, scheduled_at=desk.at(2 * HOUR)
    )
    desk.later(HOUR)
    assert (moved.status, await desk.timers()) == ("scheduled", 0)
    desk.later(HOUR)

    assert (await desk.timers(), await desk.step(sink)) == (1, 1)


async def test_what_left_or_ended_cannot_be_edited(desk: Desk) -> None:
    sent = await desk.send()
    await desk.decide(sent.message_id, "reject")

    problem = await desk.refused("agent", "edit_pending", message_id=sent.message_id, body="x")

    assert (problem.code, "rejected" in problem.message) == ("conflict", True)


@pytest.mark.parametrize("operation", ["edit_pending", "cancel_message"])
async def test_mail_is_its_authors_and_operators_to_change(desk: Desk, operation: str) -> None:
    sent = await desk.send()
    inbound = await desk.receive()
    more = {"body": "x"} if operation == "edit_pending" else {}

    others = await desk.refused("other", operation, message_id=sent.message_id, **more)
    arrived = await desk.refused("agent", operation, message_id=inbound, **more)
    assert (others.code, arrived.code) == ("forbidden", "conflict")
    assert await desk.call("operator", operation, message_id=sent.message_id, **more)


async def test_an_operator_who_edited_decides_on_it_and_the_author_still_does_not(desk: Desk) -> None:
    sent = await desk.send()
    edited = await desk.call("operator", "edit_pending", message_id=sent.message_id, body="x")

    assert (await desk.decide(sent.message_id, who="operator", digest=edited.digest)).status == "queued"


async def test_held_mail_is_withdrawn_and_doing_it_again_is_the_same_answer(desk: Desk) -> None:
    sent = await desk.send(tags=["spring"])
    assert await desk.contact_tags() == ("spring",)

    first = await desk.call("agent", "cancel_message", message_id=sent.message_id, reason="not needed")
    again = await desk.call("agent", "cancel_message", message_id=sent.message_id, reason="not needed")

    assert first == again
    assert (first.status, await desk.contact_tags()) == ("cancelled", ())
    assert [(one.decision, one.note) for one in await desk.decisions(sent.message_id)] == [
        ("cancel", "not needed")
    ]


async def test_approved_mail_is_withdrawn_up_to_its_hand_over(desk: Desk, sink: Sink) -> None:
    sent = await desk.send()
    await desk.decide(sent.message_id)

    await desk.call("agent", "cancel_message", message_id=sent.message_id)

    assert (await desk.step(sink), sink.mails) == (0, [])
    assert await desk.status(sent.message_id) == "cancelled"


async def test_within_the_undo_window_it_is_withdrawn_and_after_it_is_gone(desk: Desk, sink: Sink) -> None:
    await desk.set(default_mode="monitored", oversight_address="boss@example.com")
    one, other = await desk.send(), await desk.send(subject="Other")
    desk.later(10 * SECOND - 1)
    assert (one.status, await desk.step(sink)) == ("queued", 0)
    await desk.call("agent", "cancel_message", message_id=one.message_id)
    desk.later(1)
    await desk.step(sink)

    problem = await desk.refused("agent", "cancel_message", message_id=other.message_id)
    assert (problem.code, len({mail.message_id for mail in sink.mails})) == ("conflict", 1)


async def test_mail_that_a_next_hop_put_off_is_still_withdrawn(desk: Desk, sink: Sink) -> None:
    sink.misbehave(Fault("DOT", "451 4.3.0 later"))
    sent = await desk.send()
    await desk.decide(sent.message_id)
    await desk.step(sink)
    assert await desk.status(sent.message_id) == "sending"

    await desk.call("agent", "cancel_message", message_id=sent.message_id)
    sink.misbehave()
    desk.later(24 * HOUR)

    assert (await desk.step(sink), sink.mails) == (0, [])


async def test_mail_that_somebody_has_cannot_be_withdrawn(desk: Desk, sink: Sink) -> None:
    sink.misbehave(Fault("RCPT", "450 4.2.0 later", recipient="bob@example.org"))
    sent = await desk.send(cc=["bob@example.org"])
    await desk.decide(sent.message_id)
    await desk.step(sink)

    problem = await desk.refused("agent", "cancel_message", message_id=sent.message_id)

    assert (problem.code, await desk.status(sent.message_id)) == ("conflict", "sent")


async def test_a_mail_is_not_edited_away(desk: Desk) -> None:
    sent = await desk.send()

    problem = await desk.refused("agent", "edit_pending", message_id=sent.message_id, body=" \n")

    assert (problem.code, problem.field) == ("invalid", "body")
