"""Searches of contacts are read along an index, whichever it is, and find the same as looking at everybody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from multimail.adapters.store import contact_search
from multimail.core.times import DAY, Micros
from multimail.ports.contacts import ContactSearch
from multimail.ports.reading import Contact, Interaction, Sight
from tests.support.mailroom import NOON, Mailroom

PEOPLE = 60


@pytest.fixture
def room(tmp_path: Path) -> Mailroom:
    return filled(tmp_path)


@pytest.fixture(scope="module")
def looked_at(tmp_path_factory: pytest.TempPathFactory) -> Mailroom:
    """A room in which nobody changes anything."""
    return filled(tmp_path_factory.mktemp("room"))


def filled(folder: Path) -> Mailroom:
    """Sixty people at three domains, with data and tags that one in two, three, … of them have."""
    room = Mailroom(folder)
    for number in range(PEOPLE):
        address = f"p{number}@{'abc'[number % 3]}.example"
        made = room.tx.contacts.ensure(room.ids.new("contact", NOON + number), address, "", NOON)
        data: dict[str, Any] = {
            "plan": "pro" if number % 2 else "free",
            "n": number % 5,
            "at": {"city": number % 4},
        }
        data |= {"score": f"{number % 3}.0", "long": "x" * 150 + str(number % 2)}
        room.tx.contacts.save(made._replace(metadata=data), NOON)
        if number % 4 == 0:
            room.tx.tags.add("contact", made.id, ["vip", f"seg={number % 3}"], "", NOON)
    return room


def all_of(room: Mailroom, search: ContactSearch) -> list[Contact]:
    return list(pages(room, search))


def pages(room: Mailroom, search: ContactSearch) -> Iterator[Contact]:
    """All pages, four contacts each."""
    while page := room.tx.contacts.search(replace(search, limit=4)):
        yield from page
        last = page[-1]
        at = last.last_contacted if last.last_contacted is not None else last.noted
        search = replace(
            search, after_id=last.id, after_at=at if "contacted" in search.order else last.last_inbound
        )


def numbers(found: list[Contact]) -> list[int]:
    return [int(one.address[1:].partition("@")[0]) for one in found]


@pytest.mark.parametrize("tried", [1, 2_000])
@pytest.mark.parametrize(
    ("search", "wanted"),
    [
        ({}, lambda n: True),
        ({"domain": "a.example"}, lambda n: n % 3 == 0),
        ({"tags": ("vip",)}, lambda n: n % 4 == 0),
        ({"tags": ("seg=1",)}, lambda n: n % 4 == 0 and n % 3 == 1),
        ({"metadata": (("plan", "pro"),)}, lambda n: n % 2 == 1),
        ({"metadata": (("n", 3),)}, lambda n: n % 5 == 3),
        ({"metadata": (("n", "3"),)}, lambda n: n % 5 == 3),
        ({"metadata": (("n", "3.0"),)}, lambda n: n % 5 == 3),
        ({"metadata": (("score", "2.0"),)}, lambda n: n % 3 == 2),
        ({"metadata": (("score", 2),)}, lambda n: False),
        ({"metadata": (("at.city", 2),)}, lambda n: n % 4 == 2),
        ({"metadata": (("long", "x" * 150 + "1"),)}, lambda n: n % 2 == 1),
        ({"metadata": (("gone", None),)}, lambda n: True),
        ({"domain": "b.example", "metadata": (("plan", "pro"),)}, lambda n: n % 3 == 1 and n % 2 == 1),
        ({"domain": "b.example", "metadata": (("n", "1.0"),)}, lambda n: n % 3 == 1 and n % 5 == 1),
        ({"tags": ("vip",), "metadata": (("n", 0),)}, lambda n: n % 4 == 0 and n % 5 == 0),
        ({"domain": "c.example", "tags": ("vip",)}, lambda n: n % 3 == 2 and n % 4 == 0),
        ({"domain": "a.example", "exclude_tags": ("vip",)}, lambda n: n % 3 == 0 and n % 4),
        ({"metadata": (("n", 0), ("plan", "pro"))}, lambda n: n % 5 == 0 and n % 2 == 1),
    ],
)  # fmt: skip
def test_every_index_leads_to_those_who_match_and_to_each_once(
    looked_at: Mailroom, monkeypatch: pytest.MonkeyPatch, search: dict[str, Any], wanted: Any, tried: int
) -> None:
    monkeypatch.setattr(contact_search, "_TRIED", tried)

    assert numbers(all_of(looked_at, ContactSearch(**search))) == [n for n in range(PEOPLE) if wanted(n)]


def meet(room: Mailroom, number: int, kind: str, at: Micros) -> None:
    found = room.tx.contacts.by_address(f"p{number}@{'abc'[number % 3]}.example")
    assert found is not None
    room.tx.contacts.interacted(found.id, Interaction(kind, at, "mbx_1"))


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ({"last_contacted_after": NOON, "order": "-contacted"}, [9, 7, 5, 3]),
        ({"last_contacted_before": NOON + 4 * DAY, "order": "contacted"}, ["e", 1, 3]),
        ({"last_inbound_after": NOON, "order": "-inbound"}, [6, 4, 2]),
        ({"last_inbound_after": NOON + 5 * DAY, "last_contacted_before": NOON, "order": "contacted"}, [6]),
    ],
)
def test_those_searched_by_time_come_in_its_order_page_by_page(
    room: Mailroom, search: dict[str, Any], found: list[Any]
) -> None:
    for number in (7, 3, 9, 5, 1):
        meet(room, number, "sent", NOON + number * DAY if number > 1 else NOON - DAY)
    for number in (4, 6, 2):
        meet(room, number, "received", NOON + number * DAY)

    never = [n for n in range(PEOPLE) if n not in (7, 3, 9, 5, 1)]
    wanted = [n for one in found for n in (never if one == "e" else [one] if isinstance(one, int) else [])]
    assert numbers(all_of(room, ContactSearch(**search))) == wanted


def test_who_keeps_the_time_in_the_data_stands_in_the_order_by_it(room: Mailroom) -> None:
    made = room.tx.contacts.by_address("p0@a.example")
    assert made is not None
    room.tx.contacts.save(made._replace(metadata={"last_contacted": "2026-05-01"}), NOON)
    meet(room, 1, "sent", NOON)
    search = ContactSearch(last_contacted_after=NOON, order="-contacted")

    assert numbers(all_of(room, search)) == [0, 1]
    room.tx.contacts.save(made._replace(metadata={"last_contacted": None}), NOON)
    assert numbers(all_of(room, search)) == [1]


def test_data_that_goes_is_found_no_more_and_leaves_nothing(room: Mailroom) -> None:
    for number in range(PEOPLE):
        found = room.tx.contacts.by_address(f"p{number}@{'abc'[number % 3]}.example")
        assert found is not None
        if number % 2:
            room.tx.contacts.delete(found.id)
        else:
            room.tx.contacts.save(found._replace(metadata={}), NOON)

    assert all_of(room, ContactSearch(metadata=(("n", 3),))) == []
    assert room.tx.value("SELECT count(*) FROM contact_metadata") == 0


def test_who_answered_and_who_did_not_are_told_apart(room: Mailroom) -> None:
    everybody = set(range(PEOPLE))

    answered = numbers(all_of(room, ContactSearch(replied=True)))

    assert answered == []
    assert set(numbers(all_of(room, ContactSearch(replied=False, sight=Sight(see_hidden=True))))) == everybody
