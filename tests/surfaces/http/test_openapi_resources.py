"""Resource routes in the description: the path's part of the arguments, and what is left of the answer."""

from __future__ import annotations

from typing import Any

from multimail.surfaces.http.openapi import document


def call(method: str, path: str) -> Any:
    return document()["paths"][path][method]


def schema(method: str, path: str, status: str = "200") -> Any:
    return call(method, path)["responses"][status]["content"]["application/json"]["schema"]


def test_what_the_path_says_is_no_argument_any_more() -> None:
    reply = call("post", "/v1/messages/{message_id}/reply")
    fields = reply["requestBody"]["content"]["application/json"]["schema"]["properties"]

    assert "message_id" not in fields
    assert "body" in fields
    assert [one["name"] for one in reply["parameters"] if one["in"] == "path"] == ["message_id"]


def test_what_the_route_fixes_is_no_argument_either() -> None:
    fields = call("post", "/v1/contacts")["requestBody"]["content"]["application/json"]["schema"][
        "properties"
    ]

    assert "action" not in fields
    assert "contact_id" not in {one["name"] for one in call("get", "/v1/contacts/{contact}")["parameters"]}


def test_one_of_a_list_is_described_as_itself() -> None:
    assert schema("get", "/v1/mailboxes/{mailbox}") == {"$ref": "#/components/schemas/MailboxView"}
    assert schema("post", "/v1/contacts", "201")["allOf"][0] == {
        "$ref": "#/components/schemas/ContactView.named"
    }
    assert set(schema("get", "/v1/contacts/{contact}/interactions")["properties"]) == {
        "contact_id", "email", "interactions",
    }  # fmt: skip


def test_what_has_to_be_asked_for_may_be_missing() -> None:
    item = schema("get", "/v1/threads/{thread_id}")["properties"]["messages"]["items"]

    assert "body" in item["properties"]
    assert "body" not in item["required"]


def test_statuses_and_headers_are_those_of_the_route() -> None:
    created = call("post", "/v1/contacts")["responses"]

    assert {"200", "201"} <= created.keys()
    assert "Location" in created["201"]["headers"]
    assert "202" in call("post", "/v1/messages")["responses"]
    assert "Link" in call("get", "/v1/messages")["responses"]["200"]["headers"]
