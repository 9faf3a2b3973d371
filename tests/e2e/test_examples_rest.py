"""Examples that use nothing but HTTP: they do what they say, and what they send arrives at a real SMTP server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.desk import LAWFUL
from tests.support.office import AUDITOR, Office, eventually, office

BOOKING = ("B-1042", "ann@example.com", "Studio 4", "2027-03-01T09:00", "2027-03-01T11:00")


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


def test_a_booking_is_confirmed_once_however_often_the_program_runs(firm: Office) -> None:
    desk = monitored(firm, "desk@company.example")
    ran = [firm.example("booking_confirmation", *BOOKING, key=firm.key(), MAILBOX=desk) for _ in range(2)]

    assert ran[0].split()[0] == ran[1].split()[0]
    mail = firm.left("ann@example.com")[0]
    assert mail["Subject"] == "Studio 4 is booked (B-1042)"
    assert "Monday, 01 March 2027, from 09:00 to 11:00" in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert len(firm.left(AUDITOR)) == 1
    assert firm.has_left("ann@example.com") == 1


def test_a_booking_in_a_mailbox_under_review_waits_and_that_is_fine(firm: Office) -> None:
    desk = firm.mailbox("desk@company.example")
    said = firm.example("booking_confirmation", *BOOKING, key=firm.key(), MAILBOX=desk)

    assert said.split()[1] == "pending_approval"


def test_a_refusal_ends_the_program_with_what_would_be_right(firm: Office) -> None:
    with pytest.raises(AssertionError, match="unknown_mailbox"):
        firm.example("booking_confirmation", *BOOKING, key=firm.key(), MAILBOX="nobody@company.example")


def test_a_member_is_reminded_once_and_who_paid_is_not(firm: Office) -> None:
    billing = monitored(firm, "billing@company.example")
    renews = (datetime.now(UTC) + timedelta(days=5)).date().isoformat()
    members = [
        {"email": f"{name}@example.com", "plan": "Flex", "renews": renews, "paid": name == "paul"}
        for name in ("ann", "bob", "paul")
    ]
    (firm.folder / "members.json").write_text(json.dumps(members), "utf-8")
    first, second = (
        firm.example("renewal_reminder", "members.json", key=firm.key(), MAILBOX=billing) for _ in range(2)
    )

    assert [line.split()[1] != "skipped" for line in first.splitlines()] == [True, True, False]
    assert second == "".join(f"{one['email']} skipped\n" for one in members)
    for name in ("ann", "bob"):
        assert firm.left(f"{name}@example.com")[0]["Subject"].startswith("Your Flex membership renews on")
    assert firm.has_left("paul@example.com") == 0


def test_an_access_alert_leaves_when_a_person_saw_it_and_not_before(firm: Office) -> None:
    access = monitored(firm, "access@company.example")
    told = firm.example(
        "access_alert", "tell", "ann@example.com", "North door", "The new code is 4711.",
        key=firm.key("agent"), MAILBOX=access,
    )  # fmt: skip
    assert "pending_approval" in told
    assert firm.has_left("ann@example.com") == 0
    seen = firm.example("access_alert", "review", key=firm.key("reviewer"), MAILBOX=access, typed="a\n")

    assert "To: ann@example.com\nSubject: Access: North door\n\nThe new code is 4711." in seen
    assert "approve: " in seen
    assert "4711" in firm.left("ann@example.com")[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_an_access_alert_that_is_refused_never_leaves(firm: Office) -> None:
    access = firm.mailbox("access@company.example")
    firm.example("access_alert", "tell", "ann@example.com", "Door", "4711", key=firm.key(), MAILBOX=access)
    seen = firm.example("access_alert", "review", key=firm.key("reviewer"), MAILBOX=access, typed="r\n")

    assert "reject: rejected" in seen
    assert firm.call("list_pending")["pending"] == []
    assert firm.has_left("ann@example.com") == 0


def test_an_announcement_skips_whoever_answered_that_they_want_no_more(firm: Office) -> None:
    news = monitored(firm, "news@company.example")
    (firm.folder / "members.txt").write_text("ann@example.com\nBob@Example.com\nno-address\n", "utf-8")
    (firm.folder / "party.md").write_text("On **Friday**, on the roof.\n", "utf-8")
    arguments = ("announcement", "members.txt", "Summer party", "party.md")
    first = firm.example(*arguments, key=firm.key(), MAILBOX=news)
    assert first == "1 invalid_address, 2 queued, 0 skipped\n"
    assert "unsubscribe" in str(firm.left("ann@example.com")[0]["List-Unsubscribe"]).lower()
    firm.arrive(news, "Re: Summer party", "UNSUBSCRIBE\n", sender="bob@example.com")
    eventually(lambda: firm.call("manage_contacts", tag="unsubscribed")["contacts"], "the opt-out is known")
    (firm.folder / "party.md").write_text("It was **great**.\n", "utf-8")
    second = firm.example(*arguments, key=firm.key(), MAILBOX=news)

    assert "1 skipped" in second
    assert len(firm.left("ann@example.com", 2)) == 2
    assert len(firm.left("Bob@example.com")) == 1
