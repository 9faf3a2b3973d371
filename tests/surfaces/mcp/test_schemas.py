"""What tools advertise about their arguments and answers."""

from __future__ import annotations

import json
from typing import Any, ClassVar, Literal

import pytest
from pydantic import Field

from multimail.contract.fields import Limit, hidden
from multimail.contract.registry import OPERATIONS
from multimail.contract.shapes import Request, View
from multimail.core.model import Mode
from multimail.surfaces.mcp.schemas import input_schema, output_schema


class File(Request):
    """Not for agents."""

    name: str = Field(default="", max_length=9, description="Its name.")


class Ask(Request):
    """Not for agents either."""

    mode: Mode | None = Field(default=None, description="How.")
    title: str = Field(description="What.", max_length=100)
    files: list[File] = Field(default_factory=list, description="Which.")
    extra: dict[str, str] = Field(default_factory=dict, description="More.")
    either: str | dict[str, Any] | None = Field(default=None, description="Either.")
    keep: bool = Field(default=True, description="Keep it.")
    limit: Limit = 20
    old: str | None = hidden()


class Inner(View):
    """Inside an answer."""

    value: int


class Told(View):
    """An answer."""

    ECHOED: ClassVar = frozenset({"again"})
    again: str = ""
    title: str
    inner: Inner | None = None
    many: list[Inner]
    short: Literal["a", "b"]
    long: Mode


def test_arguments_are_inlined_simple_and_required_ones_come_first() -> None:
    assert input_schema(Ask) == {
        "type": "object",
        "properties": {
            "title": {"type": "string", "description": "What."},
            "mode": {"type": "string", "enum": [mode.value for mode in Mode], "description": "How."},
            "files": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {"name": {"type": "string"}},
                },
                "description": "Which.",
            },
            "extra": {"type": "object", "description": "More."},
            "either": {"anyOf": [{"type": "string"}, {"type": "object"}], "description": "Either."},
            "keep": {"type": "boolean", "default": True, "description": "Keep it."},
            "limit": {
                "type": "integer",
                "minimum": 1,
                "maximum": 100,
                "default": 20,
                "description": "Rows per page.",
            },
        },
        "required": ["title"],
    }
    assert next(iter(input_schema(Ask)["properties"])) == "title"


def test_answers_are_told_one_level_deep_and_promise_nothing_more() -> None:
    assert output_schema(Told) == {
        "type": "object",
        "properties": {
            "title": {"type": "string"},
            "inner": {"type": "object"},
            "many": {"type": "array"},
            "short": {"type": "string", "enum": ["a", "b"]},
            "long": {"type": "string"},
        },
    }


@pytest.mark.parametrize("row", OPERATIONS, ids=lambda row: row.name)
def test_no_schema_rules_out_an_alias_or_refers_elsewhere(row: Any) -> None:
    text = json.dumps([input_schema(row.request), output_schema(row.view)])

    assert [
        word
        for word in ("additionalProperties", "$ref", "$defs", '"null"', '"hidden": true', "mail_text")
        if word in text
    ] == []
