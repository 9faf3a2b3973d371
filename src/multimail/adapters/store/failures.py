"""What an error of the database means to a caller: one table from SQLite's codes to problems."""

from __future__ import annotations

import errno
import re
import sqlite3
from typing import Final

from multimail.core.errors import CODES, Problem

_RAISED: Final = re.compile(r"([a-z_]+):([a-z_]+)\.([a-z_]+)")

# By primary result code, the part of `sqlite_errorname` before any extension.
_PROBLEMS: Final[dict[str, tuple[str, str]]] = {
    "FULL": ("storage_full", "The disk is full; nothing was changed."),
    "BUSY": ("busy", "Another process keeps the data file locked."),
    "LOCKED": ("busy", "Another process keeps the data file locked."),
    "IOERR": ("storage_failed", "The data file could not be read or written."),
    "CORRUPT": ("storage_failed", "The data file is damaged."),
    "NOTADB": ("storage_failed", "The data file is not a database."),
    "CANTOPEN": ("storage_failed", "The data file could not be opened."),
    "READONLY": ("storage_failed", "The data file cannot be written to."),
    "PERM": ("storage_failed", "The data file cannot be used with these rights."),
    "NOMEM": ("storage_failed", "There was not enough memory to use the data file."),
}


def is_busy(error: BaseException) -> bool:
    """Whether another connection's lock outlasted the busy time-out."""
    return isinstance(error, sqlite3.Error) and _primary(error) in {"BUSY", "LOCKED"}


def of_work(error: BaseException) -> BaseException:
    """What the caller of one work is told: a problem where the table has one, else the error itself.

    A guard's refusal carries `code:table.column` as its text. A key that exists already means that somebody
    else was first, unless the work caught that itself.
    """
    if isinstance(error, StopIteration):
        # A future cannot carry it.
        return _caused(RuntimeError("a work raised StopIteration"), error)
    if not isinstance(error, sqlite3.Error):
        return error
    name = getattr(error, "sqlite_errorname", "") or ""
    if name == "SQLITE_CONSTRAINT_TRIGGER":
        return _refused_by_guard(error)
    if name in {"SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"}:
        return _caused(Problem("conflict", "Somebody else wrote the same thing first."), error)
    row = _PROBLEMS.get(_primary(error))
    return _caused(Problem(*row), error) if row else error


def of_group(error: BaseException) -> BaseException:
    """What every caller of a group is told when the transaction itself failed: always a problem.

    Whether a commit that failed for lack of a working disk survives a later crash is not known to anybody;
    the same request with its idempotency key is the way to find out.
    """
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return _caused(Problem(*_PROBLEMS["FULL"]), error)
    if isinstance(error, sqlite3.Error):
        row = _PROBLEMS.get(_primary(error), ("storage_failed", "The data file could not be written."))
        return _caused(Problem(*row), error)
    if isinstance(error, Problem):
        return _caused(Problem(error.code, error.message, advice=error.advice), error)
    return _caused(Problem("storage_failed"), error)


def _refused_by_guard(error: sqlite3.Error) -> BaseException:
    match = _RAISED.fullmatch(str(error))
    if match is None or match[1] not in CODES:
        return error
    code, table, column = match.groups()
    return _caused(Problem(code, CODES[code].meaning, table=table, column=column), error)


def _primary(error: sqlite3.Error) -> str:
    name = getattr(error, "sqlite_errorname", "") or ""
    return name.removeprefix("SQLITE_").split("_", 1)[0]


def _caused(problem: BaseException, cause: BaseException) -> BaseException:
    problem.__cause__ = cause
    return problem
