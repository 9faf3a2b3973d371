"""Approval: the reviewer's own text, placeholders, late mail, two people, and what may not leave all the same."""

from __future__ import annotations

import pytest

from multimail.core.times import HOUR, MINUTE
from tests.support.desk import Desk
from tests.support.sink import Sink

pytestmark = pytest.mark.anyio


async def test_the_reviewers_text_is_what_leaves_and_the_author_gets_the_difference(
    desk: Desk, sink: Sink
) -> None:
    sent = await desk.send()

    view = await desk.decide(
        sent.message_id, revised_body="See you on **Tuesday**.", revised_subject="Tuesday"
    )
    await desk.step(sink)
    told = await desk.call("agent", "wait_for_decision", message_id=sent.message_id, timeout_seconds=0)

    assert (view.status, view.revision, view.digest != sent.digest) == ("queued", 2, True)
    assert told.decision.diff == view.diff
    assert "-See you on **Monday**." in view.diff
    assert "+See you on **Tuesday**." in view.diff
    assert b"Subject: Tuesday" in sink.mails[0].raw
    assert b"Monday" not in sink.mails[0].raw


async def test_a_text_that_changes_nothing_makes_no_revision(desk: Desk) -> None:
    sent = await desk.send()

    view = await desk.decide(sent.message_id, revised_body="See you on **Monday**.", revised_subject="Monday")

    assert (view.revision, view.digest, view.diff) == (1, sent.digest, None)


async def test_attachments_and_hidden_recipients_survive_a_reviewers_text(desk: Desk, sink: Sink) -> None:
    file = {"filename": "plan.txt", "content_base64": "cGxhbg=="}
    sent = await desk.send(attachments=[file], bcc=["Bob <bob@example.org>"])

    await desk.decide(sent.message_id, revised_body="New.")
    await desk.step(sink)
    [meta] = await desk.read(lambda tx: tx.messages.attachments(sent.message_id))
    assert (meta.filename, meta.position) == ("plan.txt", 1)

    assert [one.recipients for one in sink.mails] == [("ann@example.org",), ("bob@example.org",)]
    assert all(b'filename="plan.txt"' in one.raw for one in sink.mails)
    assert all(b"cGxhbg==" in one.raw for one in sink.mails)


async def test_a_line_break_in_a_reviewers_subject_is_refused(desk: Desk) -> None:
    sent = await desk.send()

    problem = await desk.refused(
        "reviewer",
        "decide_email",
        message_id=sent.message_id,
        decision="approve",
        revised_subject="A\nBcc: x",
    )

    assert (problem.code, problem.field) == ("header_injection", "revised_subject")
    assert await desk.status(sent.message_id) == "pending_approval"


async def test_placeholders_refuse_approval_until_filled_in_or_confirmed(desk: Desk) -> None:
    filled = await desk.send(body="It costs [REVIEWER: price].")
    kept = await desk.send(body="Write {{name}} in your template.")

    problem = await desk.refused("reviewer", "decide_email", message_id=kept.message_id, decision="approve")

    assert (problem.code, "{{name}}" in problem.message) == ("placeholders_unresolved", True)
    assert (await desk.decide(filled.message_id, revised_body="It costs ten.")).status == "queued"
    assert (await desk.decide(kept.message_id, confirm_placeholders=True)).status == "queued"


async def test_a_reviewers_text_with_a_placeholder_is_refused_and_changes_nothing(desk: Desk) -> None:
    sent = await desk.send()

    problem = await desk.refused(
        "reviewer",
        "decide_email",
        message_id=sent.message_id,
        decision="approve",
        revised_body="[TODO price]",
    )

    assert problem.code == "placeholders_unresolved"
    assert (await desk.message(sent.message_id)).revision == 1


async def test_approved_before_its_time_a_mail_waits_for_it(desk: Desk, sink: Sink) -> None:
    sent = await desk.send(scheduled_at=desk.at(HOUR))

    view = await desk.decide(sent.message_id)
    assert (view.status, view.late_seconds) == ("scheduled", None)
    desk.later(HOUR - 1)
    assert await desk.timers() + await desk.step(sink) == 0
    desk.later(1)

    assert (await desk.timers(), await desk.step(sink)) == (1, 1)


async def test_approved_late_it_goes_at_once_and_the_answer_says_how_late(desk: Desk, sink: Sink) -> None:
    sent = await desk.send(scheduled_at=desk.at(MINUTE))
    desk.later(61 * MINUTE)

    view = await desk.decide(sent.message_id)

    assert (view.status, view.late_seconds) == ("queued", 3600)
    assert await desk.step(sink) == 1


async def test_past_one_hour_somebody_has_to_say_that_late_is_fine(desk: Desk) -> None:
    sent = await desk.send(scheduled_at=desk.at(MINUTE))
    desk.later(61 * MINUTE + 1)

    problem = await desk.refused("reviewer", "decide_email", message_id=sent.message_id, decision="approve")

    assert (problem.code, problem.field) == ("late", "late_ok")
    assert (await desk.decide(sent.message_id, late_ok=True)).status == "queued"


async def test_a_mailbox_may_ask_for_a_second_person_when_the_reviewer_edits(desk: Desk, sink: Sink) -> None:
    await desk.set(two_person=True)
    sent = await desk.send()

    first = await desk.decide(sent.message_id, revised_body="On Tuesday.")
    assert (first.status, first.approvals_missing) == ("pending_approval", 1)
    again = await desk.decide(sent.message_id, revised_body="On Tuesday.")
    assert (again.repeated, again.approvals_missing) == (True, 1)
    assert await desk.step(sink) == 0
    second = await desk.decide(sent.message_id, who="second", digest=first.digest)

    assert (second.status, second.approvals_missing) == ("queued", None)


async def test_a_second_reviewer_who_edits_needs_another_one_as_well(desk: Desk) -> None:
    await desk.set(two_person=True)
    sent = await desk.send()
    first = await desk.decide(sent.message_id, revised_body="On Tuesday.")

    second = await desk.decide(
        sent.message_id, who="second", digest=first.digest, revised_body="On Wednesday."
    )

    assert second.status == "pending_approval"
    assert (await desk.decide(sent.message_id, digest=second.digest)).status == "queued"


async def test_unedited_mail_needs_one_person_even_where_two_are_asked_for(desk: Desk) -> None:
    await desk.set(two_person=True)
    sent = await desk.send()

    assert (await desk.decide(sent.message_id)).status == "queued"


async def test_what_was_sent_back_or_passed_on_can_be_approved_after_all(desk: Desk) -> None:
    for decision in ("request_changes", "escalate"):
        sent = await desk.send(subject=decision)
        await desk.decide(sent.message_id, decision, note="n")
        assert (await desk.decide(sent.message_id)).status == "queued"


async def test_a_fence_put_up_meanwhile_holds_for_the_approval(desk: Desk) -> None:
    sent = await desk.send()
    await desk.set(allowed=["*@example.com"])

    problem = await desk.refused("reviewer", "decide_email", message_id=sent.message_id, decision="approve")

    assert (problem.code, "ann@example.org" in problem.message) == ("recipient_not_allowed", True)


async def test_mail_that_was_stopped_by_read_only_can_be_approved_once_that_is_over(
    desk: Desk, sink: Sink
) -> None:
    await desk.set(default_mode="autonomous")
    sent = await desk.send()
    await desk.set(default_mode="read_only")
    assert (await desk.status(sent.message_id), await desk.step(sink)) == ("pending_approval", 0)
    await desk.set(default_mode="gated_send")

    assert (await desk.decide(sent.message_id)).status == "queued"
    assert await desk.step(sink) == 1


async def test_who_opted_out_meanwhile_is_left_out_and_the_history_says_why(desk: Desk) -> None:
    sent = await desk.send(cc=["bob@example.org"], tags=["spring"])
    await desk.call("operator", "tag_email", email="ann@example.org", tags=["unsubscribed"])

    await desk.decide(sent.message_id)
    history = await desk.call("agent", "get_message_history", message_id=sent.message_id)

    assert [(one.address, one.status, one.detail) for one in history.recipients] == [
        ("ann@example.org", "suppressed", "unsubscribed"),
        ("bob@example.org", "queued", None),
    ]


async def test_a_reviewers_text_for_nobody_leaves_nothing_to_send(desk: Desk) -> None:
    sent = await desk.send()
    await desk.call("operator", "tag_email", email="ann@example.org", tags=["suppressed"])

    assert (await desk.decide(sent.message_id, revised_body="On Tuesday.")).status == "suppressed"


async def test_when_nobody_is_left_the_tags_that_the_mail_brought_go(desk: Desk) -> None:
    sent = await desk.send(tags=["spring"])
    await desk.call("operator", "tag_email", email="ann@example.org", tags=["suppressed"])

    assert (await desk.decide(sent.message_id)).status == "suppressed"
    assert await desk.contact_tags() == ("suppressed",)


async def test_a_reviewer_does_not_send_an_empty_mail(desk: Desk) -> None:
    sent = await desk.send()

    problem = await desk.refused(
        "reviewer", "decide_email", message_id=sent.message_id, decision="approve", revised_body=" \n"
    )

    assert (problem.code, problem.field) == ("invalid", "revised_body")
    assert await desk.status(sent.message_id) == "pending_approval"
