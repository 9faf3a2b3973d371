"""Examples of the Python client: they do what they say, and what they send arrives at a real SMTP server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.desk import LAWFUL
from tests.support.office import AUDITOR, Office, office

STEPS = [{"subject": f"Day {number}", "body": f"Lesson {number}."} for number in (1, 2, 3)]


@pytest.fixture
def firm(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path) as one:
        yield one


def monitored(firm: Office, address: str) -> str:
    """A mailbox whose mail leaves at once, with a copy for people."""
    return firm.mailbox(
        address,
        default_mode="monitored",
        ceiling="monitored",
        oversight_address=AUDITOR,
        undo_seconds=0,
        metadata=LAWFUL,
    )


def drip(firm: Office, box: str, *people: str) -> list[str]:
    (firm.folder / "steps.json").write_text(json.dumps(STEPS), "utf-8")
    return firm.example("drip", "steps.json", *people, key=firm.key(), MAILBOX=box).splitlines()


def answer(firm: Office, box: str, to: str, text: str) -> None:
    """The recipient answers the first mail that they got."""
    mail = firm.left(to)[0]
    firm.arrive(box, f"Re: {mail['Subject']}", text, sender=to, In_Reply_To=str(mail["Message-ID"]))


def test_a_series_goes_on_by_a_step_each_run_and_ends(firm: Office) -> None:
    box = monitored(firm, "hello@company.example")
    ran = [drip(firm, box, "ann@example.com")[0].partition(" ")[2] for _ in range(5)]

    assert ran == ["step 0: queued", "step 1: queued", "step 2: queued", "finished", "done"]
    assert {mail["Subject"] for mail in firm.left("ann@example.com", 3)} == {"Day 1", "Day 2", "Day 3"}
    assert firm.has_left("ann@example.com") == 3


def test_a_series_stops_for_who_opted_out_and_for_who_answered(firm: Office) -> None:
    box = monitored(firm, "hello@company.example")
    drip(firm, box, "ann@example.com", "bob@example.com", "eve@example.com")
    answer(firm, box, "ann@example.com", "UNSUBSCRIBE\n")
    answer(firm, box, "bob@example.com", "That helped, thank you.\n")

    assert drip(firm, box, "ann@example.com", "bob@example.com", "eve@example.com") == [
        "ann@example.com done",
        "bob@example.com answered",
        "eve@example.com step 1: queued",
    ]


def test_a_pile_of_drafts_is_approved_refused_and_sent_back_one_by_one(firm: Office) -> None:
    box = monitored(firm, "sales@company.example")
    customers = [
        {"email": f"{name}@example.com", "name": name.title(), "left": "2026-01-31", "reason": "the price"}
        for name in ("ann", "bob", "eve", "zoe")
    ]
    (firm.folder / "customers.json").write_text(json.dumps(customers), "utf-8")
    written = firm.example("win_back", "write", "customers.json", key=firm.key(), MAILBOX=box)
    assert written.count("pending_approval") == 4
    typed = "a\nr\nShorter, please.\n\n"
    said = firm.example("win_back", "review", key=firm.key("reviewer"), MAILBOX=box, typed=typed)

    assert "To: ann@example.com\nSubject: What has changed since you left\n\nDear Ann," in said
    assert said.count("approve ") == said.count("reject rejected") == 1
    assert said.count("request_changes changes_requested") == 1
    assert len(firm.left("ann@example.com")) == 1
    waiting = {one["to"]: one["status"] for one in firm.call("list_pending")["pending"]}
    assert waiting == {"eve@example.com": "changes_requested", "zoe@example.com": "pending_approval"}


def test_one_text_for_many_is_looked_at_once_and_leaves_for_each(firm: Office) -> None:
    box = firm.mailbox("rooms@company.example", allowed=["*@example.com"])
    guests = [
        {"to": f"{name}@example.com", "values": {"name": name.title(), "room": room}}
        for name, room in (("ann", "12"), ("bob", "14"))
    ]
    (firm.folder / "guests.json").write_text(
        json.dumps([*guests, {**guests[0], "to": "eve@else.example"}]), "utf-8"
    )
    first, second = firm.example("batch", "write", "guests.json", key=firm.key(), MAILBOX=box).splitlines()
    assert (first.partition(" ")[2], second) == (
        "2 pending_approval",
        "eve@else.example recipient_not_allowed",
    )
    batch = first.split()[0]
    seen = firm.example("batch", "review", batch, key=firm.key("reviewer"), MAILBOX=box, typed="y\n")

    assert "bob@example.com {'name': 'Bob', 'room': '14'} pending_approval" in seen
    assert seen.endswith("\n2 approved, 0 failed\n")
    for name, room in (("ann", "12"), ("bob", "14")):
        mail = firm.left(f"{name}@example.com")[0]
        assert mail["Subject"] == f"Your room, {name.title()}"
        assert f"**{room}**" in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_answers_that_want_to_buy_are_marked_once_and_nothing_is_sent(firm: Office) -> None:
    box = monitored(firm, "hello@company.example")
    drip(firm, box, "ann@example.com", "bob@example.com")
    answer(firm, box, "ann@example.com", "What is the price for 12 seats?\n")
    answer(firm, box, "bob@example.com", "Thank you.\n")
    firm.call("update_mailbox", mailbox=box, default_mode="read_only", ceiling="read_only")
    looked = ("lead_qualification", "welcome_step_0")
    first, second = (firm.example(*looked, key=firm.key(), MAILBOX=box) for _ in range(2))

    assert sorted(first.splitlines()) == ["ann@example.com price, size", "bob@example.com no signal"]
    assert second == ""
    leads = firm.call("check_inbox", mailbox=box, filter={"tags": ["lead"], "direction": "inbound"})
    assert [one["from"] for one in leads["messages"]] == ["ann@example.com"]


def test_a_contact_is_written_found_used_changed_and_erased(firm: Office) -> None:
    box = monitored(firm, "sales@company.example")
    firm.arrive(box, "Hello", "Who are you?\n", sender="ann@lab.example")
    said = firm.example("contacts", "ann@lab.example", "Ann Lee", key=firm.key(), MAILBOX=box)

    assert said.splitlines()[:3] == [
        "stored contact 5 seats next month",
        "quiet ann@lab.example ['exports', 'webhooks']",
        "sent queued",
    ]
    assert said.splitlines()[3:] == [
        "changed ['plan', 'seats', 'stage']",
        "the oldest of the history: received",
        "erased True",
    ]
    assert "Dear Ann" in firm.left("ann@lab.example")[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    # A mail that was still on its way makes a new contact, of which nothing is known.
    assert not any(one["metadata"] for one in firm.call("manage_contacts", query="lab.example")["contacts"])


def test_a_mail_for_the_recipients_morning_waits_for_approval_and_then_for_its_time(firm: Office) -> None:
    box = monitored(firm, "sales@company.example")
    (firm.folder / "question.md").write_text("May I ask three things?\n", "utf-8")
    arguments = ("scheduled_send", "ann@example.com", "America/Chicago", "Three questions", "question.md")
    message_id, status, at = firm.example(*arguments, key=firm.key(), MAILBOX=box).split()
    due = datetime.fromisoformat(at)

    assert status == "pending_approval"
    assert due.minute == 0
    assert timedelta(0) < due - datetime.now(UTC) < timedelta(hours=26)
    approved = firm.call("decide_email", message_id=message_id, decision="approve")
    assert approved["status"] == "scheduled"
    assert firm.has_left("ann@example.com") == 0
