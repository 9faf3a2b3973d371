"""The further names of answers are views of the same values, wherever in an answer they stand."""

from __future__ import annotations

from typing import Any

import pytest

from multimail.contract.reviews import DecisionView, Outcome
from multimail.contract.shapes import View
from multimail.surfaces.http import names
from tests.support.desk import Desk
from tests.support.rest import Front

pytestmark = pytest.mark.anyio

MAIL: dict[str, Any] = {"to": "ann@example.org", "subject": "Hi", "body": "Hello"}


def same(answer: dict[str, Any], *keys: str) -> bool:
    """Whether all these names are there with one value."""
    return all(answer[key] == answer[keys[0]] for key in keys)


async def test_a_send_is_known_by_all_its_names(api: Front, desk: Desk) -> None:
    sent = await api.call(
        "send_email", from_mailbox=desk.box, metadata={"plan": "pro"}, tags=["spring"], **MAIL
    )

    assert same(sent, "message_id", "id", "email_id")
    assert (sent["status"], sent["status_detail"]) == ("pending_approval", "pending_send_approval")
    assert (sent["oversight_mode"], sent["effective_mode"], sent["requested_mode"]) == (
        "gated_send", "gated_send", None,
    )  # fmt: skip
    assert (sent["to"], sent["to_list"], sent["recipients"]) == (
        "ann@example.org",
        *[["ann@example.org"]] * 2,
    )
    assert (sent["scheduled_at"], sent["send_at"]) == (None, None)
    assert (sent["metadata"], sent["tags"], sent["warnings"]) == ({"plan": "pro"}, ["spring"], [])
    assert sent["message"] == sent["note"]


async def test_several_recipients_are_a_list(api: Front, desk: Desk) -> None:
    sent = await api.call("send_email", mailbox=desk.box, **MAIL | {"to": "ann@example.org, bob@example.org"})

    assert sent["to"] == sent["to_list"] == ["ann@example.org", "bob@example.org"]


async def test_a_send_time_has_both_names(api: Front, desk: Desk) -> None:
    sent = await api.call("send_email", mailbox=desk.box, send_at="2026-03-03T10:00:00+01:00", **MAIL)

    assert same(sent, "scheduled_at", "send_at")
    assert sent["send_at"] == "2026-03-03T09:00:00Z"


async def test_what_waits_is_one_list_under_three_names(api: Front, desk: Desk) -> None:
    mail = await desk.receive(body="How much?")
    await api.call("reply_email", mailbox=desk.box, message_id=mail, body="Ten.", metadata={"plan": "pro"})

    found = await api.call("list_pending", mailbox_id=desk.box)
    item = found["pending"][0]

    assert same(found, "pending", "messages", "emails")
    assert same(item, "message_id", "id", "email_id")
    assert same(item, "from", "sender")
    assert (item["body"], same(item, "body", "draft_body", "body_text", "body_markdown")) == ("Ten.", True)
    assert (item["to"], item["recipients"]) == ("ann@example.org", ["ann@example.org"])
    assert (item["scheduled_at"], item["send_at"], item["metadata"]) == (None, None, {"plan": "pro"})
    assert (item["original"]["id"], item["original"]["body_text"]) == (mail, "How much?")
    assert item["thread"] == {"thread_id": item["thread_id"], "messages": [], "emails": []}
    assert found["cursor"] is None


async def test_a_queue_is_found_by_the_address_that_watches_over_it(api: Front, desk: Desk) -> None:
    await desk.set(oversight_address="staff@example.org")
    sent = await api.call("send_email", mailbox=desk.box, **MAIL)

    found = await api.ask("GET", "/v1/list_pending?mailbox=staff@example.org")

    assert [one["id"] for one in found.json()["pending"]] == [sent["id"]]


async def test_the_mails_of_an_inbox_have_both_names_and_all_their_own(api: Front, desk: Desk) -> None:
    mail = await desk.receive()

    found = await api.call("check_inbox", mailbox=desk.box, filter="unread", since="2026-03-02")
    item = found["messages"][0]

    assert same(found, "messages", "emails")
    assert (item["id"], item["from"], item["to"], item["unread"]) == (mail, "ann@example.org", desk.box, True)
    assert same(item, "received_at", "created_at", "timestamp")
    assert (item["metadata"], item["opened_at"]) == ({}, None)


async def test_a_read_mail_and_a_thread_have_their_text_under_every_name(api: Front, desk: Desk) -> None:
    mail = await api.call("read_email", email_id=await desk.receive(body="How much?"))
    thread = await api.call("get_thread", thread_id=mail["thread_id"])

    assert (mail["body"], same(mail, "body", "body_text", "markdown", "body_markdown")) == ("How much?", True)
    assert same(thread, "messages", "emails")
    assert thread["messages"][0]["body_text"] == "How much?"
    assert same(thread, "id", "thread_id")


async def test_a_decision_is_an_action_too(api: Front, desk: Desk) -> None:
    sent = await api.call("send_email", mailbox=desk.box, **MAIL)

    found = await api.call(
        "decide_email", "reviewer", email_id=sent["id"], action="reject", rejection_note="No"
    )

    assert (found["action"], found["decision"]) == ("reject", "reject")
    assert same(found, "note", "reason", "rejection_note")
    assert same(found, "message_id", "id", "email_id")
    assert (found["scheduled_at"], found["send_at"]) == (None, None)


async def test_tags_are_a_list_and_a_map(api: Front, desk: Desk) -> None:
    mail = await desk.receive()

    message = await api.call("tag_email", message_id=mail, tags=["step=2", "vip"])
    contact = await api.call("tag_email", email="ann@example.org", tags={"vip": True})

    assert (message["tags"], message["tag_map"]) == (["step=2", "vip"], {"step": "2", "vip": ""})
    assert same(message, "target", "id", "email_id", "message_id")
    assert same(contact, "target", "id", "contact_id")


async def test_contacts_are_one_list_under_three_names(api: Front, desk: Desk) -> None:
    mail = await desk.receive()

    found = await api.call("search_contacts", query="ann", include_interactions=True)
    contact = found["contacts"][0]

    assert same(found, "contacts", "items", "results")
    assert same(contact, "id", "contact_id")
    assert (contact["last_contacted"], contact["latest_thread_id"] is None) == (None, False)
    assert (contact["interactions"][0]["message_id"], contact["interactions"][0]["mailbox_deleted"]) == (
        mail,
        False,
    )


def test_views_inside_views_get_their_names_too() -> None:
    answer = {"message_id": "m", "decision": {"message_id": "m", "decision": "approve"}}

    names.add(answer, names.plan(Outcome))

    assert answer["decision"]["action"] == "approve"  # type: ignore[index]
    assert names.plan(DecisionView).own


def kept(before: Any, after: Any) -> bool:
    """Whether all of an answer is still there, except for the two names that change their form."""
    if isinstance(before, dict):
        return all(name in {"to", "thread"} or kept(value, after[name]) for name, value in before.items())
    if isinstance(before, list):
        return len(before) == len(after) and all(map(kept, before, after))
    return bool(before == after)


@pytest.mark.parametrize(
    ("operation", "who", "arguments"),
    [
        ("check_inbox", "agent", {}),
        ("list_pending", "agent", {}),
        ("search_contacts", "agent", {"include_interactions": True}),
        ("list_mailboxes", "operator", {}),
        ("list_keys", "operator", {}),
    ],
)
async def test_what_the_contract_says_stays_as_it_is(
    desk: Desk, operation: str, who: str, arguments: dict[str, Any]
) -> None:
    mail = await desk.receive()
    await desk.call("agent", "reply_email", mailbox=desk.box, message_id=mail, body="Ten.")
    view: View = await desk.call(who, operation, **arguments)
    before = view.model_dump(mode="json", exclude_none=True)

    after = names.add(view.model_dump(mode="json", exclude_none=True), names.plan(type(view)))

    assert after != before
    assert kept(before, after)


async def test_an_answer_without_the_id_it_may_begin_with_gets_no_name_for_it(api: Front) -> None:
    answer = await api.call("set_breakers", who="operator", minimum=100)

    assert "id" not in answer
