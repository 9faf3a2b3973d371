"""Statements on one connection."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest

from multimail.adapters.store.tx import Statement, Tx
from multimail.core.errors import Problem


@pytest.fixture
def tx() -> Iterator[Tx]:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.row_factory = sqlite3.Row
    connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT UNIQUE)")
    yield Tx(connection)
    connection.close()


def test_rows_come_back_by_name_and_in_order(tx: Tx) -> None:
    tx.many("INSERT INTO t (v) VALUES (:v)", [{"v": "a"}, {"v": "b"}])
    row = tx.one("SELECT * FROM t WHERE v = :v", v="b")

    assert row is not None
    assert (row["id"], row["v"]) == (2, "b")
    assert [row["v"] for row in tx.all("SELECT v FROM t ORDER BY id DESC")] == ["b", "a"]


def test_no_row_is_none_or_no_rows(tx: Tx) -> None:
    assert tx.one("SELECT * FROM t") is None
    assert tx.value("SELECT v FROM t") is None
    assert tx.all("SELECT * FROM t") == []


def test_an_insert_gives_the_row_id_and_a_change_the_number_of_rows(tx: Tx) -> None:
    assert [tx.insert("INSERT INTO t (v) VALUES (:v)", v=v) for v in "ab"] == [1, 2]
    assert tx.run("UPDATE t SET v = v || '!'") == 2
    assert tx.run("INSERT INTO t (v) VALUES ('a!') ON CONFLICT DO NOTHING") == 0


def test_a_returned_row_leaves_the_statement_finished(tx: Tx) -> None:
    tx.many("INSERT INTO t (v) VALUES (:v)", [{"v": "a"}, {"v": "b"}])
    tx.run("BEGIN")
    assert tx.value("UPDATE t SET v = v || '!' RETURNING id") == 1
    tx.run("COMMIT")

    assert tx.value("SELECT count(*) FROM t WHERE v LIKE '%!'") == 2


@pytest.mark.parametrize("count", [0, 1, 2, 15, 16, 17, 32, 107])
def test_rows_spread_over_statements_are_all_written_in_their_order(tx: Tx, count: int) -> None:
    rows = [(count - number, f"v{number}") for number in range(count)]
    sql = "INSERT INTO t (id, v) VALUES :rows RETURNING id"

    assert [row["id"] for row in tx.spread(sql, rows)] == [row[0] for row in rows]
    assert [tuple(row) for row in tx.all("SELECT id, v FROM t ORDER BY id DESC")] == rows


def test_rows_spread_over_statements_see_those_before_them(tx: Tx) -> None:
    rows = [(f"v{number % 5}",) for number in range(70)]
    made = tx.spread("INSERT INTO t (v) VALUES :rows ON CONFLICT DO NOTHING RETURNING v", rows)

    assert [row["v"] for row in made] == ["v0", "v1", "v2", "v3", "v4"]


def test_rows_spread_at_commit_wait_for_it(tx: Tx) -> None:
    last: list[Statement] = []
    connection = tx._connection
    Tx(connection, last).spread_at_commit("INSERT INTO t (v) VALUES :rows", [("a",), ("b",), ("c",)])
    assert tx.value("SELECT count(*) FROM t") == 0

    for statement in last:
        connection.execute(*statement)
    assert [row["v"] for row in tx.all("SELECT v FROM t ORDER BY id")] == ["a", "b", "c"]


def test_what_is_kept_for_the_commit_runs_at_once_where_nobody_collects_it(tx: Tx) -> None:
    tx.at_commit("INSERT INTO t (v) VALUES (:v)", v="a")

    assert tx.value("SELECT v FROM t") == "a"


def test_an_attempt_that_fails_undoes_what_it_wrote_and_nothing_else() -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT UNIQUE)")
    last: list[Statement] = []
    tx = Tx(connection, last)

    def write(value: str, *, fails: bool = False) -> str:
        tx.run("INSERT INTO t (v) VALUES (:v)", v=value)
        tx.at_commit("SELECT :v", v=value)
        if fails:
            raise LookupError(value)
        return value

    tx.run("BEGIN")
    assert tx.attempt(lambda: write("a")) == "a"
    with pytest.raises(LookupError):
        tx.attempt(lambda: write("b", fails=True))
    with pytest.raises(Problem, match="conflict"):
        tx.attempt(lambda: write("a"))
    tx.attempt(lambda: tx.attempt(lambda: write("c")))
    tx.run("COMMIT")

    assert [row[0] for row in tx.all("SELECT v FROM t ORDER BY v")] == ["a", "c"]
    assert [params for _, params in last] == [{"v": "a"}, {"v": "c"}]
    connection.close()


def test_an_attempt_in_a_transaction_that_is_gone_passes_the_error_on(tx: Tx) -> None:
    def ends() -> None:
        tx.run("COMMIT")
        raise LookupError("gone")

    tx.run("BEGIN")
    with pytest.raises(LookupError, match="gone"):
        tx.attempt(ends)
