"""Contacts by normalised address; what happened with them is in `interactions`."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Final

from multimail.adapters.store import contact_fields, contact_letters, contact_search, dialect, interactions
from multimail.adapters.store.rows import json_array, json_object
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
_FORGET: Final = (
    "UPDATE contacts SET name = '', metadata = '{}', last_contacted = NULL, last_inbound = NULL, replied = 0,"
    " interaction_count = 0, latest_thread_id = NULL, hidden = 1, noted = NULL WHERE id = :id"
)

# CROSS: from the people asked for to their tags. All tags of all people would be looked through else.
_TAGS_OF: Final = (
    "SELECT c.address, t.tag FROM contacts c CROSS JOIN tags t ON t.kind = 'contact' AND t.target = c.id"
    " WHERE c.address {} ORDER BY t.tag"
)


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

    def add(self, contact: Contact, now: Micros) -> None:
        self._tx.run(
            "INSERT INTO contacts (id, address, domain, name, metadata, created_at, updated_at)"
            " VALUES (:id, :address, :domain, :name, :metadata, :now, :now)",
            id=contact.id, address=contact.address, domain=domain_of(contact.address), name=contact.name,
            metadata=dialect.json_dump(contact.metadata), now=now,
        )  # fmt: skip

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

    def delete(self, contact_id: str, kept: Mapping[str, Field] | None = None) -> None:
        contact_fields.forget(self._tx, contact_id)
        self._tx.run("DELETE FROM interactions WHERE contact_id = :id", id=contact_id)
        self._tx.run(
            f"DELETE FROM tags WHERE kind = 'contact' AND target = :id AND tag NOT IN {dialect.in_list('kept')}",
            id=contact_id, kept=dialect.json_list(sorted(RESERVED_TAGS)),
        )  # fmt: skip
        contact_fields.write(self._tx, contact_id, kept or {})
        protected = (
            "(EXISTS (SELECT 1 FROM tags WHERE kind = 'contact' AND target = :id)"
            " OR EXISTS (SELECT 1 FROM contact_fields WHERE contact_id = :id))"
        )
        self._tx.run(f"DELETE FROM contacts WHERE id = :id AND NOT {protected}", id=contact_id)
        self._tx.run(_FORGET, id=contact_id)

    def search(self, search: ContactSearch) -> list[Contact]:
        return [_contact(row) for row in contact_search.page(self._tx, search)]

    def unindexed(self) -> bool:
        return contact_letters.waiting(self._tx)

    def index(self, most: int) -> int:
        return contact_letters.index(self._tx, most)

    def tags_of_addresses(self, addresses: Sequence[str]) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        asked = [normalise(one) for one in addresses]
        if len(asked) == 1:
            # Nearly all mail has one recipient, who needs no list.
            rows = self._tx.all(_TAGS_OF.format("= :address"), address=asked[0])
        else:
            whose = f"IN {dialect.in_list('addresses')}"
            rows = self._tx.all(_TAGS_OF.format(whose), addresses=dialect.json_list(asked))
        for address, tag in rows:
            found[address] = (*found.get(address, ()), tag)
        return {given: tags for given in addresses if (tags := found.get(normalise(given)))}

    def interacted(self, contact_id: str, interaction: Interaction) -> None:
        interactions.append(self._tx, contact_id, interaction)

    def interactions(self, contact_id: str, limit: int, sight: Sight) -> list[Interaction]:
        return interactions.newest(self._tx, contact_id, limit, sight)

    def reveal(self, message_id: str) -> None:
        interactions.reveal(self._tx, message_id)


def _contact(row: sqlite3.Row) -> Contact:
    """Made at once: fifty of these are a page."""
    values = tuple(row)
    threads, noted, tags = values[12:] or (0, None, "[]")
    return Contact._make((
        *values[:4], json_object(values[4]), values[5], values[6], values[7] == 1, *values[8:11], values[11] == 1,
        threads, noted, () if tags == "[]" else tuple(json_array(tags)),
    ))  # fmt: skip
