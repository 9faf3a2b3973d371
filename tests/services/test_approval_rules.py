"""Approval rules of operators: each hit is in the record, taking a rule away holds again, and agents set none."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from multimail.core.times import HOUR
from tests.support.desk import BOX, LAWFUL, Desk
from tests.support.sink import Sink

pytestmark = pytest.mark.anyio
ORG: dict[str, Any] = {"name": "neighbours", "recipient_domains": ["example.org"]}


async def rule(desk: Desk, **given: Any) -> Any:
    return await desk.call("operator", "create_approval_rule", **(ORG | given))


async def test_a_hit_goes_without_a_person_and_the_record_names_the_rule(desk: Desk, sink: Sink) -> None:
    made = await rule(desk)

    sent = await desk.send()
    history = await desk.call("agent", "get_message_history", message_id=sent.message_id)

    assert (sent.status, sent.rules) == ("queued", ["approval_rule"])
    assert sent.reasons == ["The operator's rule 'neighbours' lets it go without a person."]
    [event] = [one for one in history.events if one.event == "oversight.rule_approved"]
    assert event.detail == {"rule": made.rule_id, "digest": sent.digest}
    assert history.decisions == []
    assert (await desk.step(sink), len(sink.mails)) == (1, 1)


async def test_a_miss_is_held_and_the_record_names_the_condition(desk: Desk) -> None:
    made = await rule(desk)

    sent = await desk.send(bcc=["ann@example.com"])
    history = await desk.call("agent", "get_message_history", message_id=sent.message_id)

    assert sent.status == "pending_approval"
    assert f"{made.rule_id}: recipient_domains" in history.checked
    assert "oversight.rule_approved" not in await desk.kinds(sent.message_id)


async def test_automatic_copies_count_as_recipients(desk: Desk) -> None:
    await rule(desk)
    await desk.set(auto_bcc=["log@elsewhere.example"])

    assert (await desk.send()).status == "pending_approval"


@pytest.mark.parametrize("limits", [{"max_recipients": 1}, {"mailbox": "other@localhost"}])
async def test_all_conditions_have_to_hold(desk: Desk, limits: dict[str, Any]) -> None:
    await desk.call("operator", "create_mailbox", address="other@localhost")
    await rule(desk, **limits)

    assert (await desk.send(cc=["bob@example.org"])).status == "pending_approval"
    assert (await desk.send(mailbox="other@localhost")).status == "queued"


async def test_a_rule_for_one_key_is_for_that_key_only(desk: Desk) -> None:
    await desk.call("operator", "create_approval_rule", name="robot", principal=desk.who["agent"])

    assert (await desk.send()).status == "queued"
    assert (await desk.send("other")).status == "pending_approval"


async def test_a_class_is_an_operators_word_and_an_authors_only_narrows(desk: Desk) -> None:
    await rule(desk, message_class="transactional")
    claimed = await desk.send(message_class="transactional")
    await desk.set(metadata={"message_class": "transactional", **LAWFUL})

    assert claimed.status == "pending_approval"
    assert (await desk.send(subject="two")).status == "queued"
    assert (await desk.send(subject="three", message_class="commercial")).status == "pending_approval"


async def test_a_call_that_asks_for_a_person_gets_one(desk: Desk) -> None:
    await rule(desk)
    plain = await desk.send(oversight_mode="gated_send")
    stricter = await desk.send(subject="two", oversight_mode="gated_all")
    freer = await desk.send(subject="three", oversight_mode="autonomous")
    await desk.set(default_mode="autonomous")
    asked = await desk.send(subject="four", oversight_mode="gated_send")

    assert [one.status for one in (plain, stricter, freer, asked)] == ["queued", *["pending_approval"] * 3]


async def test_gated_all_is_for_people(desk: Desk) -> None:
    await rule(desk)
    await desk.set(default_mode="gated_all", ceiling="gated_send")

    assert (await desk.send()).status == "pending_approval"
    assert (await desk.send(subject="two", oversight_mode="gated_send")).status == "pending_approval"


async def test_what_a_person_sent_back_is_a_persons(desk: Desk) -> None:
    held = await desk.send()
    await desk.decide(held.message_id, "request_changes", note="Shorter.")
    await rule(desk)

    edited = await desk.call("agent", "edit_pending", message_id=held.message_id, body="Short.")

    assert (edited.status, "sent_back" in edited.rules) == ("pending_approval", True)
    assert "oversight.rule_approved" not in await desk.kinds(held.message_id)


async def test_an_edit_is_judged_anew(desk: Desk) -> None:
    await rule(desk)
    held = await desk.send(to=["ann@example.com"])

    inside = await desk.call("agent", "edit_pending", message_id=held.message_id, to=["ann@example.org"])
    timed = await desk.send(subject="two", scheduled_at=desk.at(HOUR))
    outside = await desk.call("agent", "edit_pending", message_id=timed.message_id, cc=["ann@example.com"])

    assert (inside.status, timed.status, outside.status) == ("queued", "scheduled", "pending_approval")
    assert (await desk.kinds(held.message_id)).count("oversight.rule_approved") == 1


async def test_a_new_rule_releases_nothing(desk: Desk, sink: Sink) -> None:
    held = await desk.send()

    await rule(desk)

    assert (await desk.step(sink), await desk.status(held.message_id)) == (0, "pending_approval")


async def test_taking_a_rule_away_holds_again_what_only_it_let_go(desk: Desk, sink: Sink) -> None:
    made = await rule(desk)
    timed = await desk.send(scheduled_at=desk.at(HOUR))
    queued = await desk.send(subject="two")
    approved = await desk.send(subject="three", to=["ann@example.com"], scheduled_at=desk.at(HOUR))
    await desk.decide(approved.message_id)
    await desk.set(trusted=["ann@example.org"])
    trusted = await desk.send(subject="four")

    gone = await desk.call("operator", "delete_approval_rule", rule_id=made.rule_id)
    again = await desk.call("operator", "delete_approval_rule", rule_id=made.rule_id)
    await desk.set(trusted=[])

    assert (gone.held_again, gone.deleted, again.held_again) == (0, True, 0)
    assert [await desk.status(one.message_id) for one in (timed, queued, trusted)] == ["pending_approval"] * 3
    desk.later(HOUR)
    await desk.timers()
    assert (await desk.step(sink), len(sink.mails)) == (1, 1)


async def test_what_is_held_again_says_why_and_can_be_approved(desk: Desk, sink: Sink) -> None:
    made = await rule(desk)
    sent = await desk.send()

    gone = await desk.call("operator", "delete_approval_rule", rule_id=made.rule_id)

    assert gone.held_again == 1
    event = (await desk.events(sent.message_id))[-1]
    assert (event.kind, event.data) == (
        "message.pending_approval",
        {"rules": ["gated_send"], "tightened": True},
    )
    assert await desk.step(sink) == 0
    await desk.decide(sent.message_id)
    assert await desk.step(sink) == 1


async def test_where_another_rule_stands_for_the_person_the_mail_stays_and_the_record_says_which(
    desk: Desk,
) -> None:
    first = await rule(desk)
    second = await rule(desk, name="robot", recipient_domains=None, principal=desk.who["agent"])
    sent = await desk.send(scheduled_at=desk.at(HOUR))

    gone = await desk.call("operator", "delete_approval_rule", rule_id=first.rule_id)

    assert (gone.held_again, await desk.status(sent.message_id)) == (0, "scheduled")
    named = [
        one.data["rule"]
        for one in await desk.events(sent.message_id)
        if one.kind == "oversight.rule_approved"
    ]
    assert named == [first.rule_id, second.rule_id]
    last = await desk.call("operator", "delete_approval_rule", rule_id=second.rule_id)
    assert last.held_again == 1


async def test_rules_are_listed_with_what_they_did(desk: Desk) -> None:
    made = await rule(desk, mailbox=BOX, max_recipients=3)
    await desk.send()
    await desk.send(subject="two", to=["ann@example.com"])

    listed = await desk.call("operator", "list_approval_rules")

    assert listed.count == 1
    [one] = listed.approval_rules
    assert (one.rule_id, one.name, one.recipient_domains, one.max_recipients) == (
        made.rule_id, "neighbours", ["example.org"], 3,
    )  # fmt: skip
    assert (one.hits, one.last_hit_at is not None, one.created_by) == (
        1, True, f"operator ({desk.who['operator']})",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"recipient_domains": None}, "invalid_setting", "recipient_domains"),
        (
            {"recipient_domains": None, "max_recipients": 1, "message_class": "commercial"}, "invalid_setting",
            "recipient_domains",
        ),
        ({"recipient_domains": []}, "invalid", "recipient_domains"),
        ({"recipient_domains": ["*"]}, "invalid_setting", "recipient_domains"),
        ({"principal": "key_00000000000000"}, "not_found", "principal"),
        ({"mailbox": "nobody@localhost"}, "unknown_mailbox", "mailbox"),
        ({"name": "neigh\nbours"}, "header_injection", "name"),
        ({"tags": ["vip"]}, "unknown_field", "tags"),
    ],
)  # fmt: skip
async def test_a_rule_that_rests_on_nothing_of_an_operators_is_refused(
    desk: Desk, given: dict[str, Any], code: str, field: str
) -> None:
    problem = await desk.refused("operator", "create_approval_rule", **(ORG | given))

    assert (problem.code, problem.field) == (code, field)
    assert (await desk.call("operator", "list_approval_rules")).count == 0


async def test_names_are_taken_while_their_rule_holds_and_rules_are_bounded(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await rule(desk)
    taken = await desk.refused("operator", "create_approval_rule", **ORG)
    await desk.call("operator", "delete_approval_rule", id=made.rule_id)
    await rule(desk)
    monkeypatch.setattr("multimail.services.approval_rules.MOST", 1)

    many = await desk.refused("operator", "create_approval_rule", **(ORG | {"name": "more"}))
    unknown = await desk.refused("operator", "delete_approval_rule", rule_id="rule_00000000000000")

    assert (taken.code, many.code, unknown.code) == ("already_exists", "conflict", "not_found")


@pytest.mark.parametrize("who", ["agent", "viewer", "reviewer", "owner", "bot"])
async def test_rules_are_an_operators(desk: Desk, who: str) -> None:
    made = await rule(desk)
    calls: dict[str, dict[str, Any]] = {
        "create_approval_rule": ORG, "list_approval_rules": {}, "delete_approval_rule": {"rule_id": made.rule_id},
    }  # fmt: skip

    for operation, given in calls.items():
        assert (await desk.refused(who, operation, **given)).code == "forbidden"


async def test_mail_that_comes_while_its_rule_goes_is_let_go_and_held_again_or_held(
    desk: Desk, sink: Sink
) -> None:
    made = await rule(desk)
    sends = [desk.send(subject=f"No. {number}") for number in range(20)]

    await asyncio.gather(
        *sends[:10], desk.call("operator", "delete_approval_rule", rule_id=made.rule_id), *sends[10:]
    )

    listed = await desk.call("reviewer", "list_pending", limit=100)
    assert (listed.count, await desk.step(sink), sink.mails) == (20, 0, [])
