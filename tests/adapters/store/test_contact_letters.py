"""Parts of words are found by an index that follows the contacts, and before they are in it as well."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from multimail.adapters.store import contact_letters, contact_search
from multimail.ports.contacts import ContactSearch
from tests.support.mailroom import NOON, Mailroom

PEOPLE = {
    "jane.quux@acme.example": "Jane Quux",
    "bob@acme.example": "Bob Acher",
    "info@xn--bcher-kva.example": "Fräulein Müller",
    "li@x.example": "王小伟",
    "jo@quay.example": "",
    "max@x.example": 'Max "the" O\'Neill',
}


@pytest.fixture(params=[0, 3, 100], ids=["none indexed", "some", "all"])
def room(tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Mailroom:
    """Few contacts, and a search that looks at one of them before it asks the index."""
    monkeypatch.setattr(contact_search, "_TRIED", 1)
    room = Mailroom(tmp_path)
    for number, (address, name) in enumerate(PEOPLE.items()):
        room.tx.contacts.ensure(room.ids.new("contact", NOON + number * 10_000), address, name, NOON)
    if request.param:
        room.tx.contacts.index(request.param)
    return room


def found(room: Mailroom, query: str, **more: object) -> list[str]:
    search = replace(ContactSearch(query=query, limit=1), **more)  # type: ignore[arg-type]
    addresses: list[str] = []
    while page := room.tx.contacts.search(search):
        addresses += [one.address for one in page]
        search = replace(search, after_id=page[-1].id)
    return [address.partition("@")[0] for address in addresses]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("quux", ["jane.quux"]),
        ("QUX", []),
        ("uux@ac", ["jane.quux"]),
        ("acme.example", ["jane.quux", "bob"]),
        ("example", ["jane.quux", "bob", "info", "li", "jo", "max"]),
        ("Quux Jane", ["jane.quux"]),
        ("qu", ["jane.quux", "jo"]),
        ("ach o", ["bob"]),
        ("bücher.example", ["info"]),
        ("MÜLLER", ["info"]),
        ("小伟", ["li"]),
        ("王小伟", ["li"]),
        ('"the"', ["max"]),
        ("o'neill OR", []),
        ("%me", []),
        ("bob@acme.example", ["bob"]),
        ("ob@acme.example", []),
        ("quuxes", []),
    ],
)
def test_a_part_of_a_word_is_found_wherever_it_stands(room: Mailroom, query: str, names: list[str]) -> None:
    assert found(room, query) == names


def test_words_are_found_together_with_a_domain_or_a_tag(room: Mailroom) -> None:
    bob = room.tx.contacts.by_address("bob@acme.example")
    assert bob is not None
    room.tx.tags.add("contact", bob.id, ["vip"], "", NOON)

    assert found(room, "example", domain="acme.example") == ["jane.quux", "bob"]
    assert found(room, "acme", tags=("vip",)) == ["bob"]
    assert found(room, "quux", tags=("vip",)) == []


@pytest.mark.parametrize(
    "again", [lambda room: None, lambda room: [room.tx.contacts.index(100) for _ in range(2)]]
)
def test_the_index_follows_names_and_forgets_who_goes(
    room: Mailroom, again: Callable[[Mailroom], None]
) -> None:
    jane, bob = (room.tx.contacts.by_address(one) for one in list(PEOPLE)[:2])
    assert jane is not None
    assert bob is not None

    room.tx.contacts.save(jane._replace(name="Jane Newname"), NOON)
    room.tx.contacts.delete(bob.id)
    again(room)

    assert found(room, "newname") == ["jane.quux"]
    assert found(room, "Jane Quux") == ["jane.quux"]
    assert found(room, "acher") == []
    room.tx.contacts.index(100)
    assert room.tx.value("SELECT count(*) FROM letters_of_contacts_left") == 0
    threes = 'SELECT count(*) FROM contact_letters WHERE contact_letters MATCH \'"ach" "che"\''
    assert room.tx.value(threes) == 0
    room.tx.run("INSERT INTO contact_letters (contact_letters) VALUES ('integrity-check')")


def test_a_number_is_not_given_again_while_the_last_who_had_it_is_in_the_index(room: Mailroom) -> None:
    room.tx.contacts.index(100)
    last = room.tx.contacts.by_address("max@x.example")
    assert last is not None
    room.tx.contacts.delete(last.id)
    room.tx.contacts.ensure(room.ids.new("contact", NOON), "zoe@x.example", "Zoe Zimmer", NOON)

    assert [room.tx.contacts.index(100) for _ in range(3)] == [1, 1, 0]
    assert (found(room, "zimmer"), found(room, "neill")) == (["zoe"], [])


def test_everybody_is_put_into_the_index_once(room: Mailroom) -> None:
    room.tx.contacts.index(100)

    assert not room.tx.contacts.unindexed()
    assert room.tx.contacts.index(100) == 0
    assert room.tx.value("SELECT count(DISTINCT seq) FROM contacts") == len(PEOPLE)


def test_what_is_asked_is_never_syntax() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE VIRTUAL TABLE l USING fts5 (t, detail = none, tokenize = 'trigram')")
        for words in (
            'a"b"c AND',
            "(((",
            "***",
            "NEAR(x y)",
            "col:umn",
            "a\0bc",
            "-not",
            "x" * 10_000,
            "😀😀😀😀",
        ):
            connection.execute(
                "SELECT * FROM l WHERE l MATCH ?", (contact_letters.match(words) or '"abc"',)
            ).fetchall()

    assert contact_letters.match("ab c\0d") == ""
