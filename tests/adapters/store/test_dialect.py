"""SQLite's own ways: lists, JSON, full-text queries and what every connection promises."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multimail.adapters.store import dialect
from multimail.core.errors import Problem

MAIL = [
    "the quick brown fox",
    "the brown quick fox: 100% off",
    "Wo ist die Straße nach Zürich",
    'he said "never" to NOT and OR',
    "user@example.com wrote quickly",
]


@pytest.fixture(scope="module")
def index() -> Iterator[sqlite3.Connection]:
    opened = sqlite3.connect(":memory:")
    opened.execute("CREATE VIRTUAL TABLE mail USING fts5 (text)")
    opened.executemany("INSERT INTO mail VALUES (?)", [[text] for text in MAIL])
    yield opened
    opened.close()


def found(index: sqlite3.Connection, *terms: str) -> list[int]:
    rows = index.execute(
        "SELECT rowid - 1 FROM mail WHERE mail MATCH ? ORDER BY 1", [dialect.fts_query(terms)]
    )
    return [row[0] for row in rows]


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        (["quick"], [0, 1]),
        (["fox", "brown"], [0, 1]),
        (["quick brown"], [0]),
        (["quick*"], [0, 1, 4]),
        (["brown qui*"], [1]),
        (["zurich"], [2]),
        (["NOT"], [3]),
        (["NEAR(a b)"], []),
        (['"never"'], [3]),
        (["user@example.com"], [4]),
        (["text:fox"], []),
        (["fox", "--"], [0, 1]),
        (["fo\0x"], []),
    ],
)
def test_terms_find_what_they_say(index: sqlite3.Connection, terms: list[str], expected: list[int]) -> None:
    assert found(index, *terms) == expected


@given(terms=st.lists(st.text(), max_size=4))
def test_no_text_is_syntax(index: sqlite3.Connection, terms: list[str]) -> None:
    query = dialect.fts_query(terms)

    assert not query or found(index, *terms) is not None


def test_nothing_to_look_for_is_the_empty_query() -> None:
    assert dialect.fts_query(["", "  ", "*", '"', "-- ()"]) == ""


@pytest.mark.parametrize("values", [[], [1], ["a", "it's", '"', "ü"], list(range(5000))])
def test_a_list_of_any_length_is_one_parameter(values: list[str | int]) -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE t (v)")
    connection.executemany("INSERT INTO t VALUES (?)", [[value] for value in [*values, "other", -1]])
    sql = f"SELECT v FROM t WHERE v IN {dialect.in_list('wanted')} ORDER BY rowid"
    rows = connection.execute(sql, {"wanted": dialect.json_list(values)}).fetchall()
    connection.close()

    assert [row[0] for row in rows] == values


@pytest.mark.parametrize("keys", [["city"], ["deep", "er.still"], ["it's"], ["[0]"], ["$"]])
def test_a_field_is_found_under_any_key(keys: list[str]) -> None:
    document: object = "here"
    for key in reversed(keys):
        document = {key: document}
    connection = sqlite3.connect(":memory:")
    row = connection.execute(
        f"SELECT {dialect.json_field('d', 'path')} FROM (SELECT :d AS d)",
        {"d": dialect.json_dump(document), "path": dialect.json_path(keys)},
    ).fetchone()
    connection.close()

    assert row == ("here",)


def test_a_key_that_no_path_can_name_is_refused() -> None:
    with pytest.raises(ValueError, match="double quote"):
        dialect.json_path(['a"b'])


def test_equal_values_give_equal_json() -> None:
    assert dialect.json_dump({"b": [1, None], "a": "ü"}) == dialect.json_dump({"a": "ü", "b": [1, None]})
    assert dialect.json_load(dialect.json_dump({"a": "ü"})) == {"a": "ü"}


def test_a_writer_on_a_file_without_a_write_ahead_log_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="cannot be written safely"):
        dialect.connect_writer(tmp_path / "plain.db")


def test_every_writer_waits_for_the_disk(tmp_path: Path) -> None:
    first = dialect.connect(tmp_path / "mail.db")
    dialect.use_wal(first)
    writer = dialect.connect_writer(tmp_path / "mail.db")
    settings = [
        writer.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("synchronous", "foreign_keys", "busy_timeout")
    ]
    writer.close()
    first.close()

    assert settings == [2, 1, 10_000]


def test_a_file_that_cannot_have_a_write_ahead_log_is_refused() -> None:
    memory = dialect.connect(Path(":memory:"))
    with pytest.raises(Problem, match="cannot share memory"):
        dialect.use_wal(memory)
    memory.close()
