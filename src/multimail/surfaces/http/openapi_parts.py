"""Pieces that the description of every route has: what it is, what it takes, what it answers."""

from __future__ import annotations

from typing import Any, Final

from multimail.contract.operation import Operation
from multimail.contract.streams import Stream
from multimail.surfaces.http import names
from multimail.surfaces.http.name_schemas import Schema
from multimail.surfaces.http.openapi_answers import EVERYWHERE, WITH_BODY, WRITING, headers, refusals
from multimail.surfaces.http.schemas import without_null

Node = dict[str, Any]

KEY: Final[Node] = {
    "name": "Idempotency-Key", "in": "header", "description": "As the field idempotency_key.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!#-~]+$"},
}  # fmt: skip


def head(row: Operation | Stream, name: str, description: str, tag: str) -> Node:
    told = f"{description}\n\nNeeds the scope `{row.scope}`."
    return {
        "operationId": name,
        "summary": row.title,
        "description": told,
        "tags": [tag],
        "x-scope": str(row.scope),
    }


def body(schema: Schema, examples: Node, fields: Schema) -> Node:
    content: Node = {"schema": schema, **({"examples": examples} if examples else {})}
    return {"required": bool(fields.get("required")), "content": {"application/json": content}}


def examples_of(row: Operation) -> Node:
    """As canonical arguments, whatever spelling an example shows."""
    return {
        example.title: {
            "value": row.request.parse(dict(example.arguments)).model_dump(mode="json", exclude_unset=True)
        }
        for example in row.examples
    }


def answer_of(schema: Schema, *told: str) -> Node:
    return {
        "description": "The answer.", "headers": headers(*told), "content": {"application/json": {"schema": schema}},
    }  # fmt: skip


def problems_of(row: Operation, *, with_body: bool, more: tuple[str, ...] = ()) -> Node:
    codes = {*EVERYWHERE, *row.problems, *more, *(WITH_BODY if with_body else ())}
    return refusals(codes | set(() if row.read_only else WRITING), names.ON_ERROR.get(row.name))


def query(schema: Schema) -> list[Node]:
    """Arguments in the query: a list is a name several times, an object is JSON text."""
    required = schema.get("required", ())
    return [_parameter(name, field, name in required) for name, field in schema.get("properties", {}).items()]


def _parameter(name: str, field: Schema, required: bool) -> Node:
    whole = without_null(field)
    description = whole.pop("description", "")
    found: Node = {"name": name, "in": "query", "description": description, "required": required}
    kinds = {one.get("type") for one in whole.get("anyOf", [whole])}
    if "object" in kinds:
        return {**found, "content": {"application/json": {"schema": whole}}}
    return {**found, "schema": whole}


def in_path(name: str, description: str) -> Node:
    schema = {"type": "string", "minLength": 1, "maxLength": 320}
    return {"name": name, "in": "path", "description": description, "required": True, "schema": schema}
