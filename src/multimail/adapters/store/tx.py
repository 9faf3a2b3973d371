"""One transaction on one connection: the only thing through which SQL is run.

A `Tx` lives as long as the call it was handed to, and nothing in it can be awaited, so network under the write
lock cannot be written.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any, Final, TypeVar

from multimail.adapters.store import failures

T = TypeVar("T")
Statement = tuple[str, Mapping[str, Any] | Sequence[Any]]
"""A text and its parameters."""
_AT_ONCE: Final = 16
"""The most rows of one statement. Each number of rows has a text of its own, and all of them stay prepared."""


class Tx:
    """A write transaction or a read snapshot. Parameters are named in the text and bound by keyword."""

    def __init__(self, connection: sqlite3.Connection, last: list[Statement] | None = None) -> None:
        self._connection = connection
        self._last = last

    def one(self, sql: str, **params: Any) -> sqlite3.Row | None:
        row: sqlite3.Row | None = self._connection.execute(sql, params).fetchone()
        return row

    def all(self, sql: str, **params: Any) -> list[sqlite3.Row]:
        return self._connection.execute(sql, params).fetchall()

    def value(self, sql: str, **params: Any) -> Any:
        """The first column of the first row; `None` when there is no row."""
        row = self._connection.execute(sql, params).fetchone()
        return None if row is None else row[0]

    def run(self, sql: str, **params: Any) -> int:
        """The number of rows changed. A statement with RETURNING goes through `one` or `all`."""
        return self._connection.execute(sql, params).rowcount

    def insert(self, sql: str, **params: Any) -> int:
        """The row id of the row just inserted; meaningless when ON CONFLICT kept the row out."""
        return self._connection.execute(sql, params).lastrowid or 0

    def many(self, sql: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """The same statement once per row, in order."""
        self._connection.executemany(sql, rows)

    def at_commit(self, sql: str, **params: Any) -> None:
        """Run a statement after all works of the group, in the order given, and only if this work succeeds.

        For full text: SQLite writes what was indexed so far to the file at every savepoint, which here means one
        small index a work instead of one a group. Nothing in the transaction may read it back.
        """
        if self._last is None:
            self.run(sql, **params)
        else:
            self._last.append((sql, params))

    def function(self, name: str, work: Callable[..., Any]) -> None:
        """Let statements of this connection call `work` with any number of values, until it is named anew."""
        self._connection.create_function(name, -1, work)

    def spread(self, sql: str, rows: Sequence[Sequence[Any]]) -> list[sqlite3.Row]:
        """Run a statement in which `VALUES :rows` stands for all of `rows`, in their order; what it returns.

        For what is written with every mail: `many` would step, and let other threads run, once a row. As long as
        the rows are many it is run for some at a time.
        """
        return [row for part in _spread(sql, rows) for row in self._connection.execute(*part)]

    def spread_at_commit(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """`spread`, at the time of `at_commit`."""
        if self._last is None:
            self.spread(sql, rows)
        else:
            self._last += _spread(sql, rows)

    def attempt(self, work: Callable[[], T]) -> T:
        """Run a part of this transaction. If it raises, what it wrote is undone and nothing else is."""
        mark = len(self._last) if self._last is not None else 0
        self._connection.execute("SAVEPOINT part")
        try:
            result = work()
        except BaseException as error:
            if not self._connection.in_transaction:
                # SQLite has undone everything, as it may when the disk is full.
                raise
            self._connection.execute("ROLLBACK TO part")
            self._connection.execute("RELEASE part")
            if self._last is not None:
                del self._last[mark:]
            problem = failures.of_work(error)
            if problem is error:
                raise
            raise problem from error
        self._connection.execute("RELEASE part")
        return result


def _spread(sql: str, rows: Sequence[Sequence[Any]]) -> Iterator[Statement]:
    for start in range(0, len(rows), _AT_ONCE):
        part = rows[start : start + _AT_ONCE]
        yield _text(sql, len(part[0]), len(part)), list(chain.from_iterable(part))


@lru_cache(maxsize=256)
def _text(sql: str, width: int, size: int) -> str:
    row = f"({', '.join('?' * width)})"
    return sql.replace(":rows", ", ".join([row] * size))
