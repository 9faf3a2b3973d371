"""Rows of any table that hold traces of somebody, found by looking at the tables as they are.

A table that is added later is looked through like all others, each text and each blob of it, unless it stands in
`APART`. What a row becomes follows from its columns: where the traces are in a key the row goes, where they are in
text the text is kept without them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from multimail.adapters.store.eraser_text import Value, redacted_value, traced_value
from multimail.adapters.store.tx import Tx
from multimail.core.errors import Problem
from multimail.core.traces import Traces
from multimail.ports.erasure import Place

APART: Final[dict[str, str]] = {
    "messages": "mail is removed or redacted as a whole",
    "revisions": "mail is removed or redacted as a whole",
    "recipients": "mail is removed or redacted as a whole",
    "attachments": "mail is removed or redacted as a whole",
    "search": "mail is removed or redacted as a whole",
    "contact_letters": "follows from contacts, and is merged",
    "letters_of_contacts_left": "is emptied before that is merged",
    "people": "follows from mail by triggers",
    "contact_metadata": "follows from contacts by triggers",
    "interactions": "ids and codes, which go with the contact",
    "erasures": "forgets by itself whom it is about",
    "events": "ids and codes only, and never changed",
    "principals": "who works with this server is no contact of it; keys are revoked",
    "passkeys": "who works with this server is no contact of it; keys are revoked",
    "sessions": "who works with this server is no contact of it; keys are revoked",
    "sign_in_links": "who works with this server is no contact of it; keys are revoked",
    "served": "ids and digests",
    "looks": "ids and digests",
    "awaiting": "ids",
    "unexamined": "ids",
    "legal": "names of states",
}
"""Tables that are not looked through row by row, with the reason."""
_ABOUT: Final = frozenset({"contacts", "deliveries", "set_aside", "uploads", "batch_mails"})
"""Whose rows are about one person or thing: redacted they would be worth nothing."""
_KEEPS_KEY: Final = frozenset(
    {"erasures", "suppressions", "unsubscribe_requests", "unsubscribe_confirmations"}
)
"""What is kept under the key alone: that somebody is not to be written to, and that this was respected."""
_FOLLOWING: Final = frozenset({"events", "contact_metadata"})
"""What names contacts by id and is left alone: the record, and what triggers keep in step."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its columns; `key` is what one row of it is named by."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    unique: frozenset[str]
    required: frozenset[str]

    def where(self) -> str:
        return " AND ".join(f"{column} IS :k{number}" for number, column in enumerate(self.key))


def tables(tx: Tx) -> list[Table]:
    """Every table there is but those of search indexes."""
    found = tx.all("SELECT name, rootpage FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    indexes = [row[0] for row in found if not row[1]]
    theirs = ("sqlite_", *(f"{name}_" for name in indexes))
    names = [row[0] for row in found if row[1] and not row[0].startswith(theirs)]
    return [_table(tx, name) for name in names]


def _table(tx: Tx, name: str) -> Table:
    info = tx.all(f"PRAGMA table_info({name})")
    key = tuple(row[1] for row in sorted(info, key=lambda row: row[5]) if row[5])
    unique = set(key)
    for index in tx.all(f"PRAGMA index_list({name})"):
        if index[2]:
            unique |= {row[2] for row in tx.all(f"PRAGMA index_info({index[1]})") if row[2]}
    return Table(
        name,
        tuple(row[1] for row in info),
        key or ("rowid",),
        frozenset(unique),
        frozenset(row[1] for row in info if row[3]),
    )


def places(tx: Tx, traces: Traces) -> list[Place]:
    """Every row outside `APART` with traces in any column."""

    def traced(*values: Value) -> bool:
        return any(traced_value(value, traces) for value in values)

    tx.function("traced", traced)
    found: list[Place] = []
    for table in tables(tx):
        if table.name in APART:
            continue
        free = " AND status <> 'sending'" if table.name == "deliveries" else ""
        rows = tx.all(
            f"SELECT {', '.join(table.key)} FROM {table.name} WHERE traced({', '.join(table.columns)}){free}"
        )
        found += [Place(table.name, tuple(row)) for row in rows]
    return found


def scrub(tx: Tx, found: Sequence[Place], traces: Traces) -> int:
    """Take the traces out of the rows; how many were still there."""
    by_name = {table.name: table for table in tables(tx)}
    return sum(_scrub(tx, by_name[place.table], place.key, traces) for place in found)


def _scrub(tx: Tx, table: Table, key: tuple[Any, ...], traces: Traces) -> int:
    named = {f"k{number}": value for number, value in enumerate(key)}
    row = tx.one(f"SELECT {', '.join(table.columns)} FROM {table.name} WHERE {table.where()}", **named)
    if row is None:
        return 0
    values = dict(zip(table.columns, row, strict=True))
    changed = {
        column: redacted_value(value, traces)
        for column, value in values.items()
        if traced_value(value, traces)
    }
    if not changed:
        return 0
    impossible = any(value is None and column in table.required for column, value in changed.items())
    if table.name in _ABOUT or changed.keys() & set(table.key) or impossible:
        return tx.run(f"DELETE FROM {table.name} WHERE {table.where()}", **named)
    # Names that are given once stay different from one another.
    changed |= {column: f"{changed[column]!s} {key[0]}" for column in changed.keys() & table.unique}
    _write(tx, table, named, values, changed)
    return 1


def _write(
    tx: Tx, table: Table, named: dict[str, Any], values: dict[str, Any], changed: dict[str, Any]
) -> None:
    """Change the row, or where a guard keeps its columns as they were, put another in its place."""
    assignments = ", ".join(f"{column} = :{column}" for column in changed)
    try:
        tx.attempt(
            lambda: tx.run(f"UPDATE {table.name} SET {assignments} WHERE {table.where()}", **named, **changed)
        )
    except (Problem, sqlite3.IntegrityError):
        tx.run("PRAGMA defer_foreign_keys = ON")
        tx.run(f"DELETE FROM {table.name} WHERE {table.where()}", **named)
        columns = ", ".join(values)
        tx.run(
            f"INSERT INTO {table.name} ({columns}) VALUES ({', '.join(f':{one}' for one in values)})",
            **(values | changed),
        )


def forget(tx: Tx, address: str, key: str, contact_id: str | None) -> None:
    """Every row that names the person by contact or by key, except what has to be kept under the key."""
    # First: what triggers take away with the contact is then gone, and need not be searched for.
    tx.run("DELETE FROM tags WHERE kind = 'contact' AND target = :contact", contact=contact_id)
    tx.run("DELETE FROM contacts WHERE id = :contact", contact=contact_id)
    for table in tables(tx):
        if table.name not in _KEEPS_KEY and "address_key" in table.columns:
            tx.run(f"DELETE FROM {table.name} WHERE address_key = :key", key=key)
        if contact_id and "contact_id" in table.columns and table.name not in _FOLLOWING:
            tx.run(f"DELETE FROM {table.name} WHERE contact_id = :contact", contact=contact_id)
    tx.run(
        "UPDATE suppressions SET address = NULL, evidence = '{}', lifted_why = NULL"
        " WHERE address_key = :key AND (address IS NOT NULL OR evidence <> '{}' OR lifted_why IS NOT NULL)",
        key=key,
    )
    _forget_domain(tx, address)


def _forget_domain(tx: Tx, address: str) -> None:
    """A domain where nobody else is may name its owner."""
    domain = address.rpartition("@")[2]
    alone = not tx.value("SELECT EXISTS (SELECT 1 FROM contacts WHERE domain = :domain)", domain=domain)
    others = "SELECT EXISTS (SELECT 1 FROM people WHERE address LIKE :ending AND lower(address) <> :address)"
    if alone and not tx.value(others, ending=f"%@{domain}", address=address):
        tx.run("DELETE FROM reputation_counts WHERE kind = 'domain' AND subject = :domain", domain=domain)
        tx.run("DELETE FROM domain_time_zones WHERE domain = :domain", domain=domain)
