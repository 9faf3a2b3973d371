"""A drip that keeps its place in a contact's tags, with the Python client: as a campaign's author writes it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import multimail
from tests.support.office import AUDITOR, Office, eventually, office

PERSON = "lead@example.com"
SEQUENCE = [
    {"subject": "Welcome on board", "body": "This is where to begin."},
    {"subject": "Your first integration", "body": "Most people connect their calendar."},
    {"subject": "Does it help you?", "body": "This is what others do next."},
]


@pytest.fixture
def firm(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path) as one:
        one.mailbox(
            "hello@company.example", default_mode="monitored", ceiling="monitored", oversight_address=AUDITOR,
            undo_seconds=0,
        )  # fmt: skip
        yield one


def run_drip(client: Any, mailbox: str, person: str) -> str:
    """One run: the next mail for a contact, or the tag that says that there is none any more."""
    contacts = client.manage_contacts(query=person, mailbox=mailbox)
    if not contacts:
        return "nobody"
    contact = contacts[0]
    tags = contact.get("tags", [])
    if "drip_complete" in tags or "unsubscribed" in tags:
        return "over"
    step = len([tag for tag in tags if tag.startswith("drip_step_")])
    if step >= len(SEQUENCE):
        client.tag_email(contact_id=contact["id"], tags=["drip_complete"])
        return "tagged"
    sent = client.send_email(
        mailbox=mailbox, to=person, tags=[f"drip_step_{step}", "campaign_drip"], **SEQUENCE[step]
    )
    assert sent["message_id"].startswith("msg_")
    return f"step {step}"


def subjects(firm: Office, count: int) -> list[str]:
    """What the person got, in the order in which it was sent."""
    return [str(mail["Subject"]) for mail in firm.left(PERSON, count)]


def test_four_runs_for_a_contact_send_three_steps_and_then_only_tag_it(firm: Office) -> None:
    with multimail.Client(api_key=firm.key(), base_url=firm.url) as client:
        assert run_drip(client, "hello@company.example", PERSON) == "nobody"
        client.manage_contacts(action="add", email=PERSON, name="Lee", mailbox="hello@company.example")
        runs = []
        for number in range(1, 5):
            runs.append(run_drip(client, "hello@company.example", PERSON))
            assert subjects(firm, min(number, 3)) == [one["subject"] for one in SEQUENCE[:number]]
        contact = client.manage_contacts(query=PERSON, mailbox="hello@company.example")[0]

        assert runs == ["step 0", "step 1", "step 2", "tagged"]
        assert sorted(contact["tags"]) == [
            "campaign_drip", "drip_complete", "drip_step_0", "drip_step_1", "drip_step_2"
        ]  # fmt: skip
        assert run_drip(client, "hello@company.example", PERSON) == "over"
    assert firm.has_left(PERSON) == 3


def test_of_two_programs_that_saw_the_same_tags_one_goes_on(firm: Office) -> None:
    with multimail.Client(api_key=firm.key(), base_url=firm.url) as client:
        client.tag_email(email=PERSON, tags=["stage=1"])
        client.tag_email(email=PERSON, tags=["stage=2"], expect=["stage=1"])
        with pytest.raises(multimail.errors.Conflict, match="stage=1"):
            client.tag_email(email=PERSON, tags=["stage=2"], expect=["stage=1"])

        assert client.tag_email(email=PERSON, action="get")["tags"] == ["stage=2"]


def test_the_server_runs_a_sequence_by_itself_and_an_answer_ends_it(firm: Office) -> None:
    key, box = firm.key(), "hello@company.example"
    steps = [{**SEQUENCE[0], "tags": ["drip_step_0"]}, {"wait": "1d", **SEQUENCE[1]}]
    made = firm.call("create_sequence", key=key, name="welcome", mailbox=box, run_by="server", steps=steps)
    firm.call("enroll_contacts", key=key, sequence_id="welcome", emails=[PERSON])
    assert subjects(firm, 1) == ["Welcome on board"]

    firm.arrive(box, "Re: Welcome on board", "That helped, thank you.", sender=PERSON)

    def reason() -> Any:
        return firm.call("get_sequence", key=key, sequence_id=made["sequence_id"])["enrollments"][0].get(
            "reason"
        )

    assert eventually(reason, "the sequence is over") == "replied"
