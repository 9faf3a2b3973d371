"""Which contacts a search finds, read along the index that has the fewest of them: chosen here, not by the planner.

Every listing gives ids in the order of the page, so that a page ends the reading; every other condition that has an
index is asked by it before a contact is read.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Final

from multimail.adapters.store import dialect, interactions
from multimail.adapters.store.contact_conditions import conditions, numbers, text_of
from multimail.adapters.store.search_sql import WRITTEN, Where
from multimail.adapters.store.tx import Tx
from multimail.ports.contacts import ContactSearch

_TRIED: Final = 2_000
"""So many are read before one looks for a better index, and of each index no more are counted than many."""
_MANY: Final = 200_000
_DEEPEST: Final = 3
"""How many objects deep the index of data goes, and the length of a value in it."""
_LONGEST: Final = 100
_TAGS: Final = (
    f"(SELECT {dialect.json_collect(WRITTEN)} FROM tags t WHERE t.kind = 'contact' AND t.target = c.id)"
)
_NO_LIMIT: Final = -1


@dataclass(frozen=True, slots=True)
class Listing:
    """Ids in the order of the page as `id`, behind the place where it begins; `holds` says the same of one `s.id`."""

    ids: str
    holds: str


@dataclass(frozen=True, slots=True)
class _Search:
    """One search under way: its statement but for the listing, and the values both are bound to."""

    tx: Tx
    search: ContactSearch
    columns: str
    where: Where

    def read(self, listing: Listing, others: Sequence[Listing], most: int, limit: int) -> list[sqlite3.Row]:
        """A page from at most so many ids of the listing."""
        ids = f"SELECT s.id FROM ({listing.ids} LIMIT :most) s"
        if holding := " AND ".join(one.holds for one in others if one is not listing):
            # With a limit of its own it is asked before the contact is read, not after.
            ids = f"{ids} WHERE {holding} LIMIT -1"
        return self.tx.all(
            f"SELECT {self.columns} FROM ({ids}) s CROSS JOIN contacts c ON c.id = s.id"
            f" WHERE {self.where.text()} LIMIT :limit",
            **self.where.params, most=most, limit=limit,
        )  # fmt: skip

    def count(self, listing: Listing, most: int) -> int:
        found: int = self.tx.value(
            f"SELECT count(*) FROM ({listing.ids} LIMIT :most)", **self.where.params, most=most
        )
        return found


def page(tx: Tx, search: ContactSearch) -> list[sqlite3.Row]:
    """The rows of a page, with tags last."""
    where = Where()
    facts = interactions.facts(search.sight, where)
    conditions(search, facts, where)
    columns = (
        f"c.id, c.address, c.domain, c.name, c.metadata, {facts.last_contacted}, {facts.last_inbound},"
        f" {facts.replied}, {facts.interaction_count}, {facts.latest_thread_id}, c.created_at, c.hidden,"
        f" {facts.thread_count}, c.noted, {_TAGS}"
    )
    where.params["after"] = search.after_id
    under_way = _Search(tx, search, columns, where)
    if search.order:
        return _by_time(under_way)
    listings = _listings(search, where)
    if search.contact_id is None and search.email is None and listings:
        return _along(under_way, listings)
    return tx.all(
        f"SELECT {columns} FROM contacts c WHERE {where.text()} AND c.id > :after ORDER BY c.id LIMIT :limit",
        **where.params, limit=search.limit,
    )  # fmt: skip


def _along(under_way: _Search, listings: Sequence[Listing]) -> list[sqlite3.Row]:
    """Along the first listing, until that turns out to take long: then along the shortest."""
    limit = under_way.search.limit
    if len(listings) == 1:
        return under_way.read(listings[0], (), _NO_LIMIT, limit)
    rows = under_way.read(listings[0], listings, _TRIED, limit)
    if len(rows) == limit or under_way.count(listings[0], _TRIED) < _TRIED:
        return rows
    shortest = min(listings, key=lambda one: under_way.count(one, _MANY))
    return under_way.read(shortest, listings, _NO_LIMIT, limit)


def _by_time(under_way: _Search) -> list[sqlite3.Row]:
    """Who was never met comes before the longest not met, and after nobody."""
    search, where = under_way.search, under_way.where
    column = "coalesce(last_contacted, noted)" if search.order.endswith("contacted") else "last_inbound"
    index = "contacts_by_contacted" if search.order.endswith("contacted") else "contacts_by_inbound"
    select = f"SELECT id FROM contacts INDEXED BY {index} WHERE {column}"
    rows: list[sqlite3.Row] = []
    where.params["place"] = search.after_at
    behind = (
        ""
        if search.after_at is None
        else f" AND {column} {{0}}= :place AND ({column} {{0}} :place OR id {{0}} :after)"
    )
    if search.order.startswith("-"):
        ids = f"{select} IS NOT NULL{behind.format('<')} ORDER BY {column} DESC, id DESC"
        return under_way.read(Listing(ids, ""), (), _NO_LIMIT, search.limit)
    if search.after_at is None:
        never = f"{select} IS NULL AND id > :after ORDER BY id"
        rows = under_way.read(Listing(never, ""), (), _NO_LIMIT, search.limit)
    if len(rows) < search.limit:
        ids = f"{select} IS NOT NULL{behind.format('>')} ORDER BY {column}, id"
        rows += under_way.read(Listing(ids, ""), (), _NO_LIMIT, search.limit - len(rows))
    return rows


def _listings(search: ContactSearch, where: Where) -> list[Listing]:
    """The indexes that a search can be read along, those first that usually have fewest. Data at a domain is in one."""
    data = [
        _metadata(path, value, search.domain, where)
        for path, value in search.metadata
        if value is not None and path.count(".") < _DEEPEST and "\0" not in text_of(value)
    ]
    domain = [_domain(search.domain, where)] if search.domain is not None and not data else []
    tags = [_tag(tag, where) for tag in search.tags]
    return [*domain, *tags, *data] if search.domain is None else [*domain, *data, *tags]


def _domain(domain: str, where: Where) -> Listing:
    named = f"FROM contacts x INDEXED BY contacts_by_domain WHERE x.domain = {where.bind(domain)}"
    return Listing(
        f"SELECT x.id AS id {named} AND x.id > :after ORDER BY x.id",
        f"EXISTS (SELECT 1 {named} AND x.id = s.id)",
    )


def _tag(tag: str, where: Where) -> Listing:
    name, _, value = tag.partition("=")
    named = f"x.kind = 'contact' AND x.tag = {where.bind(name)}"
    index = "tags_by_tag"
    if value:
        named, index = f"{named} AND x.value <> '' AND x.value = {where.bind(value)}", "tags_of_contacts"
    return Listing(
        f"SELECT x.target AS id FROM tags x INDEXED BY {index} WHERE {named} AND x.target > :after ORDER BY x.target",
        f"EXISTS (SELECT 1 FROM tags x WHERE {named} AND x.target = s.id)",
    )


def _metadata(path: str, value: str | int | float | bool, domain: str | None, where: Where) -> Listing:
    """A text that spells a number another way than it is stored is looked for under both, which are merged."""
    spelled = _spelled(value, where)
    named = f"FROM contact_metadata x WHERE x.path = {where.bind(path)}"
    listed = named
    if domain is not None:
        of_domain = " INDEXED BY contact_metadata_of_domain WHERE x.domain = " + where.bind(domain) + " AND"
        listed = named.replace(" WHERE", of_domain)
    lists = [
        f"SELECT x.contact_id AS id {listed} AND x.value = {one} AND x.contact_id > :after" for one in spelled
    ]
    return Listing(
        " UNION ".join(lists) + " ORDER BY 1",
        f"EXISTS (SELECT 1 {named} AND x.value IN ({', '.join(spelled)}) AND x.contact_id = s.id)",
    )


def _spelled(value: str | int | float | bool, where: Where) -> list[str]:
    """What the index has for values that equal this one, as SQL."""
    text = text_of(value)
    found = [where.bind(text[:_LONGEST])]
    for number in numbers(value):
        if number == number // 1:
            found += [where.bind(str(int(number)))] if str(int(number)) != text else []
        elif isfinite(number):
            found.append(f"cast({where.bind(number)} AS text)")
    return found
