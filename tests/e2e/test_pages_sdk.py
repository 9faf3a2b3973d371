"""Calls as programs elsewhere make them with the Python client: its names, its arguments, what they do with answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import multimail
import multimail_sdk
from tests.support.office import AUDITOR, Office, office

BOX = "growth@house.example"
OPEN: dict[str, Any] = {
    "default_mode": "monitored", "ceiling": "monitored", "oversight_address": AUDITOR, "undo_seconds": 0,
}  # fmt: skip
NAMES = [
    multimail.Client,
    multimail.MultimailClient,
    multimail.MultiMailClient,
    multimail.MultiMail,
    multimail_sdk.MultiMailClient,
]


@pytest.fixture
def firm(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path) as one:
        one.mailbox(BOX, **OPEN)
        yield one


@pytest.fixture
def client(firm: Office) -> Iterator[multimail.Client]:
    key = firm.key("agent", self_approving=True)
    with multimail.Client(api_key=key, base_url=firm.url) as one:
        yield one


def test_every_name_of_the_client_takes_a_key_and_is_the_same_thing() -> None:
    clients = [name(api_key="mm_test", base_url="http://127.0.0.1:1") for name in NAMES]

    assert {type(one) for one in clients} == {multimail.Client}


def next_of_series(client: multimail.Client, to: str, subjects: list[str]) -> str | None:
    """One run of a series that knows nothing but the contact's tags."""
    people = client.manage_contacts(query=to, mailbox=BOX)
    if not people:
        return None
    person = people[0]
    tags = person.get("tags", [])
    if "course_over" in tags or "unsubscribed" in tags:
        return None
    number = len([tag for tag in tags if tag.startswith("course_step_")])
    if number >= len(subjects):
        client.tag_email(contact_id=person["id"], tags=["course_over"])
        return None
    result = client.send_email(
        mailbox=BOX, to=to, subject=subjects[number], body="Today …", tags=[f"course_step_{number}", "course"]
    )
    return str(result["message_id"])


def test_a_series_run_four_times_sends_three_mails_and_a_fifth_run_does_nothing(
    firm: Office, client: multimail.Client
) -> None:
    assert next_of_series(client, "ada@example.com", ["One"]) is None
    client.contacts.upsert(email="ada@example.com")
    sent = [next_of_series(client, "ada@example.com", ["One", "Two", "Three"]) for _ in range(5)]

    assert [one is not None for one in sent] == [True, True, True, False, False]
    assert {mail["Subject"] for mail in firm.left("ada@example.com", 3)} == {"One", "Two", "Three"}
    person = client.contacts.get(email="ada@example.com")
    assert person.tags == ["course", "course_over", "course_step_0", "course_step_1", "course_step_2"]


def test_drafts_of_a_campaign_are_listed_by_tag_and_decided_on_by_their_id(
    firm: Office, client: multimail.Client
) -> None:
    for name in ("ada", "bea"):
        client.send_email(
            mailbox=BOX, to=f"{name}@example.com", subject="Come back", body="We miss you.",
            tags=["comeback", "day_12"], oversight_mode="gated_send",
        )  # fmt: skip
    client.send_email(
        mailbox=BOX, to="cleo@example.com", subject="Other", body="x", oversight_mode="gated_send"
    )
    pending = client.list_pending(mailbox=BOX, tag="comeback")
    assert len(pending["messages"]) == 2
    assert [(one["to"], one["subject"]) for one in pending["messages"]] == [
        ("ada@example.com", "Come back"),
        ("bea@example.com", "Come back"),
    ]
    first, second = pending["messages"]
    client.decide_email(message_id=first["id"], decision="approve")
    client.decide_email(message_id=second["id"], decision="reject")

    assert len(firm.left("ada@example.com")) == 1
    assert client.list_pending(tag="comeback")["messages"] == []
    assert firm.has_left("bea@example.com") == 0


def test_an_answer_to_a_tagged_mail_is_found_read_and_tagged(firm: Office, client: multimail.Client) -> None:
    client.send_email(mailbox=BOX, to="ada@example.com", subject="Offer", body="Look.", tags=["spring"])
    mail = firm.left("ada@example.com")[0]
    firm.arrive(
        BOX, "Re: Offer", "What is the PRICE, and may we have a trial?\n", sender="ada@example.com",
        In_Reply_To=str(mail["Message-ID"]),
    )  # fmt: skip
    inbox = client.check_inbox(mailbox=BOX, filter={"tags": ["spring"], "unread": True})
    found = [client.read_email(mailbox=BOX, message_id=row["id"]) for row in inbox["emails"]]
    assert ["price" in one["body"].lower() for one in found] == [True]
    client.tag_email(message_id=found[0]["id"], tags=["warm", "signals_2"])

    assert (found[0]["from"], found[0]["thread_id"]) == ("ada@example.com", inbox["emails"][0]["thread_id"])
    assert {"warm", "signals_2"} <= set(client.read_email(message_id=found[0]["id"])["tags"])


def test_an_announcement_keeps_the_callers_unsubscribe_header_alone(
    firm: Office, client: multimail.Client
) -> None:
    headers = {
        "List-Unsubscribe": "<mailto:stop@house.example?subject=stop>, <https://house.example/stop?who=ada>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "X-Campaign-ID": "june",
    }
    result = client.send_email(
        mailbox=BOX, to="ada@example.com", subject="New: exports", body="Text\n\n---\nStop: https://house.example/stop",
        headers=headers, tags=["news", "june"],
    )  # fmt: skip
    mail = firm.left("ada@example.com")[0]

    assert result["message_id"]
    assert {name: mail.get_all(name) for name in headers} == {name: [text] for name, text in headers.items()}


def test_a_queue_is_worked_off_with_approval_revision_and_refusal(
    firm: Office, client: multimail.Client
) -> None:
    for name in ("ada", "bea", "cleo"):
        firm.arrive(BOX, f"Question of {name}", "How?\n", sender=f"{name}@example.com")
        inbound = client.check_inbox(query=f"from:{name}@example.com")["messages"][0]
        client.reply_email(message_id=inbound["message_id"], body="Like so.", oversight_mode="gated_send")
    items = client.list_pending(mailbox_id=BOX)["messages"]
    first = items[0]
    assert (first["from"], first["subject"], first["draft_body"]) == (BOX, "Re: Question of ada", "Like so.")
    client.decide_email(message_id=items[0]["message_id"], decision="approve")
    client.decide_email(message_id=items[1]["message_id"], decision="approve", revised_body="Like this.")
    refused = client.decide_email(
        message_id=items[2]["message_id"], decision="reject", rejection_note="Not true."
    )

    assert refused["status"] == "rejected"
    texts = [firm.left(f"{name}@example.com")[0].get_body(("plain",)) for name in ("ada", "bea")]
    assert ["Like so." in texts[0].get_content(), "Like this." in texts[1].get_content()] == [True, True]  # type: ignore[union-attr]
    history = client.get_message_history(message_id=items[2]["message_id"])
    assert history.decisions[0]["note"] == "Not true."


def test_a_mail_for_the_morning_of_the_recipient_is_named_with_its_sender_and_time(
    client: multimail.Client,
) -> None:
    tomorrow = datetime.now(ZoneInfo("America/Chicago")) + timedelta(days=1)
    at = tomorrow.replace(hour=9, minute=0, second=0, microsecond=0).astimezone(UTC)
    result = client.send_email(
        from_address=BOX,
        to="ada@example.com",
        subject="Three questions",
        body="One, two, three.",
        scheduled_at=at.isoformat(),
        oversight_mode="gated_send",
    )

    assert result["message_id"].startswith("msg_")
    assert datetime.fromisoformat(result["scheduled_at"]) == at


def test_a_looser_mode_than_the_mailbox_has_is_no_error_and_no_way_out(
    firm: Office, client: multimail.Client
) -> None:
    strict = firm.mailbox("strict@house.example")
    result = client.send_email(
        from_mailbox=strict, to="ada@example.com", subject="Hello", body="x", oversight_mode="monitored"
    )

    assert (result.requested_mode, result.oversight_mode, result.status) == (
        "monitored",
        "gated_send",
        "pending_approval",
    )
    assert firm.has_left("ada@example.com") == 0
