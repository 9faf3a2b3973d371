"""Migrations: in order, each whole or not at all, once however many processes start."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from multimail.adapters.store import dialect
from multimail.adapters.store.migrate import Schema, migrate, statements
from multimail.adapters.store.triggers import WriteOnce
from multimail.core.errors import Problem

BOUND = 20.0
SECOND = "ALTER TABLE notes ADD COLUMN stars INTEGER; UPDATE notes SET stars = 1; -- done\n"


@pytest.fixture
def connection(path: Path) -> Iterator[sqlite3.Connection]:
    path.parent.mkdir()
    opened = dialect.connect(path)
    yield opened
    opened.close()


def version(connection: sqlite3.Connection) -> int:
    number: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return number


def add_migration(schema: Schema, name: str, text: str) -> None:
    (schema.migrations / name).write_text(text, "utf-8")


def test_a_new_file_gets_every_migration_in_order(
    connection: sqlite3.Connection, path: Path, schema: Schema
) -> None:
    add_migration(schema, "0002_stars.sql", SECOND)
    migrate(connection, path, schema)

    assert version(connection) == 2
    assert connection.execute("SELECT stars FROM notes").fetchall() == []
    assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"


def test_an_older_file_gets_what_it_lacks_and_keeps_its_rows(
    connection: sqlite3.Connection, path: Path, schema: Schema
) -> None:
    migrate(connection, path, schema)
    connection.execute("INSERT INTO notes (text) VALUES ('kept')")
    add_migration(schema, "0002_stars.sql", SECOND)
    migrate(connection, path, schema)
    migrate(connection, path, schema)

    assert tuple(connection.execute("SELECT text, stars FROM notes").fetchone()) == ("kept", 1)


def test_a_file_from_a_newer_version_is_refused_and_left_alone(
    connection: sqlite3.Connection, path: Path, schema: Schema
) -> None:
    migrate(connection, path, schema)
    connection.execute("PRAGMA user_version = 7")

    with pytest.raises(Problem, match="schema 7; this version knows 1") as refused:
        migrate(connection, path, replace(schema, guards=(WriteOnce("notes", ("text",)),)))
    assert refused.value.code == "storage_newer"
    assert connection.execute("SELECT count(*) FROM sqlite_schema WHERE type = 'trigger'").fetchone()[0] == 0


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("CREATE TABLE extra (id); INSERT INTO nowhere VALUES (1);", sqlite3.OperationalError),
        ("CREATE TABLE extra (id); SELECT 'without an end'", ValueError),
        (
            "CREATE TABLE extra (id REFERENCES notes (id)); INSERT INTO extra VALUES (99);",
            sqlite3.IntegrityError,
        ),
    ],
)
def test_a_migration_that_fails_leaves_nothing_behind(
    connection: sqlite3.Connection, path: Path, schema: Schema, text: str, error: type[Exception]
) -> None:
    add_migration(schema, "0002_broken.sql", text)
    with pytest.raises(error):
        migrate(connection, path, schema)

    assert version(connection) == 1
    assert not connection.in_transaction
    assert connection.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'extra'").fetchone()[0] == 0


def test_a_gap_in_the_numbers_is_a_mistake(
    connection: sqlite3.Connection, path: Path, schema: Schema
) -> None:
    add_migration(schema, "0003_late.sql", SECOND)

    with pytest.raises(ValueError, match="migration 2 is missing"):
        migrate(connection, path, schema)


def test_guards_lost_with_a_rebuilt_table_are_put_back(
    connection: sqlite3.Connection, path: Path, schema: Schema
) -> None:
    guarded = replace(schema, guards=(WriteOnce("notes", ("text",)),))
    migrate(connection, path, guarded)
    add_migration(guarded, "0002_rebuild.sql", "DROP TABLE notes; CREATE TABLE notes (id, text);")
    migrate(connection, path, guarded)
    connection.execute("INSERT INTO notes VALUES (1, 'a')")

    with pytest.raises(sqlite3.IntegrityError, match=r"conflict:notes\.text"):
        connection.execute("UPDATE notes SET text = 'b'")


def test_many_that_start_at_once_migrate_once(path: Path, schema: Schema) -> None:
    path.parent.mkdir()
    failures: list[Exception] = []
    barrier = threading.Barrier(8)

    def start() -> None:
        own = dialect.connect(path)
        barrier.wait(BOUND)
        try:
            migrate(own, path, schema)
        except Exception as error:  # noqa: BLE001 - whatever it is, the test shows it
            failures.append(error)
        own.close()

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(BOUND)

    assert failures == []


def test_a_script_is_split_at_the_ends_of_statements() -> None:
    trigger = "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; SELECT ';'; END;"
    script = f"-- first; of all\nCREATE TABLE a (b); {trigger}\nSELECT 1;\n-- the end"

    assert list(statements(script)) == ["-- first; of all\nCREATE TABLE a (b);", trigger, "SELECT 1;"]
