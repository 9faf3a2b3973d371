"""Who said what of a contact: the table of provenance, read and written by field."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

from multimail.adapters.store import dialect
from multimail.adapters.store.rows import json_object
from multimail.adapters.store.tx import Tx
from multimail.core.addresses import normalise
from multimail.core.provenance import ALL, Evidence, Field, Said, Source
from multimail.ports.contacts import SaidOf

_LINE: Final = "f.field, f.source, f.said_by, f.at, f.kept"
_WRITE: Final = """
    INSERT INTO contact_fields (contact_id, field, source, said_by, at, kept)
    VALUES (:contact, :field, :source, :by, :at, :kept)
    ON CONFLICT (contact_id, field) DO UPDATE SET source = excluded.source, said_by = excluded.said_by,
        at = excluded.at, kept = excluded.kept
"""


def of(tx: Tx, contact_id: str) -> dict[str, Field]:
    rows = tx.all(f"SELECT {_LINE} FROM contact_fields f WHERE f.contact_id = :id", id=contact_id)
    return {row[0]: _field(tuple(row)) for row in rows}


def of_addresses(tx: Tx, addresses: Sequence[str], fields: Sequence[str]) -> dict[str, SaidOf]:
    """One statement for any number of addresses."""
    rows = tx.all(
        f"SELECT c.address, c.name, c.metadata, {_LINE} FROM contacts c"
        f" LEFT JOIN contact_fields f ON f.contact_id = c.id AND f.field IN {dialect.in_list('fields')}"
        f" WHERE c.address IN {dialect.in_list('addresses')}",
        addresses=dialect.json_list(map(normalise, addresses)), fields=dialect.json_list([*fields, ALL]),
    )  # fmt: skip
    values: dict[str, tuple[str, dict[str, Any]]] = {}
    lines: defaultdict[str, dict[str, Field]] = defaultdict(dict)
    for row in rows:
        values.setdefault(row[0], (row[1], json_object(row[2])))
        if row[3] is not None:
            lines[row[0]][row[3]] = _field(tuple(row)[3:])
    return {address: SaidOf(*known, lines[address]) for address, known in values.items()}


def write(tx: Tx, contact_id: str, lines: Mapping[str, Field | None]) -> None:
    for field, line in lines.items():
        if line is None:
            tx.run(
                "DELETE FROM contact_fields WHERE contact_id = :contact AND field = :field",
                contact=contact_id, field=field,
            )  # fmt: skip
        else:
            said, kept = line.said, dialect.json_dump(_kept(line.kept)) if line.kept else None
            tx.run(
                _WRITE, contact=contact_id, field=field, source=said.source.value, by=said.by, at=said.at, kept=kept
            )  # fmt: skip


def forget(tx: Tx, contact_id: str) -> None:
    tx.run("DELETE FROM contact_fields WHERE contact_id = :id", id=contact_id)


def _kept(one: Evidence) -> dict[str, Any]:
    said = one.said
    return {"value": one.value, "source": said.source.value, "by": said.by, "at": said.at}


def _field(row: Sequence[Any]) -> Field:
    kept = json_object(row[4]) if row[4] else None
    evidence = Evidence(kept["value"], Said(Source(kept["source"]), kept["by"], kept["at"])) if kept else None
    return Field(Said(Source(row[1]), row[2], row[3]), evidence)
