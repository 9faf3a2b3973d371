"""SQL is spoken in adapters/store and nowhere else."""

from __future__ import annotations

import re

from tests.architecture.sources import sources

STORE = "src/multimail/adapters/store/"
SQL = re.compile(
    r"\b(?:SELECT\b.+\bFROM|INSERT (?:OR \w+ )?INTO|UPDATE \w+ SET|DELETE FROM|CREATE (?:TABLE|INDEX|TRIGGER)"
    r"|PRAGMA \w+|BEGIN IMMEDIATE|SAVEPOINT \w+)\b",
    re.DOTALL,
)


def test_only_the_store_has_sql() -> None:
    elsewhere = (source for source in sources("src") if not source.name.startswith(STORE))
    found = [
        (source.name, line) for source in elsewhere for line, text in source.strings() if SQL.search(text)
    ]

    assert found == []


def test_the_pattern_knows_sql_and_leaves_prose_alone() -> None:
    assert SQL.search("SELECT id\n  FROM message")
    assert not SQL.search("Select one from the list, then update it.")
