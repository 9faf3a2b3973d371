"""GET is open for what changes nothing, by nature or by what it fixes."""

from __future__ import annotations

import pytest

from multimail.contract.operation import Effect
from multimail.contract.registry import OPERATIONS, operation
from multimail.contract.resource import READING, asked_by_get
from multimail.contract.resources import RESOURCES


@pytest.mark.parametrize(
    ("name", "fixed"),
    [
        ("check_inbox", {}),
        ("wait_for_email", {}),
        ("read_email", {"mark_read": False}),
        ("manage_contacts", {"action": "search", "upsert": False}),
        ("send_email", None),
        ("freeze", None),
    ],
)
def test_what_get_fixes(name: str, fixed: dict[str, object] | None) -> None:
    assert asked_by_get(operation(name)) == fixed


def test_what_makes_a_reading_of_a_change_are_fields_of_it() -> None:
    for name, fixed in READING.items():
        assert operation(name).effect is not Effect.READ
        assert fixed.keys() <= operation(name).request.model_fields.keys()


def test_every_get_of_a_resource_is_a_reading() -> None:
    for row in RESOURCES:
        known = asked_by_get(operation(row.operation))
        if row.method == "GET":
            assert known is not None
            assert known.items() <= dict(row.fixed).items()


def test_no_operation_that_sends_is_asked_by_get() -> None:
    assert [
        row.name for row in OPERATIONS if row.effect is Effect.SEND and asked_by_get(row) is not None
    ] == []
