"""Running a work: one synchronous function on one transaction of one connection."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from inspect import isawaitable
from typing import TypeVar

from multimail.adapters.store import dialect
from multimail.adapters.store.repositories import Transaction
from multimail.adapters.store.tx import Statement

T = TypeVar("T")


def call(
    work: Callable[[Transaction], T], connection: sqlite3.Connection, last: list[Statement] | None = None
) -> T:
    """Run `work`. One that hands back something to await has not run at all: that is an error.

    `last` collects what is to run right before the commit.
    """
    result = work(Transaction(connection, last))
    if isawaitable(result):
        getattr(result, "close", bool)()
        raise TypeError("a work on the store is a plain function, not a coroutine")
    return result


def snapshot(work: Callable[[Transaction], T], connection: sqlite3.Connection) -> T:
    """Run `work` with every statement seeing the same moment of the database."""
    connection.execute(dialect.BEGIN_READ)
    try:
        return call(work, connection)
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
