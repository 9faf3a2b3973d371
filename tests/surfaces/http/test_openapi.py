"""The description of the API holds every route there is, and is valid as OpenAPI 3.1."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from jsonschema_rs import Draft202012Validator, meta

from multimail.contract.operation import REST
from multimail.contract.registry import OPERATIONS
from multimail.contract.streams import STREAMS
from multimail.surfaces.http.openapi import as_bytes, document
from tests.support.rest import Front

pytestmark = pytest.mark.anyio
DRAFT = "https://json-schema.org/draft/2020-12/schema"


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in the document."""
    if isinstance(value, dict):
        yield value
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from nodes(one)


def found(path: str) -> Any:
    node: Any = document()
    for step in path.removeprefix("#/").split("/"):
        node = node[step]
    return node


def test_every_reference_leads_somewhere_and_every_schema_is_one() -> None:
    references = {one["$ref"] for one in nodes(document()) if isinstance(one.get("$ref"), str)}

    assert len(references) > 100
    assert all(found(one) is not None for one in references)
    components = document()["components"]
    for schema in components["schemas"].values():
        meta.validate({"$schema": DRAFT, **schema})
    every = [{"$ref": f"#/components/schemas/{name}"} for name in components["schemas"]]
    Draft202012Validator({"allOf": every, "components": components})


def test_every_operation_and_stream_is_described_once() -> None:
    calls = [one for methods in document()["paths"].values() for one in methods.values()]
    names = [one["operationId"] for one in calls]

    assert len(names) == len(set(names))
    assert {row.name for row in OPERATIONS if REST in row.surfaces} | {row.name for row in STREAMS} <= set(
        names
    )
    assert all(one["summary"] and one["responses"] for one in calls)


def test_a_program_that_reads_descriptions_reads_this_one() -> None:
    schema: Any = schemathesis.openapi.from_dict(dict(document()))

    assert len([one.ok() for one in schema.get_all_operations()]) > 100


@pytest.mark.parametrize("name", [row.name for row in OPERATIONS if REST in row.surfaces])
def test_examples_are_valid_arguments(name: str) -> None:
    body = document()["paths"][f"/v1/{name}"]["post"]["requestBody"]["content"]["application/json"]
    checked = Draft202012Validator(body["schema"] | {"components": document()["components"]})

    assert body["examples"]
    assert [
        error.message for one in body["examples"].values() for error in checked.iter_errors(one["value"])
    ] == []


def test_both_ways_to_bring_a_key_are_named_and_one_is_needed() -> None:
    assert document()["security"] == [{"bearer": []}, {"apiKey": []}]
    assert document()["components"]["securitySchemes"]["apiKey"]["name"] == "X-API-Key"


def test_an_event_is_described_as_webhooks_get_it() -> None:
    event = document()["components"]["schemas"]["EventBody"]

    assert {"event", "type", "id", "message_id", "from", "to"} <= set(event["required"])
    assert document()["webhooks"]["event"]["post"]["requestBody"]


async def test_it_is_served_to_whoever_has_a_key(api: Front) -> None:
    answer = await api.ask("GET", "/v1/openapi.json", "viewer")

    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert answer.content == as_bytes("http://127.0.0.1:8025")
    assert not re.search(r"/work|localhost:\d", answer.text)
