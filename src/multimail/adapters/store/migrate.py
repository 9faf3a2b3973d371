"""Bringing a file up to the schema this version knows, safely for any number of processes starting at once."""

from __future__ import annotations

import os
import re
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from multimail.adapters.store import dialect, triggers
from multimail.core.errors import Problem

if sys.platform != "win32":
    import fcntl


@dataclass(frozen=True, slots=True)
class Schema:
    """A folder of `0001_….sql`, `0002_….sql`, … without gaps, and the guards that hold on top of them."""

    migrations: Path
    guards: tuple[triggers.Guard, ...] = ()


def migrate(connection: sqlite3.Connection, database: Path, schema: Schema) -> None:
    """Apply what is missing, each migration in a transaction of its own, and install the guards.

    A file from a newer version is refused with `storage_newer` and left as it is.
    """
    files = _files(schema.migrations)
    if _version(connection, len(files)) == len(files) and not triggers.differ(connection, schema.guards):
        return
    with _alone(database):
        dialect.use_wal(connection)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = OFF")
        for number in range(_version(connection, len(files)) + 1, len(files) + 1):
            _apply(connection, number, files[number - 1].read_text("utf-8"))
        if triggers.differ(connection, schema.guards):
            triggers.install(connection, schema.guards)


def _files(folder: Path) -> list[Path]:
    files = sorted(folder.glob("[0-9][0-9][0-9][0-9]_*.sql"))
    for number, file in enumerate(files, start=1):
        if not file.name.startswith(f"{number:04}_"):
            raise ValueError(f"migration {number} is missing before {file.name}")
    return files


def _version(connection: sqlite3.Connection, newest: int) -> int:
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > newest:
        raise Problem(
            "storage_newer",
            f"The data file has schema {version}; this version knows {newest}.",
            advice="Start the newer version of MultiMail, or use another data folder.",
        )
    return version


def _apply(connection: sqlite3.Connection, number: int, script: str) -> None:
    connection.execute(dialect.BEGIN_WRITE)
    try:
        # Where there is no file lock, another process may have been here since we looked.
        if connection.execute("PRAGMA user_version").fetchone()[0] < number:
            for statement in statements(script):
                connection.execute(statement)
            broken = connection.execute("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise sqlite3.IntegrityError(f"migration {number} leaves {len(broken)} dangling references")
            connection.execute(f"PRAGMA user_version = {number}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def statements(script: str) -> Iterator[str]:
    """The statements of a script, each to its semicolon, bodies of triggers whole. After the last one only
    line comments may follow."""
    waiting = ""
    *pieces, rest = script.split(";")
    for piece in pieces:
        waiting += piece + ";"
        if sqlite3.complete_statement(waiting):
            yield waiting.strip()
            waiting = ""
    if waiting or re.sub(r"--.*", "", rest).strip():
        raise ValueError("the script ends within a statement")


@contextmanager
def _alone(database: Path) -> Iterator[None]:
    """One process at a time; where there are no file locks, SQLite's own write lock has to do."""
    if sys.platform == "win32":
        yield
        return
    file = os.open(f"{database}.migrate", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
    finally:
        os.close(file)
