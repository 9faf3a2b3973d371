"""Overwriting what is unused in the data file: all of it, nothing else, and while others read and write."""

from __future__ import annotations

import os
import random
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest

from multimail.adapters.store import dialect, scour
from tests.support import remains

MARK: Final = remains.Person(("zaphodia.quux@acme.example",), ())
NAME: Final = MARK.texts[0]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "mail.db"


@pytest.fixture
def connection(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(dialect.connect(path)) as made:
        dialect.use_wal(made)
        made.execute("CREATE TABLE t (id TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID")
        yield made


def fill(connection: sqlite3.Connection, seed: int, rows: int = 3_000) -> None:
    """Rows in no order, of which one in ten is the person's and is deleted again."""
    pick = random.Random(seed)
    connection.execute("BEGIN")
    for number in range(rows):
        text = NAME if number % 10 == 0 else "x" * pick.randrange(300)
        connection.execute("INSERT INTO t VALUES (?, ?)", (f"{pick.getrandbits(64):016x}", text))
    connection.execute("COMMIT")


def forget(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM t WHERE value LIKE '%zaphodia%'")


def test_what_was_deleted_is_in_no_page_and_what_was_not_is_as_it_was(
    connection: sqlite3.Connection, path: Path
) -> None:
    connection.execute("PRAGMA secure_delete = OFF")
    fill(connection, 1, 1_500)
    forget(connection)
    connection.execute("CREATE TABLE gone AS SELECT * FROM t")
    connection.execute("UPDATE gone SET value = value || ?", (NAME,))
    connection.execute("DROP TABLE gone")
    connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
    kept = connection.execute("SELECT count(*), sum(length(value)) FROM t").fetchone()
    assert remains.find(path.parent, MARK).keys() >= {"slack", "free page", "log"}

    assert scour.scour(path)

    assert remains.find(path.parent, MARK) == {}
    assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    assert tuple(connection.execute("SELECT count(*), sum(length(value)) FROM t").fetchone()) == tuple(kept)


def test_a_connection_that_remembers_pages_brings_nothing_back(
    connection: sqlite3.Connection, path: Path
) -> None:
    connection.execute("PRAGMA secure_delete = OFF")
    fill(connection, 2, 1_500)
    forget(connection)
    connection.execute("SELECT count(*) FROM t").fetchone()

    assert scour.scour(path)
    connection.execute("UPDATE t SET value = value || 'y'")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    assert remains.find(path.parent, MARK) == {}


def test_whoever_writes_meanwhile_loses_nothing(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute("PRAGMA secure_delete = OFF")
    fill(connection, 3, 1_500)
    forget(connection)
    ended = threading.Event()
    written = [0]

    def write() -> None:
        with closing(dialect.connect(path)) as other:
            while not ended.is_set():
                other.execute("INSERT INTO t VALUES (?, 'new')", (f"new {written[0]:06}",))
                written[0] += 1
                ended.wait(0.001)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        done = [scour.scour(path) for _ in range(3)]
    finally:
        ended.set()
        writer.join()

    assert done == [True] * 3
    assert connection.execute("SELECT count(*) FROM t WHERE value = 'new'").fetchone()[0] == written[0]
    assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    assert remains.find(path.parent, MARK) == {}


def test_a_reader_who_will_not_let_go_is_told_of(
    connection: sqlite3.Connection, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scour, "_PATIENCE", 0.0)
    fill(connection, 4, 50)
    with closing(dialect.connect_reader(path)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM t").fetchone()
        connection.execute("INSERT INTO t VALUES ('later', 'x')")
        assert not scour.scour(path)
        reader.execute("COMMIT")
        assert scour.scour(path)


@pytest.mark.parametrize("size", [512, 4096])
def test_the_map_that_auto_vacuum_keeps_is_no_tree(path: Path, size: int) -> None:
    pick = random.Random(5)
    with closing(dialect.connect(path)) as made:
        made.execute(f"PRAGMA page_size = {size}")
        made.execute("PRAGMA auto_vacuum = INCREMENTAL")
        dialect.use_wal(made)
        made.execute("PRAGMA secure_delete = OFF")
        made.execute("BEGIN")
        for number in range(20):
            made.execute(f"CREATE TABLE t{number} (value TEXT)")
        for _ in range(2_000):
            made.execute("INSERT INTO t0 VALUES (?)", (NAME * pick.randrange(40),))
        made.execute("COMMIT")
        made.execute("DELETE FROM t0")

        assert scour.scour(path)

        assert made.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert remains.find(path.parent, MARK) == {}


def test_a_full_disk_is_told_of_and_harms_nothing(
    connection: sqlite3.Connection, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection.execute("PRAGMA secure_delete = OFF")
    fill(connection, 6, 500)
    forget(connection)

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "pwrite", full)
        with pytest.raises(OSError, match="No space"):
            scour.scour(path)

    connection.execute("INSERT INTO t VALUES ('later', 'x')")
    assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    assert scour.scour(path)
