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

from multimail.adapters.store import contact_letters, dialect, interactions
from multimail.adapters.store.contact_conditions import (
    conditions,
    is_address,
    numbers,
    own_script,
    parts,
    text_of,
)
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
_LEAST: Final = -(2**63) + 1


@dataclass(frozen=True, slots=True)
class Listing:
    """Ids in the order of the page: rows `named` of a `source` that is called x, behind the place where it begins.

    `merged` says it of several such lists, `holds` of one id, `s.id`, and `counted` as rows in any order.
    """

    source: str
    id: str
    named: str
    order: str
    holds: str = ""
    merged: str = ""
    counted: str = ""

    @property
    def ids(self) -> str:
        return (
            self.merged
            or f"SELECT {self.id} AS id FROM {self.source} WHERE {self.named} ORDER BY {self.order}"
        )


@dataclass(frozen=True, slots=True)
class _Search:
    """One search under way: its statement but for the listing, and the values both are bound to."""

    tx: Tx
    search: ContactSearch
    columns: str
    where: Where

    def read(self, listing: Listing, limit: int) -> list[sqlite3.Row]:
        """A page of a listing."""
        if listing.merged:
            return self.sift(listing, (listing,), _NO_LIMIT, limit)
        return self.tx.all(
            f"SELECT {self.columns} FROM {listing.source} CROSS JOIN contacts c ON c.id = {listing.id}"
            f" WHERE {listing.named} AND {self.where.text()} ORDER BY {listing.order} LIMIT :limit",
            **self.where.params, limit=limit,
        )  # fmt: skip

    def sift(self, listing: Listing, all_: Sequence[Listing], most: int, limit: int) -> list[sqlite3.Row]:
        """A page of those among at most so many ids of a listing that the others hold as well."""
        ids = f"SELECT s.id FROM ({listing.ids} LIMIT :most) s"
        if holding := " AND ".join(one.holds for one in all_ if one is not listing and one.holds):
            # With a limit of its own it is asked before the contact is read, not after.
            ids = f"{ids} WHERE {holding} LIMIT -1"
        return self.tx.all(
            f"SELECT {self.columns} FROM ({ids}) s CROSS JOIN contacts c ON c.id = s.id"
            f" WHERE {self.where.text()} LIMIT :limit",
            **self.where.params, most=most, limit=limit,
        )  # fmt: skip

    def count(self, listing: Listing, most: int) -> int:
        rows = listing.counted or listing.ids
        found: int = self.tx.value(
            f"SELECT count(*) FROM ({rows} LIMIT :most)", **self.where.params, most=most
        )
        return found


def page(tx: Tx, search: ContactSearch) -> list[sqlite3.Row]:
    """The rows of a page, with tags last."""
    where = Where()
    facts = interactions.facts(search.sight, where)
    listings = _listings(search, where)
    conditions(search, facts, where, listed=bool(listings))
    columns = (
        f"c.id, c.address, c.domain, c.name, c.metadata, {facts.last_contacted}, {facts.last_inbound},"
        f" {facts.replied}, {facts.interaction_count}, {facts.latest_thread_id}, c.created_at, c.hidden,"
        f" {facts.thread_count}, c.noted, {_TAGS}"
    )
    where.params["after"] = search.after_id
    under_way = _Search(tx, search, columns, where)
    if search.order:
        return _by_time(under_way)
    if listings:
        return _along(under_way, listings)
    return tx.all(
        f"SELECT {columns} FROM contacts c WHERE {where.text()} AND c.id > :after ORDER BY c.id LIMIT :limit",
        **where.params, limit=search.limit,
    )  # fmt: skip


def _along(under_way: _Search, listings: Sequence[Listing]) -> list[sqlite3.Row]:
    """Along the first listing, until that turns out to take long: then along the shortest."""
    limit = under_way.search.limit
    if len(listings) == 1:
        return under_way.read(listings[0], limit)
    rows = under_way.sift(listings[0], listings, _TRIED, limit)
    if len(rows) == limit or under_way.count(listings[0], _TRIED) < _TRIED:
        return rows
    shortest = min(listings, key=lambda one: under_way.count(one, _MANY))
    return under_way.sift(shortest, listings, _NO_LIMIT, limit)


def _by_time(under_way: _Search) -> list[sqlite3.Row]:
    """Who was never met comes before the longest not met, and after nobody."""
    search, where = under_way.search, under_way.where
    contacted = search.order.endswith("contacted")
    column = "coalesce(x.last_contacted, x.noted)" if contacted else "x.last_inbound"
    source = f"contacts x INDEXED BY {'contacts_by_contacted' if contacted else 'contacts_by_inbound'}"
    where.params["place"] = search.after_at
    # Not "IS NOT NULL", for which the index of an expression is walked through from its beginning.
    behind = f"{column} >= {_LEAST}"
    if search.after_at is not None:
        behind = f"{column} {{0}}= :place AND ({column} {{0}} :place OR x.id {{0}} :after)"
    if search.order.startswith("-"):
        order = f"{column} DESC, x.id DESC"
        return under_way.read(Listing(source, "x.id", behind.format("<"), order), search.limit)
    rows: list[sqlite3.Row] = []
    if search.after_at is None:
        never = Listing(source, "x.id", f"{column} IS NULL AND x.id > :after", "x.id")
        rows = under_way.read(never, search.limit)
    if len(rows) < search.limit:
        since = Listing(source, "x.id", behind.format(">"), f"{column}, x.id")
        rows += under_way.read(since, search.limit - len(rows))
    return rows


def _listings(search: ContactSearch, where: Where) -> list[Listing]:
    """The indexes that a search can be read along, those first that usually have fewest. Data at a domain is in one.
    None for one contact, and for pages in the order of a time."""
    if search.contact_id is not None or search.email is not None or search.order:
        return []
    data = [
        _metadata(path, value, search.domain, where)
        for path, value in search.metadata
        if value is not None and path.count(".") < _DEEPEST and "\0" not in text_of(value)
    ]
    domain = [_domain(search.domain, where)] if search.domain is not None and not data else []
    tags = [_tag(tag, where) for tag in search.tags]
    found = [*domain, *tags, *data] if search.domain is None else [*domain, *data, *tags]
    if words := _words(search.query, where):
        return [*(found or [_everybody()]), words]
    return found


def _everybody() -> Listing:
    """Where nearly everybody has what is looked for, there is no faster way."""
    return Listing("contacts x", "x.id", "x.id > :after", "x.id")


def _words(query: str, where: Where) -> Listing | None:
    """None for a whole address, which is looked up, and for words that are too short."""
    words = parts(query)
    match = "" if any(map(is_address, words)) else contact_letters.match(query)
    if not match:
        return None
    bound = where.bind(match)
    domains = [where.bind(domain) for domain in map(own_script, words) if domain]
    merged, counted = contact_letters.candidates(bound, domains), contact_letters.places(bound)
    return Listing("", "", "", "", merged=merged, counted=counted)


def _domain(domain: str, where: Where) -> Listing:
    named = f"x.domain = {where.bind(domain)}"
    source = "contacts x INDEXED BY contacts_by_domain"
    holds = f"EXISTS (SELECT 1 FROM {source} WHERE {named} AND x.id = s.id)"
    return Listing(source, "x.id", f"{named} AND x.id > :after", "x.id", holds)


def _tag(tag: str, where: Where) -> Listing:
    name, _, value = tag.partition("=")
    named, index = f"x.kind = 'contact' AND x.tag = {where.bind(name)}", "tags_by_tag"
    if value:
        named, index = f"{named} AND x.value <> '' AND x.value = {where.bind(value)}", "tags_of_contacts"
    holds = f"EXISTS (SELECT 1 FROM tags x WHERE {named} AND x.target = s.id)"
    return Listing(
        f"tags x INDEXED BY {index}", "x.target", f"{named} AND x.target > :after", "x.target", holds
    )


def _metadata(path: str, value: str | int | float | bool, domain: str | None, where: Where) -> Listing:
    """A text that spells a number another way than it is stored is looked for under both, which are merged."""
    spelled, at = _spelled(value, where), f"x.path = {where.bind(path)}"
    holds = f"EXISTS (SELECT 1 FROM contact_metadata x WHERE {at} AND x.value IN ({', '.join(spelled)})"
    holds += " AND x.contact_id = s.id)"
    source = "contact_metadata x"
    if domain is not None:
        source, at = (
            f"{source} INDEXED BY contact_metadata_of_domain",
            f"x.domain = {where.bind(domain)} AND {at}",
        )
    named = [f"{at} AND x.value = {one} AND x.contact_id > :after" for one in spelled]
    merged = ""
    if len(named) > 1:
        lists = (f"SELECT x.contact_id AS id FROM {source} WHERE {one}" for one in named)
        merged = f"{' UNION '.join(lists)} ORDER BY 1"
    return Listing(source, "x.contact_id", named[0], "x.contact_id", holds, merged)


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
