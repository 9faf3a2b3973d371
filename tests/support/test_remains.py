"""The checker finds a person wherever one is put, and nobody where nobody is."""

from __future__ import annotations

import base64
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from email.header import Header
from pathlib import Path

import pytest

from tests.support import remains

JANE = remains.Person(("jane.quux@acme.example", "Jané Quuxley", "+49 30 1234567"), ("quuxley",))


@contextmanager
def data(folder: Path, *statements: str) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(folder / "mail.db", isolation_level=None)) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, value)")
        for statement in statements:
            connection.execute(statement)
        yield connection


@pytest.mark.parametrize(
    "value",
    [
        "x JANE.QUUX@Acme.example x",
        zlib.compress(b"To: jane.quux@acme.example\r\n", 1, 13),
        zlib.compress(base64.encodebytes("Dear Jané Quuxley, how are you?".encode())),
        zlib.compress(f"From: {Header('Jané Quuxley', 'utf-8').encode()}".encode()),
        "call 49-30-1234567 now",
        "jane.quux=40acme.example",
        '{"name":"Jan\\u00e9 Quuxley"}',
    ],
)
def test_a_person_is_found_in_rows_however_encoded(tmp_path: Path, value: object) -> None:
    with data(tmp_path) as connection:
        connection.execute("INSERT INTO t (value) VALUES (?)", (value,))

    assert remains.find(tmp_path, JANE).keys() == {"row", "page"}


def test_a_person_is_found_in_free_pages_and_between_rows(tmp_path: Path) -> None:
    with data(tmp_path, "PRAGMA secure_delete = OFF") as connection:
        rows = [("jane.quux@acme.example " + "x" * 900,) for _ in range(40)]
        connection.executemany("INSERT INTO t (value) VALUES (?)", rows)
        connection.execute("DELETE FROM t WHERE id > 2")
        connection.execute("UPDATE t SET value = ''")

    assert {"free page"} <= remains.find(tmp_path, JANE).keys() <= {"free page", "slack", "page"}


def test_a_person_is_found_in_the_log(tmp_path: Path) -> None:
    with data(tmp_path, "PRAGMA journal_mode = WAL", "PRAGMA wal_autocheckpoint = 0") as connection:
        connection.execute("INSERT INTO t (value) VALUES ('jane.quux@acme.example')")
        connection.execute("DELETE FROM t")
        found = remains.find(tmp_path, JANE)

    assert found.keys() == {"log"}


def test_a_person_is_found_in_a_search_index_whose_words_share_beginnings(tmp_path: Path) -> None:
    with data(tmp_path, "CREATE VIRTUAL TABLE s USING fts5 (body, content = '')") as connection:
        connection.executemany(
            "INSERT INTO s (body) VALUES (?)", [("quux quuxe",), ("a quuxley b",), ("quuxleyan",)]
        )

    assert [place.split()[0] for place in remains.find(tmp_path, JANE)["search"]] == ["mail.db:"]


def test_a_person_is_found_in_an_index_of_letters(tmp_path: Path) -> None:
    with data(
        tmp_path, "CREATE VIRTUAL TABLE s USING fts5 (b, content = '', detail = none, tokenize = 'trigram')"
    ) as one:
        one.executemany("INSERT INTO s (rowid, b) VALUES (?, ?)", [(1, "bob quu"), (2, "ann")])
        nobody = remains.find(tmp_path, JANE)
        one.execute("INSERT INTO s (rowid, b) VALUES (3, 'Jane QUUXLEY')")
        found = remains.find(tmp_path, JANE)
        one.execute("INSERT INTO s (s, rowid, b) VALUES ('delete', 3, 'Jane QUUXLEY')")
        unmerged = remains.find(tmp_path, JANE)

    assert nobody == {}
    assert found["search"] == unmerged["search"] == ["mail.db: s_data"]


def test_a_person_is_found_in_other_files_and_backups(tmp_path: Path) -> None:
    (tmp_path / "server.log").write_text("mail from Jane.Quux@acme.example refused\n")
    backup = tmp_path / "backups"
    backup.mkdir()
    with data(backup) as connection:
        connection.execute("INSERT INTO t (value) VALUES ('jane.quux@acme.example')")

    found = remains.find(tmp_path, JANE)

    assert found["file"] == ["server.log"]
    assert found["row"] == ["backups/mail.db: t.value"]


def test_nobody_is_found_where_nobody_is(tmp_path: Path) -> None:
    with data(tmp_path) as connection:
        connection.execute("INSERT INTO t (value) VALUES (?)", (zlib.compress(b"To: janet@acme.example"),))

    assert remains.find(tmp_path, JANE) == {}
