"""No table is forgotten when somebody is erased: whatever text or bytes a table can hold, the traces are taken out."""

from __future__ import annotations

import re
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any, Final

import pytest

from multimail.adapters.store import eraser_rows, schema
from multimail.adapters.store.engine import Store
from multimail.adapters.store.repositories import Transaction
from multimail.core.traces import Traces

pytestmark = pytest.mark.anyio

JANE: Final = "jane@acme.example"
TRACES: Final = Traces(JANE, ("Jane Quux",))
OF_MAIL: Final = frozenset({"messages", "revisions", "recipients", "attachments"})
DERIVED: Final = frozenset({"people", "contact_metadata", "letters_of_contacts_left"})
"""Follow from other tables: nothing of theirs is left once nothing is there, or the index of them is merged."""
OPERATORS: Final = frozenset({"principals", "passkeys", "sessions", "sign_in_links"})
NUMBERS: Final = count(1_000)
PERSONAL: Final = re.compile(r"create table (?:if not exists )?(\w+)|-- personal:", re.IGNORECASE)


@pytest.fixture
async def connection(tmp_path: Path) -> Any:
    await Store.open(tmp_path / "mail.db").close()
    with closing(sqlite3.connect(tmp_path / "mail.db", isolation_level=None)) as made:
        made.row_factory = sqlite3.Row
        yield made


def texts(connection: sqlite3.Connection, table: str) -> list[sqlite3.Row]:
    """The columns that can hold text or bytes."""
    rows = connection.execute(f"PRAGMA table_info({table})").fetchall()
    return [row for row in rows if row["type"].upper() in {"TEXT", "BLOB", ""}]


def personal() -> Iterator[str]:
    """Tables of which a migration says that a column is personal."""
    for path in sorted(schema.PRODUCT.migrations.glob("*.sql")):
        script, table, before = path.read_text("utf-8"), "", False
        for line in script.splitlines():
            for found in PERSONAL.finditer(line):
                if found[1]:
                    table = found[1]
                    if before:
                        yield table
                    before = False
                elif line.startswith("--"):
                    before = True
                else:
                    yield table


def planted(connection: sqlite3.Connection, table: str, column: str, value: object) -> None:
    """A row with the person in this column and next to nothing in the others."""
    rows = connection.execute(f"PRAGMA table_info({table})").fetchall()
    number = next(NUMBERS)
    needed = {
        row["name"]: f"x-{number}" if row["type"].upper() == "TEXT" else number
        for row in rows
        if row["notnull"] or row["pk"]
    }
    values = needed | {column: value}
    names = ", ".join(values)
    connection.execute(
        f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(values))})", list(values.values())
    )


def left(connection: sqlite3.Connection, table: str) -> list[str]:
    found = []
    for row in connection.execute(f"SELECT * FROM {table}"):
        for name in row.keys():  # noqa: SIM118 - keys of a row
            value = row[name]
            text = zlib.decompress(value).decode() if isinstance(value, bytes) else str(value)
            if "jane" in text.lower():
                found.append(f"{table}.{name}")
    return found


async def test_every_text_of_every_table_is_reached(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("PRAGMA ignore_check_constraints = ON")
    for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    tx = Transaction(connection)
    looked = [table.name for table in eraser_rows.tables(tx) if table.name not in eraser_rows.APART]
    for table in looked:
        for column in texts(connection, table):
            packed = column["type"].upper() == "BLOB"
            value = (
                zlib.compress(f"To: {JANE}".encode())
                if packed
                else f"of JANE@acme.example, Jane  Quux {column['name']}"
            )
            planted(connection, table, column["name"], value)
    before = {one for table in looked for one in left(connection, table)}

    places = eraser_rows.places(tx, TRACES)
    eraser_rows.scrub(tx, places, TRACES)

    assert len(before) > 100
    assert not [name for name in looked if name.startswith(("search", "contact_letters"))]
    assert [one for table in looked for one in left(connection, table)] == []
    assert eraser_rows.places(tx, TRACES) == []


async def test_what_stands_apart_has_a_reason_and_is_seen_to_elsewhere(
    connection: sqlite3.Connection,
) -> None:
    known = {row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}

    assert eraser_rows.APART.keys() <= known
    assert set(personal()) - {"erasures"} <= known - eraser_rows.APART.keys() | OF_MAIL | DERIVED
    assert {"suppressions", "consents", "contact_fields"} <= set(personal())
    ids_only = (
        eraser_rows.APART.keys() - OF_MAIL - DERIVED - OPERATORS - {"search", "contact_letters", "erasures"}
    )
    for table in ids_only:
        free = {row["name"] for row in texts(connection, table)} & {
            "address",
            "name",
            "subject",
            "body",
            "note",
        }
        assert not free, table


async def test_keys_and_contact_ids_go_and_what_must_be_kept_stays(connection: sqlite3.Connection) -> None:
    tables = {table.name: table for table in eraser_rows.tables(Transaction(connection))}
    keyed = {name for name, table in tables.items() if "address_key" in table.columns}

    assert {"erasures", "suppressions", "unsubscribe_requests", "unsubscribe_confirmations"} <= keyed
    assert {"consents", "channels", "pace_handed", "enrollments"} <= keyed
