"""Admission: what is held, what goes, what is refused, and which call is the same mail again."""

from __future__ import annotations

from typing import Any

import pytest

from multimail.core.times import DAY, MINUTE, SECOND
from tests.support.desk import BOX, MAIL, Desk
from tests.support.sink import Sink

pytestmark = pytest.mark.anyio


async def test_a_mail_is_held_and_the_answer_says_all_there_is_to_say(desk: Desk) -> None:
    sent = await desk.send()

    assert (sent.status, sent.oversight_mode, sent.requested_mode) == ("pending_approval", "gated_send", None)
    assert (sent.revision, len(sent.digest), sent.rules) == (1, 40, ["gated_send"])
    assert sent.review_url == f"http://127.0.0.1:8025/review/{sent.message_id}"
    assert (
        sent.expires_at - sent.expires_at.fromtimestamp(desk.clock.now() / 1e6, sent.expires_at.tzinfo)
    ).days == 7
    assert "Do not send it again" in sent.note


async def test_more_freedom_than_the_ceiling_is_no_error_and_the_answer_says_what_holds(desk: Desk) -> None:
    sent = await desk.send(oversight_mode="autonomous")

    assert (sent.status, sent.requested_mode, sent.oversight_mode) == (
        "pending_approval", "autonomous", "gated_send",
    )  # fmt: skip
    assert sent.rules == ["gated_send", "mode_capped"]
    assert "this mailbox allows at most gated_send" in sent.reasons[1]


async def test_a_call_may_be_stricter_than_its_mailbox(desk: Desk, sink: Sink) -> None:
    await desk.set(default_mode="autonomous")

    held = await desk.send(oversight_mode="gated_send")
    other = MAIL | {"subject": "Other", "mailbox": BOX}
    refused = await desk.refused("agent", "send_email", **other, oversight_mode="read_only")
    free = await desk.send(subject="Free")

    assert (held.status, refused.code, free.status) == ("pending_approval", "read_only", "queued")
    assert await desk.step(sink) == 1


async def test_below_a_raised_ceiling_a_call_gets_what_it_asks_for(desk: Desk) -> None:
    await desk.set(ceiling="autonomous")

    assert (await desk.send()).status == "pending_approval"
    assert (await desk.send(subject="Free", oversight_mode="autonomous")).status == "queued"


async def test_a_read_only_mailbox_refuses_whatever_makes_mail_leave(desk: Desk) -> None:
    inbound = await desk.receive()
    held = await desk.send()
    await desk.set(default_mode="read_only")

    for operation, given in {
        "send_email": MAIL | {"subject": "New"},
        "reply_email": {"message_id": inbound, "body": "Yes."},
        "forward_email": {"message_id": inbound, "to": ["bob@example.org"]},
        "edit_pending": {"message_id": held.message_id, "body": "New."},
    }.items():
        assert (await desk.refused("agent", operation, **given)).code == "read_only", operation
    approval = await desk.refused("reviewer", "decide_email", message_id=held.message_id, decision="approve")
    assert approval.code == "read_only"


@pytest.mark.parametrize(
    ("trusted", "copies", "status"),
    [
        ([], {}, "pending_approval"),
        (["ann@example.org"], {}, "queued"),
        (["*@example.org"], {}, "queued"),
        (["*"], {"bcc": ["x@example.com"]}, "queued"),
        (["ann@example.org"], {"cc": ["x@example.com"]}, "pending_approval"),
        (["ann@example.org"], {"bcc": ["x@example.com"]}, "pending_approval"),
    ],
)
async def test_mail_goes_at_once_when_every_recipient_is_trusted(
    desk: Desk, trusted: list[str], copies: dict[str, Any], status: str
) -> None:
    await desk.set(trusted=trusted)

    assert (await desk.send(**copies)).status == status


async def test_automatic_copies_count_among_the_recipients_that_have_to_be_trusted(desk: Desk) -> None:
    await desk.set(trusted=["ann@example.org"], auto_bcc=["archive@example.com"])
    held = await desk.send()
    await desk.set(trusted=["ann@example.org", "archive@example.com"])
    free = await desk.send(subject="Other")

    assert (held.status, free.status) == ("pending_approval", "queued")
    assert free.bcc == ["archive@example.com"]


@pytest.mark.parametrize(
    ("fence", "code"),
    [
        ({}, ""), ({"allowed": ["*"]}, ""), ({"allowed": ["*@example.org"]}, ""),
        ({"allowed": []}, "recipient_not_allowed"), ({"allowed": ["bob@example.org"]}, "recipient_not_allowed"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("mode", ["gated_all", "gated_send", "autonomous"])
async def test_nobody_outside_the_fence_is_mailed_in_any_mode(
    desk: Desk, mode: str, fence: dict[str, Any], code: str
) -> None:
    await desk.set(default_mode=mode, **fence)

    if code:
        problem = await desk.refused("agent", "send_email", **MAIL, mailbox=BOX)
        assert (problem.code, problem.field) == (code, "to")
        assert "ann@example.org" in problem.message
    else:
        assert (await desk.send()).status in {"pending_approval", "queued"}


@pytest.mark.parametrize("mode", ["gated_all", "gated_send", "monitored", "autonomous"])
async def test_a_placeholder_holds_in_every_mode(desk: Desk, mode: str) -> None:
    await desk.set(default_mode=mode, oversight_address="boss@example.com", trusted=["*"])

    sent = await desk.send(body="It costs [REVIEWER: price?].")

    assert sent.status == "pending_approval"
    assert "placeholder" in sent.rules


async def test_more_than_ten_visible_recipients_are_held_and_hidden_ones_are_not(desk: Desk) -> None:
    await desk.set(default_mode="autonomous")
    people = [f"p{number}@example.org" for number in range(11)]

    visible = await desk.send(to=people)
    hidden = await desk.send(to=people[:1], bcc=people[1:])

    assert (visible.status, visible.rules) == ("pending_approval", ["visible_recipients"])
    assert hidden.status == "queued"


async def test_monitored_mail_leaves_with_a_copy_to_the_oversight_address(desk: Desk, sink: Sink) -> None:
    await desk.set(default_mode="monitored", oversight_address="boss@example.com")

    sent = await desk.send()
    desk.later(10 * SECOND)
    await desk.step(sink)

    assert sent.status == "queued"
    assert "message.queued" in await desk.kinds(sent.message_id)
    assert sorted(one for mail in sink.mails for one in mail.recipients) == [
        "ann@example.org",
        "boss@example.com",
    ]
    assert b"boss@example.com" not in sink.mails[0].raw


async def test_the_fifty_first_open_draft_is_refused(desk: Desk) -> None:
    desk.limit(open_drafts=3)
    for number in range(3):
        last = await desk.send(subject=str(number))

    problem = await desk.refused("agent", "send_email", **MAIL, mailbox=BOX)
    assert (problem.code, "the limit is 3" in problem.message) == ("too_many_open_drafts", True)
    assert (await desk.send("other")).status == "pending_approval"
    await desk.decide(last.message_id, "reject")
    assert (await desk.send()).status == "pending_approval"


async def test_a_reply_that_takes_the_place_of_another_needs_no_place_of_its_own(desk: Desk) -> None:
    inbound = await desk.receive()
    desk.limit(open_drafts=1)
    first = await desk.call("agent", "reply_email", message_id=inbound, body="Ten.")

    second = await desk.call("agent", "reply_email", message_id=inbound, body="Twelve.")

    assert second.status == "pending_approval"
    assert await desk.status(first.message_id) == "superseded"


async def test_the_same_mail_again_gets_the_first_ones_answer(desk: Desk) -> None:
    first = await desk.send()
    again = await desk.send()
    other = await desk.send("other")

    assert (again.message_id, again.repeated, first.repeated) == (first.message_id, True, None)
    assert other.message_id != first.message_id


@pytest.mark.parametrize(
    "change",
    [
        {"to": ["bob@example.org"]}, {"cc": ["bob@example.org"]}, {"subject": "Other"}, {"body": "Other"},
        {"attachments": [{"filename": "a.txt", "content_base64": "YQ=="}]}, {"idempotency_key": "k"},
        {"topic": "news"}, {"message_class": "transactional"}, {"region": "EU"},
    ],
    ids="-".join,
)  # fmt: skip
async def test_anything_that_differs_makes_it_a_different_mail(desk: Desk, change: dict[str, Any]) -> None:
    first = await desk.send()

    assert (await desk.send(**change)).message_id != first.message_id


async def test_what_went_counts_as_the_same_for_ten_minutes_and_what_waits_as_long_as_it_waits(
    desk: Desk,
) -> None:
    held = await desk.send()
    await desk.set(default_mode="autonomous")
    gone = await desk.send(subject="Gone")
    desk.later(10 * MINUTE)
    assert (await desk.send(subject="Gone")).message_id == gone.message_id
    desk.later(1)

    assert (await desk.send(subject="Gone")).message_id != gone.message_id
    assert (await desk.send()).message_id == held.message_id


async def test_what_was_rejected_is_no_twin(desk: Desk) -> None:
    first = await desk.send()
    await desk.decide(first.message_id, "reject")

    assert (await desk.send()).message_id != first.message_id


async def test_what_nobody_got_is_no_twin(desk: Desk) -> None:
    """Once an operator has seen to what was missing, the same mail is judged anew."""
    await desk.set(default_mode="autonomous")
    await desk.call("operator", "suppress_address", address="ann@example.org")
    assert (await desk.send()).status == "suppressed"
    await desk.call("operator", "unsuppress_address", address="ann@example.org", note="asked for it")

    sent, again = await desk.send(), await desk.send()

    assert (sent.status, again.message_id, again.repeated) == ("queued", sent.message_id, True)


async def test_who_opted_out_since_the_first_is_no_answer_of_the_first(desk: Desk) -> None:
    await desk.set(default_mode="autonomous")
    both: dict[str, Any] = {"to": ["ann@example.org", "bob@example.org"]}
    nobody_else: dict[str, Any] = {}
    for mail in (nobody_else, both):
        assert (await desk.send(**mail)).status == "queued"
    await desk.step()
    await desk.call("operator", "suppress_address", address="ann@example.org")

    sent, some = await desk.send(), await desk.send(**both)

    assert (sent.status, sent.repeated, some.repeated) == ("suppressed", None, True)


async def test_an_idempotency_key_gives_the_first_answer_for_a_day(desk: Desk) -> None:
    first = await desk.send(idempotency_key="k")
    await desk.decide(first.message_id)
    await desk.step()
    desk.later(DAY)

    again = await desk.send(idempotency_key="k")
    mismatch = await desk.refused(
        "agent", "send_email", **MAIL | {"body": "Other."}, mailbox=BOX, idempotency_key="k"
    )
    desk.later(1)
    new = await desk.send(idempotency_key="k")

    assert (again.message_id, again.repeated, again.status) == (first.message_id, True, "pending_approval")
    assert (mismatch.code, mismatch.field) == ("idempotency_mismatch", "idempotency_key")
    assert new.message_id != first.message_id


async def test_a_key_is_that_of_its_principal_and_a_refused_call_does_not_use_it_up(desk: Desk) -> None:
    await desk.refused("agent", "send_email", **MAIL | {"to": ["nonsense"]}, mailbox=BOX, idempotency_key="k")

    mine = await desk.send(idempotency_key="k")
    theirs = await desk.send("other", idempotency_key="k")

    assert mine.message_id != theirs.message_id
