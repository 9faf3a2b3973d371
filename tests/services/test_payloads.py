"""What an event says outside: every key always there, nobody's Bcc, and nothing a viewer may not know."""

from __future__ import annotations

import json
from typing import Any

import pytest

from multimail.ports.reading import Sight
from multimail.ports.records import Event
from multimail.services.payloads import payload
from tests.support.desk import Desk
from tests.support.sink import Sink

pytestmark = pytest.mark.anyio

AGENT, REVIEWER = Sight(), Sight(see_hidden=True)
KEYS = {
    "event", "type", "event_type", "id", "timestamp", "mailbox", "mailbox_id", "message_id", "email_id",
    "original_message_id", "thread_id", "sender", "from", "to", "subject", "body_text", "scheduled_at", "tags",
    "metadata", "status", "digest", "message", "data", "decision", "contact", "contact_id", "recipient_count",
    "detail",
}  # fmt: skip


async def told(desk: Desk, sight: Sight = AGENT) -> list[dict[str, Any]]:
    """All that this viewer is told, in order."""
    events = await desk.events()
    found = await desk.read(lambda tx: [payload(tx, event, sight) for event in events])
    return [one for one in found if one is not None]


async def last(desk: Desk, name: str, sight: Sight = AGENT) -> dict[str, Any]:
    return [one for one in await told(desk, sight) if one["event"] == name][-1]


async def names(desk: Desk, sight: Sight) -> list[str]:
    return [one["event"] for one in await told(desk, sight)]


async def test_a_held_mail_is_pending_under_both_its_names_with_text_and_time(desk: Desk) -> None:
    sent = await desk.send(scheduled_at="2026-03-05T09:00:00+01:00", metadata={"plan": "pro"}, tags=["drip"])

    body = await last(desk, "oversight.pending")

    assert (body["type"], body["event_type"]) == ("approval.required", "oversight.pending")
    assert body["message"]["message_id"] == body["message_id"] == body["email_id"] == sent.message_id
    assert body["message"]["scheduled_at"] == body["scheduled_at"] == "2026-03-05T08:00:00Z"
    assert body["message"]["subject"] == "Monday"
    assert body["body_text"] == "See you on **Monday**."
    assert body["digest"] == (await desk.message(sent.message_id)).digest
    assert (body["tags"], body["metadata"], body["status"]) == (["drip"], {"plan": "pro"}, "pending_approval")
    assert body["mailbox"] == desk.box


async def test_every_key_is_there_whatever_happened(desk: Desk) -> None:
    sent = await desk.send()
    await desk.receive()
    await desk.decide(sent.message_id)
    await desk.step()
    await desk.call("agent", "tag_email", email="new@example.org", tags=["x"])
    await desk.call("agent", "tag_email", thread_id=sent.thread_id, tags=["y"])
    await desk.call("operator", "freeze")

    bodies = await told(desk, REVIEWER)

    assert len({body["event"] for body in bodies}) >= 8
    assert [body["event"] for body in bodies if KEYS - body.keys()] == []
    assert all({"subject", "scheduled_at", "message_id", "to"} <= body["message"].keys() for body in bodies)
    assert json.loads(json.dumps(bodies)) == bodies


@pytest.mark.parametrize(
    ("changes", "to", "count"),
    [
        ({}, "ann@example.org", 1),
        ({"to": ["ann@example.org", "bob@example.org"]}, ["ann@example.org", "bob@example.org"], 2),
        ({"cc": ["bob@example.org"]}, ["ann@example.org"], 2),
        ({"bcc": ["secret@example.org"]}, ["ann@example.org"], 2),
    ],
)
async def test_to_is_a_text_for_exactly_one_recipient_and_bcc_is_counted_and_never_named(
    desk: Desk, changes: dict[str, Any], to: Any, count: int
) -> None:
    await desk.send(**changes)

    body = await last(desk, "oversight.pending", REVIEWER)

    assert (body["message"]["to"], body["recipient_count"]) == (to, count)
    assert body["data"]["to"] == ([to] if isinstance(to, str) else to)
    assert "secret@" not in json.dumps(body)


async def test_an_automatic_copy_is_counted_and_leaves_the_only_recipient_a_text(desk: Desk) -> None:
    await desk.set(auto_bcc=["archive@example.org"])
    await desk.send()

    body = await last(desk, "oversight.pending")

    assert (body["message"]["to"], body["recipient_count"]) == ("ann@example.org", 2)
    assert "archive@" not in json.dumps(body)


async def test_arriving_mail_is_told_whole(desk: Desk) -> None:
    message_id = await desk.receive("How much is it?")

    body = await last(desk, "message.received")

    assert (body["message_id"], body["sender"], body["subject"]) == (
        message_id,
        "ann@example.org",
        "A question",
    )
    assert body["body_text"] == "How much is it?"
    assert body["message"]["to"] == desk.box
    assert body["data"]["has_attachments"] is False


async def test_delivered_mail_names_what_it_answers_and_else_itself(desk: Desk) -> None:
    asked = await desk.receive()
    for operation, given in (
        ("reply_email", {"message_id": asked}),
        ("send_email", {"to": ["bob@example.org"]}),
    ):
        mail = {"mailbox": desk.box, "body": "Five.", "subject": "Price"} | given
        if operation == "reply_email":
            del mail["subject"]
        sent = await desk.call("agent", operation, **mail)
        await desk.decide(sent.message_id)
        await desk.step()
        body = await last(desk, "message.delivered")
        assert body["message_id"] == sent.message_id
        assert body["original_message_id"] == (asked if operation == "reply_email" else sent.message_id)


async def test_the_state_is_the_one_the_event_led_to(desk: Desk, sink: Sink) -> None:
    sent = await desk.send()
    await desk.decide(sent.message_id)
    await desk.step(sink)

    states = {one["event"]: one["status"] for one in await told(desk) if one["message_id"] == sent.message_id}

    assert states["oversight.pending"] == "pending_approval"
    assert states["message.queued"] == "queued"
    assert states["message.delivered"] == "delivered"


async def test_a_rejection_brings_its_note(desk: Desk) -> None:
    sent = await desk.send()
    await desk.decide(sent.message_id, "reject", note="Too \x1b[31mloud")

    decision = (await last(desk, "oversight.rejected"))["decision"]

    assert decision["decision"] == "reject"
    assert decision["note"].endswith("loud")
    assert "\x1b" not in decision["note"]
    assert "reviewer" in decision["decided_by"]


async def test_mail_held_from_agents_arrives_for_them_when_it_is_let_through(desk: Desk) -> None:
    await desk.set(default_mode="gated_all")
    message_id = await desk.receive()

    assert "message.received" not in await names(desk, AGENT)
    held = await last(desk, "message.received", REVIEWER)
    assert (held["message_id"], held["status"]) == (message_id, "pending_inbound_approval")
    await desk.decide(message_id)
    assert (await names(desk, AGENT)).count("message.received") == 1
    assert (await last(desk, "message.received"))["message_id"] == message_id
    assert (await names(desk, REVIEWER))[-1] == "oversight.approved"


async def test_mail_that_is_kept_from_agents_never_arrives_for_them(desk: Desk) -> None:
    await desk.set(default_mode="gated_all")
    await desk.decide(await desk.receive(), "reject")

    assert "message.received" not in await names(desk, AGENT)
    assert "oversight.rejected" not in await names(desk, AGENT)


async def test_another_mailboxs_events_do_not_exist(desk: Desk) -> None:
    await desk.send()
    await desk.call("agent", "tag_email", email="ann@example.org", tags=["vip"])

    assert set(await names(desk, Sight(("mbx_elsewhere00000",)))) <= {"contact.created", "tags.changed"}


async def test_keys_sessions_and_webhooks_are_told_to_nobody(desk: Desk) -> None:
    await desk.call("operator", "create_webhook", url="https://example.com/")
    kinds = {one.kind for one in await desk.events()}

    assert {"key.created", "webhook.created"} <= kinds
    assert {name.partition(".")[0] for name in await names(desk, REVIEWER)} <= {"mailbox", "message"}


async def test_what_concerns_operators_is_not_told_to_agents(desk: Desk) -> None:
    await desk.set(two_person=True)

    assert "mailbox.updated" in await names(desk, REVIEWER)
    assert "mailbox.updated" not in await names(desk, AGENT)


async def test_a_contact_is_told_with_its_data_and_a_deleted_one_by_its_id(desk: Desk) -> None:
    await desk.call(
        "agent", "manage_contacts", action="add", email="ann@example.org", name="Ann", metadata={"n": 2}
    )
    await desk.call("agent", "tag_email", email="ann@example.org", tags=["vip=1"])

    tagged = await last(desk, "tags.changed")
    assert tagged["contact"] == tagged["data"]
    assert (tagged["contact"]["email"], tagged["tags"], tagged["metadata"]) == (
        "ann@example.org",
        ["vip=1"],
        {"n": 2},
    )
    assert tagged["detail"] == {"added": ["vip"], "removed": []}
    await desk.call("operator", "manage_contacts", action="delete", email="ann@example.org")
    gone = await last(desk, "contact.deleted")
    assert gone["contact"] is None
    assert gone["data"]["contact_id"] == gone["contact_id"] == tagged["contact_id"]


async def test_a_contact_known_from_held_mail_alone_is_hidden(desk: Desk) -> None:
    await desk.set(default_mode="gated_all")
    await desk.receive()
    await desk.call("operator", "tag_email", email="ann@example.org", tags=["vip"])

    assert "tags.changed" in await names(desk, REVIEWER)
    assert "tags.changed" not in await names(desk, AGENT)


async def test_a_threads_tags_are_told(desk: Desk) -> None:
    sent = await desk.send()
    await desk.call("agent", "tag_email", thread_id=sent.thread_id, tags=["open"])

    body = await last(desk, "tags.changed")

    assert (body["thread_id"], body["tags"]) == (sent.thread_id, ["open"])


async def test_returned_mail_says_why_but_not_for_whom_it_was_secret(desk: Desk, sink: Sink) -> None:
    sent = await desk.send(bcc=["secret@example.org"])
    await desk.decide(sent.message_id)
    await desk.step(sink)
    for address in ("ann@example.org", "secret@example.org"):
        await desk.sql(
            "UPDATE deliveries SET status = 'bounced', detail = :detail WHERE address = :address",
            address=address, detail=f"5.1.1 <{address}> unknown",
        )  # fmt: skip
    message = await desk.message(sent.message_id)
    data = {"count": 2, "codes": ["5.1.1"]}
    event = Event(
        "message.bounced", desk.clock.now(), message.mailbox_id, message.id, message.thread_id, data=data
    )
    await desk.write(lambda tx: tx.events.add(event))

    body = await last(desk, "message.bounced")

    assert (body["bounce_code"], body["diagnostic"]) == ("5.1.1", "5.1.1 <ann@example.org> unknown")
    assert body["status"] == "bounced"


async def test_a_long_text_is_cut_and_says_so(desk: Desk) -> None:
    await desk.receive("x" * 70 + "\r\n" + ("y" * 70 + "\r\n") * 20_000)

    body = await last(desk, "message.received")

    assert len(body["body_text"].encode()) <= 1_048_576
    assert body["body_cut"] > 0
