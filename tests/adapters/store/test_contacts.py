"""Contacts in the store: one per address, found by everything a search may ask."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from multimail.core.times import DAY
from multimail.ports.contacts import ContactSearch
from multimail.ports.reading import Contact, Interaction, Sight
from tests.support.mailroom import NOON, Mailroom

DATA: dict[str, Any] = {
    "plan": "pro",
    "tickets": 2,
    "score": 2.5,
    "active": True,
    "none": None,
    "list": ["pro"],
    "object": {"city": "Ulm", "zip": "089"},
    "dotted.key": "yes",
    "text": "2",
    "big": 2**70,
}


@pytest.fixture
def room(tmp_path: Path) -> Mailroom:
    return Mailroom(tmp_path)


def contact(room: Mailroom, address: str, name: str = "", **data: Any) -> Contact:
    made = room.tx.contacts.ensure(room.ids.new("contact", NOON), address, name, NOON)
    room.tx.contacts.save(made._replace(metadata=data), NOON)
    return made._replace(metadata=data)


def found(room: Mailroom, **search: Any) -> list[str]:
    return [one.address.partition("@")[0] for one in room.tx.contacts.search(ContactSearch(**search))]


def test_an_address_is_one_contact_however_it_is_written(room: Mailroom) -> None:
    first = room.tx.contacts.ensure("contact_1", "Ann@Example.ORG", "", NOON)
    named = room.tx.contacts.ensure("contact_2", "ann@example.org", "Ann", NOON)
    again = room.tx.contacts.ensure("contact_3", "ANN@example.org", "Other", NOON)

    assert (first.id, first.address, first.domain) == ("contact_1", "ann@example.org", "example.org")
    assert named == again == first._replace(name="Ann")
    assert room.tx.contacts.by_address("Ann@example.org") == room.tx.contacts.get("contact_1") == named


def test_a_contact_known_from_held_mail_only_is_hidden_until_others_know_it(room: Mailroom) -> None:
    hidden = room.tx.contacts.ensure("contact_1", "eve@x.example", "Eve", NOON, hidden=True)

    assert hidden.hidden
    assert found(room) == []
    assert found(room, sight=Sight(see_hidden=True)) == ["eve"]
    assert not room.tx.contacts.ensure("contact_2", "eve@x.example", "", NOON).hidden
    assert not room.tx.contacts.ensure("contact_3", "eve@x.example", "", NOON, hidden=True).hidden
    assert found(room) == ["eve"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("ann@lab.example", ["ann"]),
        ("Ann@LAB.example", ["ann"]),
        ("nobody@lab.example", []),
        ("ann@lab", ["ann", "joann"]),
        ("x@lab", []),
        ("@lab.example", ["ann", "joann"]),
        ("lab.example", ["ann", "joann"]),
    ],
)
def test_a_whole_address_is_nobody_elses_and_a_part_is_everybodys(
    room: Mailroom, query: str, names: list[str]
) -> None:
    for address in ("joann@lab.example", "ann@lab.example"):
        contact(room, address)

    assert sorted(found(room, query=query)) == names


@pytest.mark.parametrize(
    ("search", "names"),
    [
        ({}, ["ann", "bob", "jörg"]),
        ({"query": "EXAMPLE"}, ["ann", "bob", "jörg"]),
        ({"query": "acme.example"}, ["bob"]),
        ({"query": "smith"}, ["ann"]),
        ({"query": "JÖRG"}, ["jörg"]),
        ({"query": "bücher.example"}, ["jörg"]),
        ({"query": "%"}, []),
        ({"query": "_nn"}, []),
        ({"query": "' OR 1=1 --"}, []),
        ({"email": "ann@one.example"}, ["ann"]),
        ({"domain": "acme.example"}, ["bob"]),
        ({"domain": "cme.example"}, []),
        ({"tags": ("vip",)}, ["ann", "bob"]),
        ({"tags": ("vip", "new")}, ["bob"]),
        ({"tags": ("plan=pro",)}, ["ann"]),
        ({"exclude_tags": ("vip",)}, ["jörg"]),
        ({"limit": 2}, ["ann", "bob"]),
        ({"contact_id": "contact_nobody"}, []),
    ],
)
def test_a_search_finds(room: Mailroom, search: dict[str, Any], names: list[str]) -> None:
    ann = contact(room, "ann@one.example", "Ann Smith")
    bob = contact(room, "bob@acme.example")
    contact(room, "jörg@bücher.example", "Jörg")
    room.tx.tags.add("contact", ann.id, ["vip", "plan=pro"], "", NOON)
    room.tx.tags.add("contact", bob.id, ["vip", "new"], "", NOON)

    assert found(room, **search) == names


def test_pages_follow_by_id_and_rows_carry_tags(room: Mailroom) -> None:
    first, second = contact(room, "a@x.example"), contact(room, "b@x.example")
    room.tx.tags.add("contact", second.id, ["plan=pro", "vip"], "", NOON)

    page = room.tx.contacts.search(ContactSearch(after_id=first.id))

    assert [(one.id, one.tags) for one in page] == [(second.id, ("plan=pro", "vip"))]


@pytest.mark.parametrize(
    ("path", "value", "matches"),
    [
        ("plan", "pro", True),
        ("plan", "free", False),
        ("plan", None, False),
        ("missing", None, True),
        ("none", None, True),
        ("missing", "", False),
        ("tickets", 2, True),
        ("tickets", "2", True),
        ("tickets", 2.0, True),
        ("tickets", "02x", False),
        ("text", 2, True),
        ("text", "2", True),
        ("score", "2.5", True),
        ("score", 2.5, True),
        ("active", True, True),
        ("active", "true", True),
        ("active", False, False),
        ("active", 1, False),
        ("tickets", True, False),
        ("list", "pro", False),
        ("list", '["pro"]', False),
        ("object", "Ulm", False),
        ("object.city", "Ulm", True),
        ("object.zip", "089", True),
        ("object.zip", 89, False),
        ("dotted.key", "yes", True),
        ("big", 2**70, False),
        ("big", 10**400, False),
        ("plan", "nan", False),
        ("plan') OR 1=1 --", "x", False),
        ("$.plan", "pro", False),
        ("list[0]", "pro", False),
    ],
)
def test_metadata_equals_scalars_only_and_numbers_as_text(
    room: Mailroom, path: str, value: Any, matches: bool
) -> None:
    contact(room, "ann@one.example", **DATA)

    assert found(room, metadata=((path, value),)) == (["ann"] if matches else [])


@pytest.mark.parametrize(
    ("search", "names"),
    [
        ({"last_contacted_before": NOON}, ["old", "never", "noted"]),
        ({"last_contacted_before": NOON - 10 * DAY}, ["never", "noted"]),
        ({"last_contacted_after": NOON}, ["new"]),
        ({"last_contacted_after": NOON - 60 * DAY}, ["old", "new", "noted"]),
        ({"last_inbound_after": NOON}, ["old"]),
        ({"last_inbound_before": NOON}, ["new", "never", "noted"]),
    ],
)
def test_recency_includes_the_never_contacted_and_what_was_noted_in_metadata(
    room: Mailroom, search: dict[str, Any], names: list[str]
) -> None:
    old, new = contact(room, "old@x.example", last_contacted="2020-01-01"), contact(room, "new@x.example")
    contact(room, "never@x.example", last_contacted=["not a date"])
    contact(room, "noted@x.example", last_contacted="2026-02-01T10:00:00Z")
    room.tx.contacts.interacted(old.id, Interaction("sent", NOON - 5 * DAY, "mbx"))
    room.tx.contacts.interacted(old.id, Interaction("received", NOON, "mbx"))
    room.tx.contacts.interacted(new.id, Interaction("replied", NOON, "mbx"))

    assert found(room, **search) == names


def test_deleting_takes_name_data_tags_and_log_along(room: Mailroom) -> None:
    ann = contact(room, "ann@one.example", "Ann", plan="pro")
    room.tx.tags.add("contact", ann.id, ["vip", "trusted:all"], "", NOON)
    room.tx.contacts.interacted(ann.id, Interaction("sent", NOON, "mbx"))

    room.tx.contacts.delete(ann.id)

    assert room.tx.contacts.get(ann.id) is None
    assert room.tx.tags.of("contact", ann.id) == []
    assert room.tx.value("SELECT count(*) FROM interactions") == 0


def test_who_opted_out_stays_protected_after_being_forgotten(room: Mailroom) -> None:
    ann = contact(room, "ann@one.example", "Ann", plan="pro")
    room.tx.tags.add("contact", ann.id, ["unsubscribed", "vip", "trusted:all"], "", NOON)

    room.tx.contacts.delete(ann.id)
    left = room.tx.contacts.get(ann.id)

    assert left == Contact(ann.id, ann.address, ann.domain, "", {}, created_at=NOON, hidden=True)
    assert found(room) == []
    assert room.tx.contacts.tags_of_addresses(["Ann@One.example", "bob@x.example"]) == {
        "Ann@One.example": ("unsubscribed",)
    }
