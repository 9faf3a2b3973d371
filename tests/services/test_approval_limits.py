"""Programs that decide: inside their limit like any reviewer, outside of it nothing but to hand the mail on."""

from __future__ import annotations

from typing import Any

import pytest

from multimail.core.times import DAY
from tests.support.desk import BOX, Desk
from tests.support.sink import Sink

pytestmark = pytest.mark.anyio
ORG: dict[str, Any] = {"domains": ["example.org"]}


async def program(desk: Desk, limit: dict[str, Any], **more: Any) -> str:
    """A new program with this limit, by its id."""
    given = {"name": "robot", "role": "reviewer"} | more
    return str((await desk.call("operator", "create_key", **given, approval_limit=limit)).key_id)


async def test_inside_its_limit_it_decides_as_any_reviewer(desk: Desk, sink: Sink) -> None:
    robot = await program(desk, {"domains": ["EXAMPLE.org"], "max_recipients": 2, "mailboxes": [BOX]})
    sent = await desk.send(cc=["bob@example.org"])

    view = await desk.decide(sent.message_id, who=robot, note="known")

    assert (view.status, view.decision, view.reasons) == ("queued", "approve", None)
    assert (await desk.step(sink), len(sink.mails)) == (2, 2)


OUTSIDE: tuple[tuple[str, dict[str, Any], dict[str, Any]], ...] = (
    ("domains", ORG, {"to": ["ann@example.com"]}),
    ("domains", ORG, {"cc": ["ann@example.com"]}),
    ("domains", ORG, {"bcc": ["ann@sub.example.org"]}),
    ("domains", {"domains": []}, {}),
    ("max_recipients", {"max_recipients": 1}, {"bcc": ["bob@example.org"]}),
    ("mailboxes", {"mailboxes": ["other@localhost"]}, {}),
)


@pytest.mark.parametrize(("named", "limit", "mail"), OUTSIDE)
async def test_outside_of_it_the_mail_is_handed_on_and_a_person_decides(
    desk: Desk, sink: Sink, named: str, limit: dict[str, Any], mail: dict[str, Any]
) -> None:
    await desk.call("operator", "create_mailbox", address="other@localhost")
    robot = await program(desk, limit)
    sent = await desk.send(**mail)

    view = await desk.decide(sent.message_id, who=robot, note="looks fine")

    assert (view.status, view.decision, view.note) == ("escalated", "escalated", "looks fine")
    assert len(view.reasons) == 1
    event = (await desk.events(sent.message_id))[-1]
    assert (event.kind, event.data["limit"], event.data["asked"]) == (
        "oversight.escalated",
        [named],
        "approve",
    )
    assert [made.decision for made in await desk.decisions(sent.message_id)] == ["escalated"]
    assert await desk.step(sink) == 0
    assert (await desk.decide(sent.message_id)).status == "queued"


@pytest.mark.parametrize("copies", ["auto_cc", "auto_bcc"])
async def test_automatic_copies_count_as_recipients(desk: Desk, copies: str) -> None:
    await desk.set(**{copies: ["log@elsewhere.example"]})
    robot = await program(desk, ORG)
    sent = await desk.send()

    assert (await desk.decide(sent.message_id, who=robot)).status == "escalated"


async def test_the_copy_that_an_edit_would_bring_counts_too(desk: Desk) -> None:
    robot = await program(desk, ORG)
    sent = await desk.send()
    await desk.set(default_mode="monitored", oversight_address="boss@elsewhere.example")

    view = await desk.decide(sent.message_id, who=robot, revised_body="Other words.")

    assert (view.status, view.revision) == ("escalated", 1)


@pytest.mark.parametrize("decision", ["approve", "reject", "request_changes", "cancel"])
async def test_whatever_it_asks_for_outside_ends_in_a_persons_hands_with_its_note(
    desk: Desk, decision: str
) -> None:
    robot = await program(desk, ORG)
    sent = await desk.send(to=["ann@example.com"])

    view = await desk.decide(sent.message_id, decision, who=robot, note="unknown domain")

    assert (view.status, view.decision, view.note) == ("escalated", "escalated", "unknown domain")
    listed = (await desk.call("reviewer", "list_pending")).pending
    assert [one.message_id for one in listed] == [sent.message_id]


async def test_a_text_that_it_proposes_outside_is_not_taken_over(desk: Desk) -> None:
    robot = await program(desk, ORG)
    sent = await desk.send(to=["ann@example.com"])

    view = await desk.decide(sent.message_id, who=robot, revised_body="Pay here.")
    again = await desk.decide(sent.message_id, who=robot, revised_body="Pay here.")

    assert (view.revision, view.digest, again.repeated) == (1, sent.digest, True)
    assert again.reasons == view.reasons
    assert len(await desk.decisions(sent.message_id)) == 1


async def test_what_was_handed_on_is_a_persons_though_the_draft_is_inside_by_now(desk: Desk) -> None:
    robot = await program(desk, ORG)
    sent = await desk.send(to=["ann@example.com"])
    await desk.decide(sent.message_id, who=robot)
    edited = await desk.call("agent", "edit_pending", message_id=sent.message_id, to=["ann@example.org"])
    assert edited.status == "pending_approval"

    view = await desk.decide(sent.message_id, who=robot, digest=edited.digest)

    assert (view.status, view.reasons) == ("escalated", ["It was handed on to a person, who decides."])
    assert (await desk.decide(sent.message_id, digest=edited.digest)).status == "queued"


async def test_a_person_who_hands_a_mail_on_takes_it_from_every_program(desk: Desk) -> None:
    robot = await program(desk, ORG)
    sent = await desk.send()
    await desk.decide(sent.message_id, "escalate")

    assert (await desk.decide(sent.message_id, who=robot)).status == "escalated"


async def test_the_draft_has_to_be_the_one_it_looked_at_outside_as_well(desk: Desk) -> None:
    robot = await program(desk, ORG)
    sent = await desk.send(to=["ann@example.com"])

    problem = await desk.refused(
        robot, "decide_email", message_id=sent.message_id, decision="approve", digest="0" * 40
    )

    assert problem.code == "changed"
    assert await desk.status(sent.message_id) == "pending_approval"


async def test_what_is_decided_already_is_not_handed_on(desk: Desk) -> None:
    robot = await program(desk, ORG)
    sent = await desk.send(to=["ann@example.com"])
    await desk.decide(sent.message_id)

    for decision in ("approve", "cancel"):
        problem = await desk.refused(robot, "decide_email", message_id=sent.message_id, decision=decision)
        assert problem.code == "conflict"
    assert await desk.status(sent.message_id) == "queued"


async def test_handed_on_or_not_it_expires_when_it_would_have(desk: Desk) -> None:
    robot = await program(desk, ORG)
    sent = await desk.send(to=["ann@example.com"])
    desk.later(3 * DAY)
    await desk.decide(sent.message_id, who=robot)
    assert (await desk.message(sent.message_id)).expires_at == desk.clock.now() + 4 * DAY

    desk.later(4 * DAY)
    await desk.timers()

    assert await desk.status(sent.message_id) == "expired"


async def test_arriving_mail_is_a_persons_to_release(desk: Desk) -> None:
    robot = await program(desk, {"max_recipients": 10})
    await desk.set(default_mode="gated_all")
    inbound = await desk.receive()

    problem = await desk.refused(robot, "decide_email", message_id=inbound, decision="approve")

    assert problem.code == "forbidden"
    assert (await desk.decide(inbound)).status == "unread"


async def test_a_key_that_sends_and_decides_is_held_to_its_limit_on_its_own_mail(desk: Desk) -> None:
    robot = await program(desk, ORG, role="agent", self_approving=True)
    inside, outside = await desk.send(robot), await desk.send(robot, to=["ann@example.com"])

    assert (await desk.decide(inside.message_id, who=robot)).status == "queued"
    assert "oversight.self_approved" in await desk.kinds(inside.message_id)
    assert (await desk.decide(outside.message_id, who=robot)).status == "escalated"
    assert "oversight.self_approved" not in await desk.kinds(outside.message_id)
    assert (await desk.decide(outside.message_id, "cancel", who=robot)).status == "cancelled"


async def test_without_the_mark_a_limit_does_not_make_an_author_an_approver(desk: Desk) -> None:
    robot = await program(desk, ORG, role="agent", self_approving=True)
    sent = await desk.send(robot)
    await desk.sql("UPDATE principals SET self_approving = 0 WHERE id = :id", id=robot)

    problem = await desk.refused(robot, "decide_email", message_id=sent.message_id, decision="approve")

    assert problem.code == "self_approval"


async def test_many_at_once_are_decided_and_handed_on_each_for_itself(desk: Desk) -> None:
    robot = await program(desk, ORG)
    mails = [await desk.send(to=[f"ann@example.{end}"]) for end in ("org", "com")]

    view = await desk.call(
        robot, "decide_emails", decisions=[{"message_id": one.message_id, "decision": "approve"} for one in mails]
    )  # fmt: skip

    assert [(row.status, row.reasons is None) for row in view.results] == [
        ("queued", True),
        ("escalated", False),
    ]


async def test_a_limit_is_shown_with_the_key_and_named_in_the_record(desk: Desk) -> None:
    robot = await program(
        desk, {"domains": "example.org, @Example.COM", "mailboxes": [BOX], "max_recipients": 3}
    )

    [listed] = [one for one in (await desk.call("operator", "list_keys")).keys if one.key_id == robot]
    box = (await desk.call("operator", "list_mailboxes")).mailboxes

    assert listed.kind == "program"
    assert listed.approval_limit.model_dump() == {
        "domains": ["example.org", "example.com"], "max_recipients": 3,
        "mailboxes": [one.mailbox_id for one in box if one.address == BOX],
    }  # fmt: skip
    made = [one.data for one in await desk.events() if one.kind == "key.created"][-1]
    assert made["approval_limit"] is True


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"role": "agent"}, "invalid_setting", "approval_limit"),
        ({"role": "operator"}, "invalid_setting", "approval_limit"),
        ({"role": "owner", "kind": "program"}, "invalid_setting", "approval_limit"),
        ({"kind": "person"}, "invalid_setting", "approval_limit"),
        ({"approval_limit": {}}, "invalid_setting", "approval_limit"),
        ({"approval_limit": {"domains": ["*"]}}, "invalid_setting", "approval_limit.domains"),
        ({"approval_limit": {"domains": ["ann@example.org"]}}, "invalid_setting", "approval_limit.domains"),
        ({"approval_limit": {"domains": ["ex ample.org"]}}, "invalid_address", "approval_limit.domains"),
        ({"approval_limit": {"domain": ["example.org"]}}, "unknown_field", "approval_limit.domain"),
        ({"approval_limit": {"max_recipients": -1}}, "invalid", "approval_limit.max_recipients"),
        ({"approval_limit": {"mailboxes": ["nobody@localhost"]}}, "unknown_mailbox", "mailbox"),
    ],
)
async def test_a_limit_that_would_limit_nothing_or_nobody_is_refused(
    desk: Desk, given: dict[str, Any], code: str, field: str
) -> None:
    key = {"name": "x", "role": "reviewer", "approval_limit": ORG} | given

    problem = await desk.refused("operator", "create_key", **key)

    assert (problem.code, problem.field) == (code, field)
