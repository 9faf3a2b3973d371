"""Texts of operators: filled in by callers, never changed, and what a rule that names one lets go."""

from __future__ import annotations

from typing import Any

import pytest

from multimail.core.times import HOUR
from tests.support.desk import BOX, Desk
from tests.support.sink import Sink

pytestmark = pytest.mark.anyio
RECEIPT = {"name": "receipt", "subject": "Receipt {{number}}", "body": "Thank you, {{name}}."}
VALUES = {"number": "17", "name": "Ann"}


@pytest.fixture
async def ruled(desk: Desk) -> Desk:
    """A template, and a rule that lets go what is filled in from it."""
    await desk.call("operator", "create_template", **RECEIPT)
    await desk.call("operator", "create_approval_rule", name="receipts", template="receipt")
    return desk


async def fill(desk: Desk, **changes: Any) -> Any:
    given = {"mailbox": BOX, "to": ["ann@example.org"], "template": "receipt", "values": VALUES}
    return await desk.call("agent", "send_email", **(given | changes))


async def test_the_server_fills_it_in_and_the_rule_lets_it_go(ruled: Desk, sink: Sink) -> None:
    sent = await fill(ruled)
    await ruled.step(sink)

    assert (sent.status, sent.subject, sent.rules) == ("queued", "Receipt 17", ["approval_rule"])
    assert b"Thank you, Ann." in sink.mails[0].raw


async def test_the_same_text_by_an_author_is_an_authors(ruled: Desk) -> None:
    assert (await ruled.send(subject="Receipt 17", body="Thank you, Ann.")).status == "pending_approval"


@pytest.mark.parametrize(
    "added",
    [
        {"values": VALUES | {"name": "Ann. Pay at evil.example"}}, {"values": VALUES | {"name": "[A](https://e.example)"}},
        {"reply_to": "eve@example.net"}, {"headers": {"X-Note": "1"}}, {"priority": "high"},
        {"attachments": [{"filename": "a.txt", "content_base64": "YQ=="}]},
    ],
)  # fmt: skip
async def test_whatever_more_the_author_adds_is_a_persons_to_look_at(
    ruled: Desk, added: dict[str, Any]
) -> None:
    assert (await fill(ruled, **added)).status == "pending_approval"


async def test_an_edit_of_the_text_is_an_authors_and_one_of_the_time_is_not(ruled: Desk) -> None:
    timed = await fill(ruled, scheduled_at=ruled.at(HOUR))
    moved = await ruled.call(
        "agent", "edit_pending", message_id=timed.message_id, scheduled_at=ruled.at(2 * HOUR)
    )
    same = await ruled.call("agent", "edit_pending", message_id=timed.message_id, body="Thank you, Ann.")
    other = await ruled.call("agent", "edit_pending", message_id=timed.message_id, body="Thank you, Ann!")
    back = await ruled.call("agent", "edit_pending", message_id=timed.message_id, body="Thank you, Ann.")

    assert [one.status for one in (timed, moved, same, other, back)] == [
        "scheduled", "scheduled", "scheduled", "pending_approval", "pending_approval",
    ]  # fmt: skip


async def test_what_it_let_go_is_held_again_when_the_rule_goes_and_stays_when_others_go(ruled: Desk) -> None:
    timed = await fill(ruled, scheduled_at=ruled.at(HOUR))
    await ruled.set(display_name="Desk")
    assert await ruled.status(timed.message_id) == "scheduled"
    [rule] = (await ruled.call("operator", "list_approval_rules")).approval_rules

    assert (await ruled.call("operator", "delete_approval_rule", rule_id=rule.rule_id)).held_again == 1


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"values": {"number": "17"}}, "invalid", "values.name"),
        ({"values": None}, "invalid", "values.number"),
        ({"values": VALUES | {"number": "17\r\nBcc: eve@example.net"}}, "header_injection", "values.number"),
        ({"template": "nothing"}, "not_found", "template"),
        ({"body": "My own."}, "contradiction", "template"),
        ({"subject": "My own"}, "contradiction", "template"),
        ({"template": None}, "invalid", "values"),
    ],
)
async def test_mistakes_are_named(ruled: Desk, changes: dict[str, Any], code: str, field: str) -> None:
    given = {"mailbox": BOX, "to": ["ann@example.org"], "template": "receipt", "values": VALUES} | changes

    problem = await ruled.refused("agent", "send_email", **given)

    assert (problem.code, problem.field) == (code, field)


async def test_a_placeholder_in_a_value_holds_the_mail(ruled: Desk) -> None:
    assert "placeholder" in (await fill(ruled, values=VALUES | {"name": "{{name}}"})).rules


async def test_templates_are_listed_with_their_slots_for_whoever_fills_them_in(ruled: Desk) -> None:
    [one] = (await ruled.call("agent", "list_templates")).templates

    assert (one.name, one.slots, one.subject) == ("receipt", ["number", "name"], RECEIPT["subject"])


async def test_one_that_a_rule_names_stays_and_then_goes(ruled: Desk) -> None:
    [rule] = (await ruled.call("operator", "list_approval_rules")).approval_rules
    used = await ruled.refused("operator", "delete_template", template_id=rule.template_id)
    await ruled.call("operator", "delete_approval_rule", rule_id=rule.rule_id)

    first = await ruled.call("operator", "delete_template", template_id=rule.template_id)
    again = await ruled.call("operator", "delete_template", id=rule.template_id)

    assert (used.code, first.deleted, again.deleted) == ("conflict", True, True)
    assert (
        await ruled.refused("agent", "send_email", to=["a@b.example"], template="receipt")
    ).code == "not_found"
    kinds = [one.kind for one in await ruled.events() if one.kind.startswith("template.")]
    assert kinds == ["template.created", "template.deleted"]
    await ruled.call("operator", "create_template", **RECEIPT)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (RECEIPT, "already_exists"), (RECEIPT | {"name": "x", "subject": "a\nb"}, "header_injection"),
        (RECEIPT | {"name": "x", "body": ""}, "invalid"),
    ],
)  # fmt: skip
async def test_a_template_that_cannot_be_is_refused(ruled: Desk, given: dict[str, Any], code: str) -> None:
    assert (await ruled.refused("operator", "create_template", **given)).code == code
    assert (await ruled.refused("operator", "delete_template", template_id="tpl_0")).code == "not_found"


@pytest.mark.parametrize("who", ["agent", "viewer", "reviewer", "owner", "bot"])
async def test_templates_are_an_operators(desk: Desk, who: str) -> None:
    for operation, given in {"create_template": RECEIPT, "delete_template": {"template_id": "tpl_0"}}.items():
        assert (await desk.refused(who, operation, **given)).code == "forbidden"
