"""The pieces of the description: arguments in a body and in a query, problems, the key for repeats."""

from __future__ import annotations

from typing import Any

import pytest

from multimail.surfaces.http.openapi import document


def call(name: str, method: str = "post") -> Any:
    return document()["paths"][f"/v1/{name}"][method]


def parameters(name: str, method: str = "get") -> dict[str, Any]:
    return {one["name"]: one for one in call(name, method)["parameters"]}


def test_a_body_is_required_where_a_field_is() -> None:
    assert call("send_email")["requestBody"]["required"] is True
    assert call("list_keys")["requestBody"]["required"] is False


def test_arguments_of_a_query_are_never_null_and_objects_are_json_text() -> None:
    found = parameters("check_inbox")

    assert found["limit"]["schema"]["maximum"] == 10_000
    assert found["mailbox"]["schema"]["type"] == "string"
    assert found["tags"]["schema"]["type"] == "array"
    assert "application/json" in found["filter"]["content"]
    assert not any(one["required"] for one in found.values())
    assert parameters("get_thread")["thread_id"]["required"]


def test_what_get_fixes_cannot_be_said_there() -> None:
    assert "mark_read" not in parameters("read_email")
    assert "get" not in document()["paths"]["/v1/send_email"]


@pytest.mark.parametrize(("name", "there"), [("send_email", True), ("check_inbox", False)])
def test_a_call_that_can_be_made_repeatable_takes_the_header(name: str, there: bool) -> None:
    assert ("Idempotency-Key" in parameters(name, "post")) is there


def test_the_scope_is_named() -> None:
    assert call("decide_email")["x-scope"] == "oversight"
    assert "`oversight`" in call("decide_email")["description"]


def test_other_names_stand_in_the_description_of_a_field() -> None:
    fields = document()["components"]["schemas"]["SendEmail"]["properties"]

    assert "Also known as markdown, text_body" in fields["body"]["description"]
    assert "markdown" not in fields
