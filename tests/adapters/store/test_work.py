"""Running a work on a connection."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest

from multimail.adapters.store.repositories import Transaction
from multimail.adapters.store.work import call, snapshot


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    opened = sqlite3.connect(":memory:", isolation_level=None)
    yield opened
    opened.close()


def test_a_snapshot_is_a_transaction_and_is_over_afterwards(connection: sqlite3.Connection) -> None:
    assert snapshot(lambda tx: (connection.in_transaction, tx.value("SELECT 7")), connection) == (True, 7)
    assert not connection.in_transaction


def test_a_snapshot_is_over_after_an_error_too(connection: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        snapshot(lambda tx: tx.all("SELECT * FROM nowhere"), connection)

    assert not connection.in_transaction


def test_a_work_that_would_have_to_be_awaited_is_an_error_and_never_runs(
    connection: sqlite3.Connection,
) -> None:
    ran: list[Transaction] = []

    async def work(tx: Transaction) -> None:
        ran.append(tx)

    with pytest.raises(TypeError, match="plain function"):
        _ = call(work, connection)
    assert ran == []


def test_every_call_has_a_transaction_object_of_its_own(connection: sqlite3.Connection) -> None:
    first, second = call(lambda tx: tx, connection), call(lambda tx: tx, connection)

    assert first is not second
