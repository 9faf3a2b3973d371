"""Rows of messages: every field of a stored message comes from the column of its name, in its own type."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import fields

import pytest

from multimail.adapters.store import rows
from multimail.adapters.store.schema import PRODUCT
from multimail.ports.records import StoredMessage

COLUMN_OF = {"message_class": "class"}
FLAGS = {"held_from_agents", "has_attachments", "has_replies", "new_sender"}
JSON = {
    "metadata": ('{"plan":"pro"}', {"plan": "pro"}),
    "problems": ('["bad_date"]', ("bad_date",)),
    "hidden_text": ('{"comments":2}', {"comments": 2}),
    "authentication": ('{"dkim":"pass"}', {"dkim": "pass"}),
    "verdict": ('{"reasons":["gated"]}', {"reasons": ["gated"]}),
}


@pytest.fixture
def connection() -> sqlite3.Connection:
    memory = sqlite3.connect(":memory:")
    memory.row_factory = sqlite3.Row
    for migration in sorted(PRODUCT.migrations.glob("*.sql")):
        memory.executescript(migration.read_text("utf-8"))
    memory.execute("PRAGMA foreign_keys = OFF")
    return memory


def stored(connection: sqlite3.Connection, values: Mapping[str, object]) -> StoredMessage:
    names = ", ".join(values)
    connection.execute(
        f"INSERT INTO messages ({names}) VALUES ({', '.join('?' * len(values))})", [*values.values()]
    )
    return rows.stored_message(
        connection.execute(f"SELECT {rows.MESSAGE_COLUMNS}, 1 AS more FROM messages").fetchone()
    )


def test_the_columns_are_the_fields_in_their_order() -> None:
    names = [COLUMN_OF.get(field.name, field.name) for field in fields(StoredMessage)]

    assert rows.MESSAGE_COLUMNS.split(", ") == names


def test_every_value_arrives_in_its_own_field(connection: sqlite3.Connection) -> None:
    plain = {COLUMN_OF.get(f.name, f.name): f"value of {f.name}" for f in fields(StoredMessage)}
    numbers = {"seq", "size", "revision", "created_at", "updated_at"}
    values: Mapping[str, object] = {
        name: 7 if name in numbers else 1 if name in FLAGS else JSON[name][0] if name in JSON else text
        for name, text in plain.items()
    } | {"direction": "inbound"}

    message = stored(connection, values)

    for field in fields(StoredMessage):
        found = getattr(message, field.name)
        if field.name in FLAGS:
            assert found is True
        elif field.name in JSON:
            assert found == JSON[field.name][1]
        else:
            assert found == values[COLUMN_OF.get(field.name, field.name)]


def test_what_was_never_set_is_empty_and_not_missing(connection: sqlite3.Connection) -> None:
    names = ("id", "mailbox_id", "thread_id", "status", "sender", "subject", "header_id")
    message = stored(
        connection, dict.fromkeys(names, "x") | {"direction": "inbound", "created_at": 1, "updated_at": 1}
    )

    assert (message.metadata, message.problems, message.verdict) == ({}, (), {})
    assert (message.held_from_agents, message.released_digest, message.digest) == (False, None, None)
