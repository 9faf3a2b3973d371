"""Schemas say what is sent: no nulls where a field is left out, canonical names, and once more with all names."""

from __future__ import annotations

from typing import Any

import pytest

from multimail.contract.reading import CheckInbox, MessageList
from multimail.contract.sending import SendEmail
from multimail.contract.shapes import Request, View
from multimail.surfaces.http.schemas import Schemas, clean, without, without_null


@pytest.fixture(scope="module")
def schemas() -> Schemas:
    return Schemas([CheckInbox, SendEmail], [MessageList])


def test_a_field_that_is_left_out_is_neither_null_nor_required(schemas: Schemas) -> None:
    row = schemas.all["MessageRow"]

    assert row["properties"]["scheduled_at"] == {"type": "string", "format": "date-time"}
    assert "scheduled_at" not in row["required"]
    assert "subject" in row["required"]


def test_the_form_with_all_names_refers_to_such_forms(schemas: Schemas) -> None:
    named = schemas.all["MessageList.named"]["properties"]

    assert schemas.ref(MessageList, named=True) == {"$ref": "#/components/schemas/MessageList.named"}
    assert schemas.ref(MessageList, named=False) == {"$ref": "#/components/schemas/MessageList"}
    assert (
        named["emails"]["items"]
        == named["messages"]["items"]
        == {"$ref": "#/components/schemas/MessageRow.named"}
    )


def test_a_view_without_further_names_has_one_form() -> None:
    class Plain(View):
        size: int

    found = Schemas([], [Plain])

    assert [*found.all] == ["Plain"]
    assert found.ref(Plain, named=True) == {"$ref": "#/components/schemas/Plain"}


def test_a_field_may_have_the_name_of_a_key_that_is_left_out() -> None:
    class Named(Request):
        title: str = ""

    assert "title" in Schemas([Named], []).of(Named)["properties"]
    assert clean({"title": "x", "properties": {"title": {"title": "y", "type": "string"}}}) == {
        "properties": {"title": {"type": "string"}}
    }


@pytest.mark.parametrize(
    ("schema", "kept"),
    [
        ({"anyOf": [{"type": "string"}, {"type": "null"}], "default": None}, {"type": "string"}),
        (
            {"anyOf": [{"type": "string"}, {"type": "integer"}, {"type": "null"}]},
            {"anyOf": [{"type": "string"}, {"type": "integer"}]},
        ),
        ({"type": "integer", "default": 3}, {"type": "integer", "default": 3}),
    ],
)
def test_null_is_taken_out(schema: dict[str, Any], kept: dict[str, Any]) -> None:
    assert without_null(schema) == kept


def test_fields_are_taken_out_and_required_with_them() -> None:
    schema = {"properties": {"a": {}, "b": {}}, "required": ["a"]}

    assert without(schema, ["a"]) == {"properties": {"b": {}}}
    assert without(schema, ["b"]) == {"properties": {"a": {}}, "required": ["a"]}
