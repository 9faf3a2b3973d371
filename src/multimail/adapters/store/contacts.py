"""Contacts by normalised address; what happened with them is in `interactions`."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any, Final

from multimail.adapters.store import contact_fields, dialect, interactions
from multimail.adapters.store.rows import json_array, json_object
from multimail.adapters.store.search_sql import WRITTEN, Where, contains, tag_is
from multimail.adapters.store.tx import Tx
from multimail.core.addresses import domain_of, normalise
from multimail.core.model import RESERVED_TAGS
from multimail.core.provenance import NAME, Field, Said, Source
from multimail.core.times import Micros
from multimail.ports.contacts import ContactSearch, SaidOf
from multimail.ports.reading import Contact, Interaction, Sight

_COLUMNS: Final = (
    "id, address, domain, name, metadata, last_contacted, last_inbound, replied, interaction_count,"
    " latest_thread_id, created_at, hidden"
)
_TAGS: Final = (
    f"(SELECT {dialect.json_collect(WRITTEN)} FROM tags t WHERE t.kind = 'contact' AND t.target = c.id)"
)
_FORGET: Final = (
    "UPDATE contacts SET name = '', metadata = '{}', last_contacted = NULL, last_inbound = NULL, replied = 0,"
    " interaction_count = 0, latest_thread_id = NULL, hidden = 1 WHERE id = :id"
)
_CARRIES: Final = "EXISTS (SELECT 1 FROM tags t WHERE t.kind = 'contact' AND t.target = c.id AND {condition})"


class Contacts:
    """See `ports.reading.Contacts`."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def get(self, contact_id: str) -> Contact | None:
        row = self._tx.one(f"SELECT {_COLUMNS} FROM contacts WHERE id = :id", id=contact_id)
        return _contact(row) if row else None

    def by_address(self, address: str) -> Contact | None:
        row = self._tx.one(f"SELECT {_COLUMNS} FROM contacts WHERE address = :a", a=normalise(address))
        return _contact(row) if row else None

    def ensure(self, contact_id: str, address: str, name: str, now: Micros, hidden: bool = False) -> Contact:
        found = self.by_address(address)
        if found is not None and (found.name or not name) and (hidden or not found.hidden):
            return found
        row = self._tx.one(
            "INSERT INTO contacts (id, address, domain, name, hidden, created_at, updated_at)"
            " VALUES (:id, :address, :domain, :name, :hidden, :now, :now) ON CONFLICT (address) DO UPDATE"
            " SET name = CASE name WHEN '' THEN excluded.name ELSE name END, hidden = min(hidden, excluded.hidden),"
            f" updated_at = excluded.updated_at RETURNING {_COLUMNS}",
            id=contact_id, address=normalise(address), domain=domain_of(address), name=name, hidden=int(hidden),
            now=now,
        )  # fmt: skip
        assert row is not None
        if name and row["name"] == name:
            # Who sends mail names its recipients; what arrives is written by `arrivals`.
            contact_fields.write(self._tx, row["id"], {NAME: Field(Said(Source.AGENT, at=now))})
        return _contact(row)

    def save(self, contact: Contact, now: Micros) -> None:
        self._tx.run(
            "UPDATE contacts SET name = :name, metadata = :metadata, hidden = 0, updated_at = :now WHERE id = :id",
            name=contact.name, metadata=dialect.json_dump(contact.metadata), now=now, id=contact.id,
        )  # fmt: skip

    def said(self, contact_id: str) -> dict[str, Field]:
        return contact_fields.of(self._tx, contact_id)

    def said_of(self, addresses: Sequence[str], fields: Sequence[str]) -> dict[str, SaidOf]:
        return contact_fields.of_addresses(self._tx, addresses, fields)

    def note(self, contact_id: str, lines: Mapping[str, Field | None]) -> None:
        contact_fields.write(self._tx, contact_id, lines)

    def delete(self, contact_id: str) -> None:
        contact_fields.forget(self._tx, contact_id)
        self._tx.run("DELETE FROM interactions WHERE contact_id = :id", id=contact_id)
        self._tx.run(
            f"DELETE FROM tags WHERE kind = 'contact' AND target = :id AND tag NOT IN {dialect.in_list('kept')}",
            id=contact_id, kept=dialect.json_list(sorted(RESERVED_TAGS)),
        )  # fmt: skip
        protected = "EXISTS (SELECT 1 FROM tags WHERE kind = 'contact' AND target = :id)"
        self._tx.run(f"DELETE FROM contacts WHERE id = :id AND NOT {protected}", id=contact_id)
        self._tx.run(_FORGET, id=contact_id)

    def search(self, search: ContactSearch) -> list[Contact]:
        where = Where()
        facts = interactions.facts(search.sight, where)
        _identity(search, where)
        for tag in search.tags:
            where.add(_CARRIES.format(condition=tag_is(tag, where)))
        for tag in search.exclude_tags:
            where.add(f"NOT {_CARRIES.format(condition=tag_is(tag, where))}")
        for path, value in search.metadata:
            where.add(_metadata(path, value, where))
        _recency(search, facts, where)
        rows = self._tx.all(
            f"SELECT c.id, c.address, c.domain, c.name, c.metadata, {facts.last_contacted}, {facts.last_inbound},"
            f" {facts.replied}, {facts.interaction_count}, {facts.latest_thread_id}, c.created_at, c.hidden,"
            f" {facts.thread_count}, {_TAGS} FROM contacts c WHERE {where.text()} ORDER BY c.id"
            f" LIMIT {where.bind(search.limit)}",
            **where.params,
        )
        return [_contact(row) for row in rows]

    def tags_of_addresses(self, addresses: Sequence[str]) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        rows = self._tx.all(
            "SELECT c.address, t.tag FROM contacts c JOIN tags t ON t.kind = 'contact' AND t.target = c.id"
            f" WHERE c.address IN {dialect.in_list('addresses')} ORDER BY t.tag",
            addresses=dialect.json_list(map(normalise, addresses)),
        )
        for address, tag in rows:
            found[address] = (*found.get(address, ()), tag)
        return {given: tags for given in addresses if (tags := found.get(normalise(given)))}

    def interacted(self, contact_id: str, interaction: Interaction) -> None:
        interactions.append(self._tx, contact_id, interaction)

    def interactions(self, contact_id: str, limit: int, sight: Sight) -> list[Interaction]:
        return interactions.newest(self._tx, contact_id, limit, sight)

    def reveal(self, message_id: str) -> None:
        interactions.reveal(self._tx, message_id)


def _identity(search: ContactSearch, where: Where) -> None:
    if not search.sight.see_hidden:
        where.add("c.hidden = 0")
    exact = {"c.id =": search.contact_id, "c.address =": search.email, "c.domain =": search.domain}
    for comparison, value in exact.items():
        if value is not None:
            where.add(f"{comparison} {where.bind(value)}")
    if search.after_id:
        where.add(f"c.id > {where.bind(search.after_id)}")
    if search.query:
        where.add(_asked(search.query, where))


def _asked(query: str, where: Where) -> str:
    """A whole address means nobody else: neither who is at the same domain nor an address that ends with it."""
    local, _, domain = query.rpartition("@")
    if local and "." in domain and not any(map(str.isspace, query)):
        return f"c.address = {where.bind(normalise(query))}"
    found = contains(("c.address", "c.name"), query, where)
    if local:
        return found
    # A domain in its own script is stored in its ASCII form.
    return f"({found} OR c.domain = {where.bind(domain_of('x@' + query))})"


def _recency(search: ContactSearch, facts: interactions.Facts, where: Where) -> None:
    """Who keeps the time of the last contact in the contact's own data is heard where the log has none."""
    noted = dialect.json_moment(
        "c.metadata", where.bind(dialect.json_path(["last_contacted"])).removeprefix(":")
    )
    contacted = f"coalesce({facts.last_contacted}, {noted})"
    if search.last_contacted_before is not None:
        where.add(f"coalesce({contacted} < {where.bind(search.last_contacted_before)}, TRUE)")
    if search.last_contacted_after is not None:
        where.add(f"{contacted} >= {where.bind(search.last_contacted_after)}")
    if search.last_inbound_before is not None:
        where.add(f"coalesce({facts.last_inbound} < {where.bind(search.last_inbound_before)}, TRUE)")
    if search.last_inbound_after is not None:
        where.add(f"{facts.last_inbound} >= {where.bind(search.last_inbound_after)}")


def _metadata(path: str, value: str | int | float | bool | None, where: Where) -> str:
    """A dotted path is a key with dots in it or a way into objects. Only scalars are ever equal to anything."""
    keys = [[path], path.split(".")] if "." in path else [[path]]
    return "(" + " OR ".join(_scalar(way, value, where) for way in keys) + ")"


def _scalar(way: list[str], value: str | int | float | bool | None, where: Where) -> str:
    bound = where.bind(dialect.json_path(way)).removeprefix(":")
    kind, found = dialect.json_kind("c.metadata", bound), dialect.json_field("c.metadata", bound)
    if value is None:
        return f"coalesce({kind}, 'null') = 'null'"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    ways = [f"({kind} = 'text' AND {found} = {where.bind(text)})"]
    ways += [f"({kind} IN ('integer', 'real') AND {found} = {where.bind(n)})" for n in _numbers(value)]
    if text in ("true", "false"):
        ways.append(f"{kind} = '{text}'")
    return f"coalesce({' OR '.join(ways)}, FALSE)"


def _numbers(value: str | int | float | bool) -> tuple[int | float, ...]:
    """The number that a value is or spells, if the database can hold it."""
    if isinstance(value, bool):
        return ()
    try:
        number = value if not isinstance(value, str) else int(value) if value.isdecimal() else float(value)
    except ValueError:
        return ()
    return () if isinstance(number, int) and abs(number) >= 2**63 else (number,)


def _contact(row: sqlite3.Row) -> Contact:
    values: list[Any] = list(row)
    values[4] = json_object(values[4])
    values[7] = bool(values[7])
    values[11] = bool(values[11])
    if len(values) > 13:
        values[13] = tuple(json_array(values[13]))
    return Contact(*values)
