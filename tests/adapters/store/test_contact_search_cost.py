"""What a search of contacts costs: the index that a page is read along, and that nothing is sorted."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest

from multimail.adapters.store import contact_search
from multimail.adapters.store.tx import Tx
from multimail.ports.contacts import ContactSearch
from multimail.ports.reading import Sight
from tests.support.mailroom import NOON, Mailroom

DATA = {"metadata": (("plan", "pro"),)}


class Planned(Tx):
    """Writes down how each statement would be carried out, and carries out none."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx
        self.steps: list[str] = []

    def all(self, sql: str, **params: Any) -> list[sqlite3.Row]:
        self.steps += [row["detail"] for row in self._tx.all(f"EXPLAIN QUERY PLAN {sql}", **params)]
        return []

    def value(self, sql: str, **params: Any) -> Any:
        self.all(sql, **params)
        return contact_search._TRIED


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Mailroom:
    return Mailroom(tmp_path_factory.mktemp("room"))


def steps(room: Mailroom, **search: Any) -> list[str]:
    planned = Planned(room.tx)
    contact_search.page(planned, ContactSearch(**search))
    return planned.steps


@pytest.mark.parametrize(
    ("search", "index"),
    [
        ({}, "SEARCH c USING PRIMARY KEY (id>?)"),
        ({"domain": "x.example"}, "contacts_by_domain (domain=? AND id>?)"),
        ({"tags": ("vip",)}, "tags_by_tag (kind=? AND tag=? AND target>?)"),
        ({"tags": ("plan=pro",)}, "tags_of_contacts (tag=? AND value=? AND target>?)"),
        (DATA, "PRIMARY KEY (path=? AND value=? AND contact_id>?)"),
        (DATA | {"domain": "x.example"}, "contact_metadata_of_domain (domain=? AND path=? AND value=?"),
        (DATA | {"tags": ("vip",)}, "tags_by_tag (kind=? AND tag=? AND target>?)"),
        ({"metadata": (("n", "2.0"),)}, "PRIMARY KEY (path=? AND value=? AND contact_id>?)"),
        ({"last_contacted_after": NOON, "order": "-contacted"}, "contacts_by_contacted (<expr>>?)"),
        ({"last_contacted_before": NOON, "order": "contacted"}, "contacts_by_contacted (<expr>=? AND id>?)"),
        ({"last_inbound_after": NOON, "order": "-inbound"}, "contacts_by_inbound (last_inbound>?)"),
        ({"last_inbound_before": NOON, "order": "inbound", "after_at": 5}, "contacts_by_inbound (last_inbound>?)"),
        ({"email": "ann@x.example"}, "SEARCH c"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("sight", [Sight(), Sight(see_hidden=True)])
def test_a_page_is_read_along_an_index_in_its_order(
    room: Mailroom, search: dict[str, Any], index: str, sight: Sight
) -> None:
    found = steps(room, sight=sight, **search)

    assert [one for one in found if index in one]
    assert [one for one in found if one.startswith(("SCAN c", "SCAN x", "SCAN contacts", "SCAN tags"))] == []
    assert [one for one in found if "ORDER BY" in one and "n" not in dict(search.get("metadata", ()))] == []


def test_several_indexes_are_asked_before_a_contact_is_read(room: Mailroom) -> None:
    found = steps(room, tags=("vip", "new"), domain="x.example")
    first = found[: found.index("SEARCH c USING PRIMARY KEY (id=?)")]

    assert sum("SEARCH x USING PRIMARY KEY (kind=? AND target=? AND tag=?)" in one for one in first) == 2


def test_parts_of_words_are_asked_of_their_index_before_a_contact_is_read(room: Mailroom) -> None:
    found = steps(room, query="jane")

    assert "SEARCH x USING PRIMARY KEY (id>?)" in found, "the first few are looked at themselves"
    assert [one for one in found if "VIRTUAL TABLE" in one]
    assert [one for one in found if "contacts_by_seq (seq=?)" in one]
    assert [one for one in found if one.startswith(("SCAN c ", "SCAN w", "SCAN x", "SCAN contacts"))] == []
