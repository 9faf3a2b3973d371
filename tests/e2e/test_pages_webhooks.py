"""Handlers as programs elsewhere write them: which keys they look at, how they check, what they call back."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import multimail
from tests.support.office import AUDITOR, Office, eventually, office
from tests.support.receiver import Posted, Receiver

BOX = "desk@house.example"


@pytest.fixture
def firm(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path) as one:
        one.mailbox(
            BOX,
            default_mode="monitored",
            ceiling="monitored",
            oversight_address=AUDITOR,
            undo_seconds=0,
        )
        yield one


@pytest.fixture
def client(firm: Office) -> Iterator[multimail.Client]:
    """With one key for everything, which an operator marked for it."""
    with multimail.Client(firm.key("agent", self_approving=True), firm.url) as one:
        yield one


@contextmanager
def hooked(firm: Office, receiver: Receiver, *events: str) -> Iterator[str]:
    """A subscription of these events; its secret."""
    with receiver:
        made = firm.call("create_webhook", url=receiver.url, events=list(events), mailbox=BOX)
        yield made["secret"]


def is_signed(posted: Posted, secret: str) -> bool:
    """The oldest check: hex of HMAC-SHA256 over the raw body, the whole secret as key, compared whole."""
    expected = hmac.new(secret.encode(), posted.raw, hashlib.sha256).hexdigest()
    return hmac.compare_digest(posted.headers.get("x-multimail-signature", ""), expected)


def test_a_mail_is_answered_from_its_event_edited_by_a_person_delivered_and_marked(
    firm: Office, client: multimail.Client
) -> None:
    firm.arrive(BOX, "Invoice", "Why twice?\n")
    first = client.check_inbox(mailbox=BOX)["messages"][0]
    client.reply_email(message_id=first["message_id"], body="We look.", oversight_mode="monitored")
    firm.left("ann@example.com")
    turns: list[tuple[str, str]] = []

    def draft(posted: Posted) -> None:
        event = posted.body
        thread = client.get_thread(thread_id=event["thread_id"])
        turns.extend((mail["direction"], mail["body_text"].strip()) for mail in thread["messages"])
        client.reply_email(
            message_id=event["message_id"],
            body=f"You wrote: {event['body_text'].strip()}",
            oversight_mode="gated_send",
        )

    with hooked(firm, receiver := Receiver(before=draft), "message.received") as secret:
        reply_to = str(firm.left("ann@example.com")[0]["Message-ID"])
        firm.arrive(BOX, "Re: Invoice", "It was one order.\n", In_Reply_To=reply_to)
        posted = receiver.wait_for(1)[0]
        waiting = eventually(lambda: client.list_pending(mailbox_id=BOX)["messages"], "the draft")

    assert is_signed(posted, secret)
    assert (posted.body["sender"], posted.body["subject"]) == ("ann@example.com", "Re: Invoice")
    assert [direction for direction, _ in turns] == ["inbound", "outbound", "inbound"]
    assert turns[-1][1] == "It was one order."
    assert waiting[0]["draft_body"] == "You wrote: It was one order."


def test_the_delivery_names_the_mail_that_was_answered(firm: Office, client: multimail.Client) -> None:
    def mark(posted: Posted) -> None:
        event = posted.body
        if event.get("event") == "message.delivered":
            client.tag_email(message_id=event["original_message_id"], tags=["auto-replied", "resolved"])

    firm.arrive(BOX, "Opening hours", "When?\n")
    inbound = client.check_inbox(mailbox=BOX, filter="unread")["messages"][0]["message_id"]
    with hooked(firm, receiver := Receiver(before=mark), "delivery"):
        reply = client.reply_email(message_id=inbound, body="From nine.", oversight_mode="gated_send")
        client.decide_email(
            message_id=reply["message_id"], decision="approve", revised_body="From nine to five."
        )
        receiver.wait_for(1)
        tags = eventually(lambda: client.read_email(message_id=inbound)["tags"], "the mark")

    assert tags == ["auto-replied", "resolved"]
    history = client.get_message_history(message_id=reply["message_id"])
    assert [one["body"] for one in history["revisions"]] == ["From nine.", "From nine to five."]
    assert "From nine to five." in firm.left("ann@example.com")[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_a_decision_is_posted_from_inside_the_event_that_asks_for_it(
    firm: Office, client: multimail.Client
) -> None:
    answers: list[Any] = []

    def decide(posted: Posted) -> None:
        event = posted.body
        if event["type"] != "approval.required":
            return
        mail = event["message"]
        known = mail["to"].split("@")[-1] == "partner.example"
        answers.append(
            client.decide_email(
                message_id=mail["message_id"],
                decision="approve" if known else "reject",
                note=f"{mail['subject']}, due {mail['scheduled_at']}",
            )
        )

    later = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    held: dict[str, Any] = {"mailbox": BOX, "body": "As agreed.", "oversight_mode": "gated_send"}
    with hooked(firm, Receiver(before=decide), "*"):
        now = client.send_email(to="pat@partner.example", subject="Now", **held)
        then = client.send_email(to="pat@partner.example", subject="Then", scheduled_at=later, **held)
        other = client.send_email(to="eve@else.example", subject="Other", **held)
        outcomes = [
            client.wait_for_decision(message_id=one["message_id"], timeout_seconds=20)
            for one in (now, then, other)
        ]

    assert [one["decision"]["decision"] for one in outcomes] == ["approve", "approve", "reject"]
    assert [one.status for one in answers] == ["queued", "scheduled", "rejected"]
    assert outcomes[0]["decision"]["note"] == "Now, due None"
    assert len(firm.left("pat@partner.example")) == 1
    assert firm.has_left("eve@else.example") == 0


def test_every_event_has_the_keys_that_handlers_index(firm: Office, client: multimail.Client) -> None:
    with hooked(firm, receiver := Receiver(), "*"):
        firm.arrive(BOX, "Hello", "Hi.\n")
        client.send_email(mailbox=BOX, to="ann@example.com", subject="Hi", body="Hi.")
        client.contacts.upsert("ann@example.com", metadata={"plan": "pro"})
        firm.left("ann@example.com")
        events = eventually(
            lambda: (
                [one.body for one in receiver.posted]
                if {"message.delivered", "message.received"} <= set(receiver.events)
                else None
            ),
            "the mails' events",
        )

    for event in events:
        assert {
            "event",
            "type",
            "event_type",
            "id",
            "timestamp",
            "message_id",
            "original_message_id",
        } <= event.keys()
        assert {"message_id", "subject", "to", "scheduled_at"} <= event["message"].keys()
    delivered = next(one for one in events if one["event"] == "message.delivered")
    assert delivered["original_message_id"] == delivered["message_id"]
