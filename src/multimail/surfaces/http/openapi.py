"""The description of the HTTP API (OpenAPI 3.1), made from the rows of the contract and from nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

import multimail
from multimail.contract.events import EventBody
from multimail.contract.operation import REST, Operation
from multimail.contract.registry import OPERATIONS, operation
from multimail.contract.resource import asked_by_get
from multimail.contract.resources import RESOURCES
from multimail.contract.streams import STREAMS, Stream
from multimail.surfaces.http import openapi_answers
from multimail.surfaces.http.name_schemas import REF
from multimail.surfaces.http.openapi_answers import EVERYWHERE, WITH_BODY, headers, refusals
from multimail.surfaces.http.openapi_parts import (
    KEY,
    Node,
    answer_of,
    body,
    examples_of,
    head,
    problems_of,
    query,
)
from multimail.surfaces.http.openapi_resources import resource_node
from multimail.surfaces.http.schemas import Schemas, clean, without

_ABOUT: Final = (
    "Mailboxes for agents and programs, with people in the loop.\n\n"
    "Every operation answers at `POST /v1/{operation}`, and those that change nothing at GET too; answers there carry "
    "every name a field goes by. The resource routes carry canonical names only. Fields are described under their "
    "canonical names; the other names in their descriptions are accepted as well.\n\n"
    "Errors are problem details with a stable `code`."
)
_TAGS: Final = {
    "operations": "One route for each operation.",
    "resources": "The same operations as methods on things.",
    "streams": "Files, raw mail and events.",
}


@cache
def document(base_url: str = "") -> Node:
    """The whole description; nobody may change it."""
    rows = [row for row in OPERATIONS if REST in row.surfaces]
    views = [row.view for row in rows] + [row.view for row in STREAMS if row.view is not None]
    schemas = Schemas([row.request for row in rows], views)
    paths: Node = {}
    for path, method, node in _nodes(schemas, rows):
        paths.setdefault(path, {})[method] = node
    schemas.all["Problem"] = openapi_answers.PROBLEM
    schemas.all["EventBody"] = clean(EventBody.model_json_schema())
    return {
        "openapi": "3.1.0",
        "info": {"title": "MultiMail", "version": multimail.__version__, "description": _ABOUT},
        "servers": [{"url": base_url or "/"}],
        "security": [{"bearer": []}, {"apiKey": []}],
        "tags": [{"name": name, "description": text} for name, text in _TAGS.items()],
        "paths": paths,
        "webhooks": {"event": _webhook()},
        "components": {
            "schemas": dict(sorted(schemas.all.items())),
            "responses": openapi_answers.shared(paths),
            "headers": dict(openapi_answers.HEADERS),
            "examples": openapi_answers.examples(),
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "description": "The key of a principal."},
                "apiKey": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "X-API-Key",
                    "description": "The same key.",
                },
            },
        },
    }


@cache
def as_bytes(base_url: str) -> bytes:
    """The description as it is served."""
    return json.dumps(document(base_url), ensure_ascii=False, separators=(",", ":")).encode()


def _nodes(schemas: Schemas, rows: list[Operation]) -> Iterator[tuple[str, str, Node]]:
    for row in rows:
        yield f"/v1/{row.name}", "post", _called(schemas, row)
        fixed = asked_by_get(row)
        if fixed is not None:
            yield f"/v1/{row.name}", "get", _asked(schemas, row, fixed)
    for resource in RESOURCES:
        row = operation(resource.operation)
        if row in rows:
            yield resource.path, resource.method.lower(), resource_node(schemas, resource, row)
    for stream in STREAMS:
        yield stream.path, stream.method.lower(), _stream(schemas, stream)
    yield "/v1/openapi.json", "get", _itself()


def _called(schemas: Schemas, row: Operation) -> Node:
    keyed = "idempotency_key" in row.request.model_fields
    return {
        **head(row, row.name, row.description, "operations"),
        "parameters": [KEY] if keyed else [],
        "requestBody": body(
            {"$ref": f"{REF}{row.request.__name__}"}, examples_of(row), schemas.of(row.request)
        ),
        "responses": {
            "200": answer_of(schemas.ref(row.view, named=True)),
            **problems_of(row, with_body=True),
        },
    }


def _asked(schemas: Schemas, row: Operation, fixed: Mapping[str, Any]) -> Node:
    return {
        **head(row, f"get_{row.name}", row.description, "operations"),
        "parameters": query(without(schemas.of(row.request), fixed)),
        "responses": {
            "200": answer_of(schemas.ref(row.view, named=True)),
            **problems_of(row, with_body=False),
        },
    }


def _stream(schemas: Schemas, stream: Stream) -> Node:
    kind = "object" if stream.gives == "application/json" else "string"
    content: Node = {stream.gives: {"schema": {"type": kind}}} if stream.gives else {}
    if stream.view is not None:
        content = {"application/json": {"schema": schemas.ref(stream.view, named=False)}}
    is_file = bool(stream.gives) and stream.method == "GET" and not stream.gives.startswith("text/")
    answer = {
        "description": stream.title,
        "headers": headers(*(("ETag", "Content-Disposition") if is_file else ())),
        "content": content,
    }
    codes = {*EVERYWHERE, *stream.problems, *(WITH_BODY if stream.takes else ())}
    found: Node = {
        **head(stream, stream.name, stream.description, "streams"),
        "parameters": [
            {
                "name": one.name, "in": one.place, "description": one.description, "required": one.place == "path",
                "schema": dict(one.schema), **({"explode": False} if one.schema["type"] == "array" else {}),
            }
            for one in stream.parameters
        ],
        "responses": {str(stream.status): answer, **refusals(codes)},
    }  # fmt: skip
    if stream.takes:
        found["requestBody"] = {
            "required": True, "content": {stream.takes: {"schema": {"type": "string", "format": "binary"}}},
        }  # fmt: skip
    return found


def _itself() -> Node:
    return {
        "operationId": "openapi",
        "summary": "This description",
        "tags": ["streams"],
        "responses": {
            "200": {
                "description": "OpenAPI 3.1.", "headers": headers(),
                "content": {"application/json": {"schema": {"type": "object"}}},
            },
            **refusals(EVERYWHERE),
        },
    }  # fmt: skip


def _webhook() -> Node:
    return {
        "post": {
            "summary": "An event",
            "description": "What a subscription is sent: the same body as list_events gives, signed.",
            "requestBody": {"content": {"application/json": {"schema": {"$ref": f"{REF}EventBody"}}}},
            "responses": {"2XX": {"description": "Taken."}, "410": {"description": "Send no more."}},
        }
    }
