"""From errors of the database to problems a caller is told."""

from __future__ import annotations

import errno
import sqlite3

import pytest

from multimail.adapters.store import failures
from multimail.core.errors import Problem


def sqlite_error(name: str, text: str = "text") -> sqlite3.Error:
    error = sqlite3.OperationalError(text)
    error.sqlite_errorname = name
    return error


def code(error: BaseException) -> str:
    assert isinstance(error, Problem)
    assert error.__cause__ is not None
    return error.code


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("SQLITE_FULL", "storage_full"),
        ("SQLITE_BUSY", "busy"),
        ("SQLITE_BUSY_SNAPSHOT", "busy"),
        ("SQLITE_IOERR_FSYNC", "storage_failed"),
        ("SQLITE_READONLY_DBMOVED", "storage_failed"),
        ("SQLITE_CORRUPT", "storage_failed"),
        ("SQLITE_CONSTRAINT_UNIQUE", "conflict"),
        ("SQLITE_CONSTRAINT_PRIMARYKEY", "conflict"),
    ],
)
def test_a_work_s_error_has_its_code(name: str, expected: str) -> None:
    assert code(failures.of_work(sqlite_error(name))) == expected


@pytest.mark.parametrize("name", ["SQLITE_ERROR", "SQLITE_CONSTRAINT_CHECK", "SQLITE_CONSTRAINT_NOTNULL"])
def test_a_mistake_of_ours_stays_the_error_it_is(name: str) -> None:
    error = sqlite_error(name)

    assert failures.of_work(error) is error


@pytest.mark.parametrize("text", ["plain words", "no_such_code:messages.status", "busy", "busy:messages"])
def test_a_trigger_that_names_no_code_stays_the_error_it_is(text: str) -> None:
    error = sqlite_error("SQLITE_CONSTRAINT_TRIGGER", text)

    assert failures.of_work(error) is error


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (sqlite_error("SQLITE_FULL"), "storage_full"),
        (sqlite_error("SQLITE_ERROR"), "storage_failed"),
        (OSError(errno.ENOSPC, "no space"), "storage_full"),
        (OSError(errno.EIO, "broken"), "storage_failed"),
        (Problem("storage_newer"), "storage_newer"),
        (RuntimeError("anything"), "storage_failed"),
    ],
)
def test_a_group_s_error_is_always_a_problem(error: Exception, expected: str) -> None:
    assert code(failures.of_group(error)) == expected
