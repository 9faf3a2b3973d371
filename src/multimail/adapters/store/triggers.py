"""Guards: what the lifecycle tables refuse, refused by the database as well.

The DDL is generated from tables, compared with what the file holds at every start, and written again when it
differs: rebuilding a table in a migration drops its triggers silently. A refusal is an abort whose text is
`code:table.column`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from multimail.adapters.store import dialect

LEGAL: Final = (
    "CREATE TABLE IF NOT EXISTS legal (guard TEXT NOT NULL, old TEXT NOT NULL, new TEXT NOT NULL,"
    " PRIMARY KEY (guard, old, new)) STRICT, WITHOUT ROWID"
)
"""The moves, readable in the file itself. A birth is a move from the empty string."""

Move = tuple[str, str, str]


class Guard(Protocol):
    """Some triggers, by name, and the rows of `legal` they look at."""

    def triggers(self) -> dict[str, str]: ...

    def moves(self) -> frozenset[Move]: ...


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """`column` of `table` is born and moves only as the table says; writing the same value again is no move.

    `when` narrows the guard to some rows by a predicate over NEW; then `name` tells several guards of one
    column apart, and what `when` reads needs a `WriteOnce`.
    """

    table: str
    column: str
    births: frozenset[str]
    steps: Mapping[str, frozenset[str]]
    when: str = ""
    name: str = ""

    def triggers(self) -> dict[str, str]:
        guard = self._guard()
        only = f"({self.when}) AND " if self.when else ""
        refuse = _refuse("illegal_move", self.table, self.column)
        known = f"SELECT 1 FROM legal WHERE guard = '{guard}' AND new = NEW.{self.column} AND old = "
        stem = "guard_" + guard.replace(".", "_").replace(":", "_")
        return {
            f"{stem}_birth": f"BEFORE INSERT ON {self.table} WHEN {only}NOT EXISTS ({known}'') {refuse}",
            f"{stem}_move": f"BEFORE UPDATE OF {self.column} ON {self.table} WHEN {only}"
            f"NEW.{self.column} IS NOT OLD.{self.column} AND NOT EXISTS ({known}OLD.{self.column}) {refuse}",
        }

    def moves(self) -> frozenset[Move]:
        guard = self._guard()
        births = {(guard, "", birth) for birth in self.births}
        return frozenset(births | {(guard, old, new) for old, news in self.steps.items() for new in news})

    def _guard(self) -> str:
        return f"{self.table}.{self.column}" + (f":{self.name}" if self.name else "")


@dataclass(frozen=True, slots=True)
class Gate:
    """No row enters a state of `targets`, by birth or by move, unless `allowed` holds.

    `allowed` is a predicate over NEW; NULL counts as no. `when` narrows the gate as it does for a `Lifecycle`: what it
    leaves out costs nothing, for a list of states is put up anew for every row.
    """

    table: str
    column: str
    targets: frozenset[str]
    allowed: str
    name: str
    code: str = "illegal_move"
    when: str = ""

    def triggers(self) -> dict[str, str]:
        targets = ", ".join(f"'{target}'" for target in sorted(self.targets))
        refuse = _refuse(self.code, self.table, self.column)
        only = f"({self.when}) AND " if self.when else ""
        closed = f"{only}NEW.{self.column} IN ({targets}) AND ({self.allowed}) IS NOT TRUE"
        stem = f"guard_{self.table}_{self.name}"
        return {
            f"{stem}_birth": f"BEFORE INSERT ON {self.table} WHEN {closed} {refuse}",
            f"{stem}_move": f"BEFORE UPDATE OF {self.column} ON {self.table} WHEN {closed} {refuse}",
        }

    def moves(self) -> frozenset[Move]:
        return frozenset()


@dataclass(frozen=True, slots=True)
class WriteOnce:
    """`columns` keep the value they were given, except where `unless`, a predicate over OLD and NEW, holds."""

    table: str
    columns: tuple[str, ...]
    unless: str = ""
    code: str = "conflict"

    def triggers(self) -> dict[str, str]:
        return {f"guard_{self.table}_{column}_once": self._trigger(column) for column in self.columns}

    def moves(self) -> frozenset[Move]:
        return frozenset()

    def _trigger(self, column: str) -> str:
        free = f" AND ({self.unless}) IS NOT TRUE" if self.unless else ""
        return (
            f"BEFORE UPDATE OF {column} ON {self.table} WHEN NEW.{column} IS NOT OLD.{column}{free} "
            + _refuse(self.code, self.table, column)
        )


def differ(connection: sqlite3.Connection, guards: Sequence[Guard]) -> bool:
    """Whether the file's guards are others than those of `guards`."""
    return _found(connection) != _wanted(guards)


def install(connection: sqlite3.Connection, guards: Sequence[Guard]) -> None:
    """Make the file's guards those of `guards`, in one transaction."""
    triggers, moves = _wanted(guards)
    connection.execute(dialect.BEGIN_WRITE)
    try:
        for name in _found(connection)[0]:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(LEGAL)
        connection.execute("DELETE FROM legal")
        connection.executemany("INSERT INTO legal VALUES (?, ?, ?)", sorted(moves))
        for text in triggers.values():
            connection.execute(text)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _wanted(guards: Sequence[Guard]) -> tuple[dict[str, str], frozenset[Move]]:
    parts = [(name, text) for guard in guards for name, text in guard.triggers().items()]
    triggers = {name: f"CREATE TRIGGER {name} {text}" for name, text in parts}
    if len(triggers) != len(parts):
        raise ValueError("two guards have triggers of one name")
    return triggers, frozenset(move for guard in guards for move in guard.moves())


def _found(connection: sqlite3.Connection) -> tuple[dict[str, str], frozenset[Move]]:
    triggers: dict[str, str] = {}
    legal = False
    # 'guard_' with the underscore taken literally.
    for kind, name, text in connection.execute(
        "SELECT type, name, sql FROM sqlite_schema"
        " WHERE (type = 'trigger' AND name LIKE 'guard@_%' ESCAPE '@') OR (type = 'table' AND name = 'legal')"
    ):
        if kind == "table":
            legal = True
        else:
            triggers[name] = text
    rows = connection.execute("SELECT guard, old, new FROM legal") if legal else ()
    return triggers, frozenset((guard, old, new) for guard, old, new in rows)


def _refuse(code: str, table: str, column: str) -> str:
    return f"BEGIN SELECT RAISE(ABORT, '{code}:{table}.{column}'); END"
