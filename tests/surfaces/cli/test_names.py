"""Every operation has its words on the command line, and each word means one operation."""

from __future__ import annotations

from collections import Counter

from multimail.contract.registry import BY_NAME, OPERATIONS
from multimail.surfaces.cli.names import SHORT, by_name, command_name


def test_short_names_are_of_operations_that_exist() -> None:
    assert set(SHORT) <= set(BY_NAME)


def test_no_two_operations_share_a_word() -> None:
    words = Counter(
        word for row in OPERATIONS for word in {command_name(row), row.name, row.name.replace("_", "-")}
    )

    assert [word for word, count in words.items() if count > 1] == []


def test_an_operation_is_found_by_its_short_name_and_its_own_in_both_spellings() -> None:
    names = by_name()

    assert {names[word].name for word in ("inbox", "check_inbox", "check-inbox")} == {"check_inbox"}
