"""A row of the registry is complete: nothing that a surface, an agent or the reference needs is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from multimail.contract.registry import OPERATIONS
from multimail.core.errors import CODES

if TYPE_CHECKING:
    from multimail.contract.operation import Operation
    from multimail.contract.shapes import Request, View

LONGEST = 200

every_row = pytest.mark.parametrize("row", OPERATIONS, ids=lambda row: row.name)


def undescribed(model: type[Request | View]) -> list[str]:
    return [
        name for name, field in model.model_fields.items() if not field.description and not is_hidden(field)
    ]


def is_hidden(field: object) -> bool:
    extra = getattr(field, "json_schema_extra", None)
    return isinstance(extra, dict) and bool(extra.get("hidden"))


def test_names_are_unique_and_say_what_is_done() -> None:
    names = [row.name for row in OPERATIONS]

    assert len(set(names)) == len(names)
    assert [name for name in names if not name.isidentifier() or name != name.lower()] == []


@every_row
def test_a_row_tells_an_agent_what_it_does_in_a_sentence_or_two(row: Operation) -> None:
    assert 20 <= len(row.description) <= LONGEST
    assert row.description.endswith(".")
    assert 1 <= len(row.title.split()) <= 6


@every_row
def test_every_argument_is_described(row: Operation) -> None:
    assert undescribed(row.request) == []


@every_row
def test_a_row_names_the_errors_it_can_answer(row: Operation) -> None:
    assert len(row.problems) == len(set(row.problems)) > 0
    assert set(row.problems) - CODES.keys() == set()


@every_row
def test_every_example_is_a_valid_call(row: Operation) -> None:
    assert row.examples
    assert all(row.request.parse(dict(example.arguments)) for example in row.examples)


@every_row
def test_positional_fields_are_fields_and_aliases_are_not(row: Operation) -> None:
    fields = row.request.model_fields.keys()

    assert set(row.positional) - fields == set()
    assert {alias for names in row.request.ALIASES.values() for alias in names} & fields == set()


@every_row
def test_a_row_is_offered_somewhere(row: Operation) -> None:
    assert row.surfaces
    assert row.surfaces <= {"mcp", "cli", "rest"}
