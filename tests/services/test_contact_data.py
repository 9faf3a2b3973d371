"""What may be stored of a contact."""

from __future__ import annotations

from typing import Any

import pytest

from multimail.core.errors import Problem
from multimail.services.contact_data import (
    MAX_DEPTH,
    MAX_METADATA,
    MAX_NAME,
    check_metadata,
    checked_name,
    fault_of,
)

CIRCLE: dict[str, Any] = {}
CIRCLE["again"] = CIRCLE


def nested(levels: int) -> dict[str, Any]:
    value: Any = "x"
    for _ in range(levels):
        value = {"in": value}
    assert isinstance(value, dict)
    return value


@pytest.mark.parametrize(
    ("metadata", "code"),
    [
        ({}, ""),
        ({"a": [1, 2.5, None, True, {"b": "c"}]}, ""),
        (nested(MAX_DEPTH), ""),
        (nested(MAX_DEPTH + 1), "metadata_too_deep"),
        (nested(100_000), "metadata_too_deep"),
        (CIRCLE, "metadata_too_deep"),
        ({"a": float("nan")}, "invalid_metadata"),
        ({"a": "\ud800"}, "invalid_metadata"),
        ({"a": object()}, "invalid_metadata"),
        ({"a": "x" * MAX_METADATA}, "metadata_too_large"),
        ({"a": "x" * 10_000_000}, "metadata_too_large"),
        ({"a": "x" * (MAX_METADATA - 9)}, ""),
    ],
)
def test_data_is_json_of_a_bounded_size_and_depth(metadata: dict[str, Any], code: str) -> None:
    assert fault_of(metadata) == code
    if not code:
        check_metadata(metadata)
        return
    with pytest.raises(Problem) as caught:
        check_metadata(metadata)
    assert (caught.value.code, caught.value.field) == ("invalid", "metadata")
    assert len(caught.value.message) < 100


def test_a_name_is_one_line() -> None:
    assert checked_name("  Ann Smith ") == "Ann Smith"
    for wrong in ("Ann\nBcc: x", "a\x07b", "x" * (MAX_NAME + 1)):
        with pytest.raises(Problem) as caught:
            checked_name(wrong)
        assert caught.value.field == "name"
