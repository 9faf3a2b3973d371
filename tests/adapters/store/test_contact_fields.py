"""Who said what, in the data file."""

from __future__ import annotations

from pathlib import Path

from multimail.core.provenance import ALL, NAME, Evidence, Field, Said, Source
from tests.support.mailroom import NOON, Mailroom

OPERATOR = Said(Source.OPERATOR, "key_op", 1)
AGENT = Said(Source.AGENT, "key_ag", 3)
REGION = "metadata.region"


def test_lines_are_written_replaced_and_taken_away(tmp_path: Path) -> None:
    contacts = Mailroom(tmp_path).tx.contacts
    contacts.ensure("contact_1", "ann@x.example", "", NOON)
    hidden = Field(AGENT, Evidence({"in": ["EU"]}, OPERATOR))

    contacts.note("contact_1", {REGION: Field(OPERATOR), ALL: Field(OPERATOR)})
    contacts.note("contact_1", {REGION: hidden, ALL: None})

    assert contacts.said("contact_1") == {REGION: hidden}
    assert contacts.said("contact_2") == {}


def test_who_is_named_by_a_send_is_named_by_its_author_and_who_is_not_by_nobody(tmp_path: Path) -> None:
    contacts = Mailroom(tmp_path).tx.contacts
    contacts.ensure("contact_1", "ann@x.example", "Ann", NOON)
    contacts.ensure("contact_2", "bob@x.example", "", NOON)

    assert contacts.said("contact_1") == {NAME: Field(Said(Source.AGENT, at=NOON))}
    assert contacts.said("contact_2") == {}


def test_several_people_are_asked_about_at_once(tmp_path: Path) -> None:
    contacts = Mailroom(tmp_path).tx.contacts
    ann = contacts.ensure("contact_1", "ann@x.example", "", NOON)
    contacts.save(ann._replace(metadata={"region": "EU", "plan": "pro"}), NOON)
    contacts.ensure("contact_2", "bob@x.example", "", NOON)
    contacts.note("contact_1", {REGION: Field(OPERATOR), "metadata.plan": Field(AGENT), ALL: Field(AGENT)})

    found = contacts.said_of(["Ann@x.example", "bob@x.example", "nobody@x.example"], [REGION])

    assert found["ann@x.example"].metadata == {"region": "EU", "plan": "pro"}
    assert found["ann@x.example"].lines == {REGION: Field(OPERATOR), ALL: Field(AGENT)}
    assert found["bob@x.example"].lines == {}
    assert len(found) == 2


def test_who_is_forgotten_leaves_no_line(tmp_path: Path) -> None:
    contacts = Mailroom(tmp_path).tx.contacts
    contacts.ensure("contact_1", "ann@x.example", "", NOON)
    contacts.note("contact_1", {REGION: Field(OPERATOR)})

    contacts.delete("contact_1")

    assert contacts.said("contact_1") == {}
