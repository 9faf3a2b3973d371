"""The resource routes in the description: what the path stands for is taken out of the operation's arguments, and
the answer is what is left of the operation's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from multimail.contract.operation import Operation
from multimail.contract.resource import Resource
from multimail.surfaces.http.name_schemas import NAMED, REF, Schema
from multimail.surfaces.http.openapi_parts import (
    KEY,
    Node,
    answer_of,
    body,
    head,
    in_path,
    problems_of,
    query,
)
from multimail.surfaces.http.schemas import Schemas, without

_VARIABLE: Final = re.compile(r"{(\w+)}")


def resource_node(schemas: Schemas, resource: Resource, row: Operation) -> Node:
    variables = _VARIABLE.findall(resource.path)
    taken = {*resource.fixed, *_placed(resource, row, variables)}
    schema = without(schemas.of(row.request), taken)
    path = _VARIABLE.sub(r"by_\1", resource.path).strip("/").replace("/", "_")
    name = f"{resource.method.lower()}_{path}"
    parameters = [in_path(one, f"{one}, as the path says.") for one in variables]
    parameters += [] if resource.takes_body else query(schema)
    parameters += [_included(resource)] if resource.include else []
    parameters += [KEY] if resource.takes_body and "idempotency_key" in row.request.model_fields else []
    told = [*(["Location"] if resource.location else []), *([] if resource.takes_body else ["Link"])]
    answer = answer_of(_chosen(schemas, resource, row), *told)
    found: Node = {
        **head(row, name, resource.summary, "resources"),
        "parameters": parameters,
        "responses": {
            str(resource.status): answer,
            **({"200": answer} if resource.may_exist else {}),
            **problems_of(row, with_body=resource.takes_body, more=("not_found",) if resource.chosen else ()),
        },
    }
    if resource.takes_body:
        found["requestBody"] = body(schema, {}, schema)
    return found


def _included(resource: Resource) -> Node:
    choices: Node = {"type": "array", "items": {"type": "string", "enum": [*resource.include]}}
    return {
        "name": "include",
        "in": "query",
        "description": "What else is wanted.",
        "explode": False,
        "schema": choices,
    }


def _placed(resource: Resource, row: Operation, variables: list[str]) -> Iterator[str]:
    """Fields that the path stands for."""
    other = {alias: name for name, aliases in row.request.ALIASES.items() for alias in aliases}
    for name in variables:
        parameter = resource.parameters.get(name)
        if parameter is None:
            yield other.get(name, name)
        else:
            yield from (parameter.field, parameter.otherwise)


def _chosen(schemas: Schemas, resource: Resource, row: Operation) -> Schema:
    """The schema of what is left of an operation's answer."""
    if resource.include:
        return _brief(schemas, resource, row)
    if resource.chosen is None:
        return schemas.ref(row.view, named=False)
    listed = schemas.of(row.view)["properties"][resource.chosen.of]["items"]
    if resource.chosen.again:
        named: Schema = {"$ref": f"{listed['$ref']}{NAMED}"}
        again = {
            "type": "object",
            "properties": {resource.chosen.again: named},
            "required": [resource.chosen.again],
        }
        return {"allOf": [named, again]}
    if resource.fields:
        whole = schemas.all[listed["$ref"].removeprefix(REF)]
        return without(whole, set(whole["properties"]) - set(resource.fields))
    return dict(listed)


def _brief(schemas: Schemas, resource: Resource, row: Operation) -> Schema:
    """What has to be asked for may be missing."""
    schema = schemas.of(row.view)
    fields = dict(schema["properties"])
    for extra in resource.include.values():
        item = schemas.all[fields[extra.of]["items"]["$ref"].removeprefix(REF)]
        required = [name for name in item["required"] if name not in extra.fields]
        fields[extra.of] = {**fields[extra.of], "items": {**item, "required": required}}
    return {**schema, "properties": fields}
