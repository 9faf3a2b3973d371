"""Who said what of a contact, through the operation that writes it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from multimail.core.model import Role
from multimail.services import contact_fields
from tests.support.mailroom import NOON, Mailroom

ANN = "ann@example.org"


@pytest.fixture
def room(tmp_path: Path) -> Mailroom:
    return Mailroom(tmp_path)


def say(room: Mailroom, who: Any, **arguments: Any) -> None:
    room.do(who, "manage_contacts", action="upsert", email=ANN, **arguments)


def region(room: Mailroom) -> tuple[Any, str, Any]:
    known = contact_fields.known(room.tx, [ANN], ["region"])[ANN]["region"]
    return known.value, known.said.source.value, known.evidence.value if known.evidence else None


def test_what_an_agent_writes_is_no_evidence_and_hides_none(room: Mailroom) -> None:
    agent, operator = room.principal(), room.principal(role=Role.OPERATOR)

    say(room, agent, metadata={"region": "US"})
    assert region(room) == ("US", "agent", None)
    say(room, operator, metadata={"region": "EU"})
    assert region(room) == ("EU", "operator", "EU")
    say(room, agent, metadata={"plan": "pro"}, name="Ann")
    assert region(room) == ("EU", "operator", "EU")
    say(room, agent, metadata={"region": "US"})
    assert region(room) == ("US", "agent", "EU")
    say(room, agent, metadata={"region": None})
    assert region(room) == (None, "agent", "EU")
    say(room, operator, metadata={"region": "CH"})
    assert region(room) == ("CH", "operator", "CH")


def test_an_operator_who_repeats_it_stands_for_it(room: Mailroom) -> None:
    say(room, room.principal(), metadata={"region": "EU"})
    say(room, room.principal(role=Role.OPERATOR), metadata={"region": "EU"})

    assert region(room) == ("EU", "operator", "EU")


def test_every_field_of_a_contact_says_where_it_is_from(room: Mailroom) -> None:
    operator = room.principal(role=Role.OPERATOR)
    say(room, operator, metadata={"region": "EU", "plan": "pro"}, name="Ann")
    say(room, room.principal(), metadata={"region": None, "note": "hi"})
    contact = room.tx.contacts.by_address(ANN)
    assert contact is not None

    found = contact_fields.of_contact(room.tx, contact)

    assert {field: one.said.source for field, one in found.items()} == {
        "name": "operator", "metadata.plan": "operator", "metadata.note": "agent", "metadata.region": "agent",
    }  # fmt: skip
    assert found["name"].said.by == operator.id


def test_nobody_and_who_says_nothing_are_known_without_fields(room: Mailroom) -> None:
    room.tx.contacts.ensure("contact_1", ANN, "", NOON)

    assert contact_fields.known(room.tx, [ANN, "nobody@x.example"], ["region"]) == {ANN: {}}
