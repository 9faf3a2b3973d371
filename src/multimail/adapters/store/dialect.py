"""Everything about our SQL that is SQLite's own: another database engine needs this file again, not the nouns."""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from multimail.adapters.store.words import apart
from multimail.core.errors import Problem

BEGIN_WRITE: Final = "BEGIN IMMEDIATE"
BEGIN_READ: Final = "BEGIN"
CLAIM_SUFFIX: Final = ""
"""Ends the SELECT of a claim. Writers stand in line here, so nothing needs locking row by row."""

BUSY_MILLISECONDS: Final = 10_000
_CACHED_STATEMENTS: Final = 512


# Made once: `json.dumps` with options makes an encoder each time.
_ENCODE: Final = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False
).encode


def in_list(name: str) -> str:
    """The right side of `IN`, for the parameter `name` bound to `json_list(…)`: one text for any length."""
    return f"(SELECT value FROM json_each(:{name}))"


def json_list(values: Iterable[str | int]) -> str:
    return _ENCODE(list(values))


def json_field(column: str, path: str) -> str:
    """The scalar at `path`, a parameter name bound to `json_path(…)`, in a JSON column."""
    return f"json_extract({column}, :{path})"


def json_collect(expression: str) -> str:
    """An aggregate: the values of all rows as one JSON list."""
    return f"json_group_array({expression})"


def json_kind(column: str, path: str) -> str:
    """What stands at `path`: `text`, `integer`, `real`, `true`, `false`, `null`, `array`, `object`, or NULL."""
    return f"json_type({column}, :{path})"


def json_moment(column: str, path: str) -> str:
    """The ISO 8601 date or time at `path` in microseconds, to the second; NULL when there is none."""
    return f"CAST(strftime('%s', {json_field(column, path)}) AS INTEGER) * 1000000"


def json_path(keys: Sequence[str]) -> str:
    """A path of object keys. The quoting has no escape for a quote, so such a key raises `ValueError`."""
    if any('"' in key for key in keys):
        raise ValueError("a key with a double quote cannot be looked up")
    return "$" + "".join(f'."{key}"' for key in keys)


def json_dump(value: Any) -> str:
    """Compact, and equal values give equal text."""
    return _ENCODE(value)


def json_load(text: str) -> Any:
    return json.loads(text)


def fts_query(terms: Iterable[str]) -> str:
    """All `terms` at once, as a full-text query. A term of several words is a phrase; one that ends in `*` is
    a beginning. Whatever else stands in a term is text to the search, never syntax. Terms without a letter or
    digit are left out; the empty string means that nothing is left to look for."""
    quoted = []
    for term in terms:
        text = term.replace("\0", " ").strip()
        if any(character.isalnum() for character in text):
            star = "*" if text.endswith("*") else ""
            quoted.append('"' + apart(text.rstrip("*")).replace('"', '""').rstrip() + '"' + star)
    return " ".join(quoted)


def connect(path: Path) -> sqlite3.Connection:
    """A connection as all of ours are: no implicit transactions, waiting out other writers.

    Any thread may use it, but only one at a time.
    """
    connection = sqlite3.connect(
        path, isolation_level=None, check_same_thread=False, cached_statements=_CACHED_STATEMENTS
    )
    connection.row_factory = sqlite3.Row
    # First of all: whatever follows may have to wait for another process.
    connection.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
    connection.execute("PRAGMA temp_store = MEMORY")
    return connection


def connect_reader(path: Path) -> sqlite3.Connection:
    """A connection that cannot change anything."""
    connection = connect(path)
    connection.execute("PRAGMA cache_size = -8000")
    connection.execute("PRAGMA query_only = ON")
    return connection


def keep_on_the_loop(connection: sqlite3.Connection) -> None:
    """From now on it cannot change anything, and never holds up the event loop for long."""
    connection.execute("PRAGMA query_only = ON")
    connection.execute("PRAGMA busy_timeout = 500")


def connect_writer(path: Path) -> sqlite3.Connection:
    """A connection whose commits are on the disk when they return; refuses to exist if it cannot promise it."""
    connection = connect(path)
    try:
        _make_durable(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _make_durable(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    # What is deleted is overwritten, so that it is not left in the file.
    connection.execute("PRAGMA secure_delete = ON")
    # As many pages as a reader finds through one table of the log's index. Pages that change again and again go to the
    # file once in that time, which is what half as many, twice as often, would cost on a full account.
    connection.execute("PRAGMA wal_autocheckpoint = 4000")
    connection.execute("PRAGMA journal_size_limit = 67108864")
    connection.execute("PRAGMA cache_size = -16000")
    if sys.platform == "darwin":
        connection.execute("PRAGMA fullfsync = ON")
        connection.execute("PRAGMA checkpoint_fullfsync = ON")
    found = {name: _pragma(connection, name) for name in ("synchronous", "foreign_keys", "journal_mode")}
    if found != {"synchronous": 2, "foreign_keys": 1, "journal_mode": "wal"}:
        raise Problem("storage_failed", f"The data file cannot be written safely: {found}.")


def use_wal(connection: sqlite3.Connection) -> None:
    """Switch the file to write-ahead logging, which it keeps. Only under the migration lock."""
    mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    if mode != "wal":
        raise Problem("storage_failed", "The data folder is on a file system that cannot share memory.")


def _pragma(connection: sqlite3.Connection, name: str) -> Any:
    return connection.execute(f"PRAGMA {name}").fetchone()[0]
