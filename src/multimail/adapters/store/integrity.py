"""Asking SQLite whether a data file is whole, without changing anything about it."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Final

from multimail.adapters.store import dialect

_SHOWN: Final = 5


def faults(path: Path) -> list[str]:
    """What is wrong with the file, in SQLite's words; empty when nothing is. Reads all of it."""
    try:
        connection = dialect.connect_reader(path)
        try:
            found = [str(row[0]) for row in connection.execute(f"PRAGMA quick_check({_SHOWN})")]
            dangling = connection.execute("PRAGMA foreign_key_check").fetchmany(_SHOWN)
        finally:
            connection.close()
    except sqlite3.Error as error:
        return [str(error)]
    return [one for one in found if one != "ok"] + [
        f"a row of {row[0]} refers to nothing" for row in dangling
    ]
