"""The queue: everything a person needs to decide, oldest first, within one byte budget."""

from __future__ import annotations

from typing import Any

import pytest

from multimail.core.times import HOUR
from tests.support.desk import BOX, Desk

pytestmark = pytest.mark.anyio


async def ids(desk: Desk, who: str = "reviewer", **filters: Any) -> list[str]:
    return [one.message_id for one in (await desk.call(who, "list_pending", **filters)).pending]


async def test_an_item_is_all_a_decision_is_about(desk: Desk) -> None:
    inbound = await desk.receive()
    await desk.set(auto_bcc=["archive@example.com"])
    sent = await desk.call(
        "agent", "reply_email", message_id=inbound, body="Ten {{currency}}.", cc=["bob@example.org"],
        tags=["offer"], metadata={"case": 7}, scheduled_at=desk.at(HOUR), oversight_mode="monitored",
        attachments=[{"filename": "plan.txt", "content_base64": "cGxhbg=="}],
    )  # fmt: skip

    [item] = (await desk.call("reviewer", "list_pending")).pending

    expected = {
        "message_id": sent.message_id, "mailbox": BOX, "sender": BOX, "status": "pending_approval",
        "to": ["ann@example.org"], "cc": ["bob@example.org"], "automatic": ["bcc: archive@example.com"],
        "subject": "Re: A question", "body": "Ten {{currency}}.", "digest": sent.digest, "revision": 1,
        "rules": ["gated_send", "placeholder", "mode_capped"], "placeholders": ["{{currency}}"],
        "requested_mode": "monitored", "oversight_mode": "gated_send", "tags": ["offer"],
        "metadata": {"case": 7}, "late_seconds": None,
    }  # fmt: skip
    shown = item.model_dump()
    assert {name: shown[name] for name in expected} == expected
    assert len(item.reasons) == 3
    assert [one.filename for one in item.attachments] == ["plan.txt"]
    assert item.submitted_by.startswith("agent (key_")
    assert item.original.body.strip() == "How much is it?"
    assert item.review_url.endswith(sent.message_id)


async def test_the_conversation_before_it_is_shown_without_the_mail_it_answers(desk: Desk) -> None:
    first = await desk.receive("First.")
    header = (await desk.message(first)).header_id
    second = await desk.receive("Second.", In_Reply_To=header)
    await desk.call("agent", "reply_email", message_id=second, body="Yes.")

    [item] = (await desk.call("reviewer", "list_pending")).pending

    assert item.original.message_id == second
    assert [one.message_id for one in item.thread] == [first]


async def test_what_waits_is_listed_by_age_and_paged(desk: Desk) -> None:
    sent = [(await desk.send(subject=str(number))).message_id for number in range(5)]

    first = await desk.call("reviewer", "list_pending", limit=2)
    second = await desk.call("reviewer", "list_pending", limit=2, cursor=first.cursor)
    third = await desk.call("reviewer", "list_pending", limit=2, cursor=second.cursor)

    found = [one.message_id for page in (first, second, third) for one in page.pending]
    assert (found, third.cursor) == (sent, None)


@pytest.mark.parametrize("cursor", ["x1", "p", "p-1", "p" + "9" * 30])
async def test_a_foreign_cursor_is_refused(desk: Desk, cursor: str) -> None:
    assert (await desk.refused("reviewer", "list_pending", cursor=cursor)).code == "invalid_cursor"


async def test_bodies_share_one_budget_and_what_was_cut_is_counted(desk: Desk) -> None:
    for number in range(3):
        await desk.send(subject=str(number), body="x" * 900)

    listed = await desk.call("reviewer", "list_pending", max_bytes=1024)

    sizes = [len(one.body) for one in listed.pending]
    assert sizes == [900, 200, 200]
    assert (listed.pending[1].body_cut, listed.cut) == (700, 1400)


async def test_by_state_by_tag_and_by_id(desk: Desk) -> None:
    plain, tagged = await desk.send(), await desk.send(subject="T", tags=["spring=early"])
    await desk.decide(plain.message_id, "escalate")

    assert await ids(desk, status="escalated") == [plain.message_id]
    assert await ids(desk, status="pending") == [tagged.message_id]
    assert await ids(desk, tag="spring") == [tagged.message_id]
    assert await ids(desk, tags=["spring=early"]) == [tagged.message_id]
    assert await ids(desk, tags=["spring=late"]) == []
    assert await ids(desk, message_id=plain.message_id) == [plain.message_id]
    assert await ids(desk, message_id=plain.message_id, status="scheduled") == []


async def test_a_state_in_which_nothing_waits_is_refused_with_those_there_are(desk: Desk) -> None:
    problem = await desk.refused("agent", "list_pending", status="sent")

    assert (problem.code, problem.field, "escalated" in problem.advice) == ("invalid", "status", True)


async def test_scheduled_mail_waits_for_its_time_in_the_same_list(desk: Desk) -> None:
    sent = await desk.send(scheduled_at=desk.at(HOUR))
    await desk.decide(sent.message_id)

    assert await ids(desk, "agent", status="scheduled") == [sent.message_id]


async def test_mail_past_its_time_says_how_late_it_is(desk: Desk) -> None:
    await desk.send(scheduled_at=desk.at(HOUR))
    desk.later(2 * HOUR)

    [item] = (await desk.call("reviewer", "list_pending")).pending

    assert item.late_seconds == 3600


async def test_by_mailbox_or_by_the_address_that_watches_over_it(desk: Desk) -> None:
    await desk.call(
        "operator", "create_mailbox", address="shop@localhost", oversight_address="boss@example.com"
    )
    here, there = await desk.send(), await desk.send(mailbox="shop@localhost")

    assert await ids(desk, mailbox=BOX) == [here.message_id]
    assert await ids(desk, mailbox="boss@example.com") == [there.message_id]
    assert (await desk.refused("reviewer", "list_pending", mailbox="x@example.com")).code == "unknown_mailbox"


async def test_held_arrivals_are_in_the_list_of_those_who_oversee_and_in_no_other(desk: Desk) -> None:
    await desk.set(default_mode="gated_all")
    held = await desk.receive()

    assert await ids(desk) == [held]
    assert await ids(desk, "agent") == await ids(desk, "owner") == []
    assert await ids(desk, "agent", status="pending_inbound_approval") == []


async def test_only_whoever_may_decide_is_remembered_to_have_seen_it(desk: Desk) -> None:
    sent = await desk.send()
    for who in ("agent", "reviewer"):
        await desk.call(who, "list_pending")

    seen = await desk.read(
        lambda tx: [tx.revisions.served(desk.who[who], sent.message_id) for who in ("agent", "reviewer")]
    )

    assert seen == [None, (1, sent.digest)]
