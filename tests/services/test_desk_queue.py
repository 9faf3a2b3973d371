"""The queue: riskiest first, grouped where asked, page by page, and only what the caller may see."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.desk import BOX, Desk

pytestmark = pytest.mark.anyio


async def listed(desk: Desk, who: str = "reviewer", **filters: Any) -> list[str]:
    return [one.message_id for one in (await desk.call(who, "list_reviews", **filters)).reviews]


async def three(desk: Desk) -> tuple[str, str, str]:
    """A plain one, one with a secret, one with a placeholder."""
    plain = (await desk.send(subject="Plain")).message_id
    secret = (await desk.send(subject="Secret", body="password: hunter2x", to=["bob@else.org"])).message_id
    blank = (await desk.send(subject="Blank", body="Dear {{name}}", bcc=["boss@example.org"])).message_id
    return plain, secret, blank


async def test_the_riskiest_comes_first_then_the_oldest(desk: Desk) -> None:
    plain, secret, blank = await three(desk)
    another = (await desk.send(subject="Plain too")).message_id

    assert await listed(desk) == [secret, blank, plain, another]
    assert await listed(desk, order="oldest") == [plain, secret, blank, another]
    assert await listed(desk, order="newest") == [another, blank, secret, plain]


async def test_a_row_has_what_a_list_shows_and_no_body(desk: Desk) -> None:
    sent = await desk.send(
        body="Dear {{name}}", bcc=["boss@example.org"], tags=["offer"], scheduled_at=desk.at(3_600_000_000),
        attachments=[{"filename": "plan.txt", "content_base64": "cGxhbg=="}],
    )  # fmt: skip

    found = await desk.call("reviewer", "list_reviews")

    row = found.reviews[0].model_dump()
    expected = {
        "message_id": sent.message_id, "digest": sent.digest, "revision": 1, "mailbox": BOX, "direction": "outbound",
        "status": "pending_approval", "subject": "Monday", "to": ["ann@example.org"], "recipients_count": 2,
        "bcc_count": 1, "attachments_count": 1, "tags": ["offer"], "risk": 65, "risk_level": "high",
        "warnings": ["placeholder", "new_recipient", "bcc_recipient", "new_domain"], "group_key": None,
    }  # fmt: skip
    assert {name: row[name] for name in expected} == expected
    assert row["submitted_by"].startswith("agent (key_")
    assert (found.count, found.total, found.totals_by_status) == (1, 1, {"pending_approval": 1})
    assert found.oldest_at == found.reviews[0].created_at


async def test_pages_follow_one_another_though_the_last_row_was_decided(desk: Desk) -> None:
    plain, secret, blank = await three(desk)
    first = await desk.call("reviewer", "list_reviews", limit=1)
    await desk.decide(secret, "reject")

    second = await desk.call("reviewer", "list_reviews", limit=1, cursor=first.cursor)
    third = await desk.call("reviewer", "list_reviews", limit=1, cursor=second.cursor)

    assert [one.reviews[0].message_id for one in (first, second, third)] == [secret, blank, plain]
    assert third.cursor is None


@pytest.mark.parametrize("cursor", ["x", "p1"])
async def test_a_cursor_of_another_list_is_refused(desk: Desk, cursor: str) -> None:
    assert (await desk.refused("reviewer", "list_reviews", cursor=cursor)).code == "invalid_cursor"


async def test_groups_by_recipient_stand_where_their_first_mail_would(desk: Desk) -> None:
    plain, secret, blank = await three(desk)

    found = await desk.call("reviewer", "list_reviews", group="recipient")

    assert [one.message_id for one in found.reviews] == [secret, blank, plain]
    groups = [(one.key, one.count, one.risk) for one in found.groups]
    assert groups == [("bob@else.org", 1, 85), ("ann@example.org", 2, 65)]
    assert [one.group_label for one in found.reviews] == [
        "bob@else.org",
        "ann@example.org",
        "ann@example.org",
    ]
    assert await listed(desk, group="recipient", group_key="bob@else.org") == [secret]


async def test_drafts_of_one_form_are_one_group_of_likeness(desk: Desk) -> None:
    form = "Dear {}, your booking for room 4 is confirmed. The door opens at nine and coffee is on the house."
    first = (await desk.send(subject="Booking", body=form.format("Ann"))).message_id
    await desk.send(subject="Else", body="The invoice of last month is attached, please pay it soon.")
    second = (await desk.send(subject="Booking", body=form.format("Bob"), to=["bob@example.org"])).message_id

    found = await desk.call("reviewer", "list_reviews", group="similarity", order="oldest")

    nearest = found.groups[0]
    assert (nearest.key, nearest.label, nearest.count) == (first, "Booking", 2)
    assert [one.message_id for one in found.reviews][:2] == [first, second]
    assert await listed(desk, group="similarity", group_key=first) == [first, second]


async def test_groups_by_tag_and_batch(desk: Desk) -> None:
    tagged = (await desk.send(tags=["vip"])).message_id
    rows = [{"to": f"p{n}@example.org", "values": {"name": f"P{n}"}} for n in range(2)]
    made = await desk.call(
        "agent", "send_batch", mailbox=BOX, subject="Hi {{name}}", body="Hello {{name}}", recipients=rows
    )

    tags = (await desk.call("reviewer", "list_reviews", group="tag")).groups
    batches = (await desk.call("reviewer", "list_reviews", group="batch")).groups

    assert {one.key: one.count for one in tags} == {"vip": 1, "": 2}
    assert {one.key: one.count for one in batches} == {made.batch_id: 2, "": 1}
    assert await listed(desk, tag="vip") == [tagged]


async def test_what_wants_no_decision_now_is_counted_and_listed_when_asked_for(desk: Desk) -> None:
    held = (await desk.send()).message_id
    await desk.decide(held, "request_changes", note="Shorter.")
    await desk.set(default_mode="gated_all")
    arrived = await desk.receive()

    found = await desk.call("reviewer", "list_reviews")

    assert [one.message_id for one in found.reviews] == [arrived]
    assert found.totals_by_status == {"changes_requested": 1, "pending_inbound_approval": 1}
    assert await listed(desk, status="changes_requested") == [held]
    assert set(await listed(desk, status="all")) == {held, arrived}


async def test_held_arriving_mail_is_not_there_for_who_may_not_see_it(desk: Desk) -> None:
    await desk.set(default_mode="gated_all")
    arrived = await desk.receive("Look: [x](y) https://bank.com@evil.com", Reply_To="eve@evil.org")

    row = (await desk.call("reviewer", "list_reviews")).reviews[0]
    owner = await desk.call("owner", "list_reviews", status="all")

    assert (row.message_id, row.direction, row.sender) == (arrived, "inbound", "ann@example.org")
    assert {"reply_to_differs", "odd_link"} <= set(row.warnings)
    assert (owner.reviews, owner.total, owner.totals_by_status) == ([], 0, {})


async def test_a_reviewer_of_one_mailbox_sees_that_queue_only(desk: Desk) -> None:
    await desk.call("operator", "create_mailbox", address="other@localhost")
    made = await desk.call("operator", "create_key", name="r", role="reviewer", mailboxes=["other@localhost"])
    await desk.send()
    mine = (await desk.send("operator", mailbox="other@localhost", oversight_mode="gated_all")).message_id

    assert await listed(desk, made.key_id) == [mine]
    refused = await desk.refused(made.key_id, "list_reviews", mailbox=BOX)
    assert refused.code == "unknown_mailbox"
    assert (await desk.refused("agent", "list_reviews")).code == "forbidden"


async def test_mail_to_somebody_who_is_new_no_more_is_examined_again(desk: Desk) -> None:
    first, second = [(await desk.send(subject=name)).message_id for name in ("One", "Two")]
    assert (await desk.call("reviewer", "list_reviews")).reviews[1].risk == 25
    await desk.decide(first)
    desk.later(1_000_000)
    await desk.step()

    rows = [(await desk.call("reviewer", "list_reviews")).reviews[0] for _ in range(2)]

    assert [(one.message_id, one.risk, one.warnings) for one in rows] == [(second, 0, [])] * 2
