"""The resource routes, from the rows in the contract: canonical names, status codes and links of HTTP."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from multimail.contract.operation import REST
from multimail.contract.registry import operation
from multimail.contract.resources import RESOURCES
from multimail.core.addresses import normalise
from multimail.core.errors import Problem
from multimail.core.ids import prefix_of
from multimail.surfaces.http import names
from multimail.surfaces.http.answers import json_response, rendered
from multimail.surfaces.http.arguments import (
    add_idempotency,
    canonical,
    fix,
    from_body,
    from_query,
    whole,
)
from multimail.surfaces.http.endpoint import Api, Endpoint
from multimail.surfaces.http.paths import path_of
from multimail.surfaces.http.rpc import call

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from multimail.contract.operation import Operation
    from multimail.contract.resource import Resource
    from multimail.contract.shapes import View

Answer = dict[str, Any]


def endpoints(api: Api) -> Iterator[tuple[str, str, Endpoint]]:
    """Method, path template and endpoint of every row whose operation is offered over HTTP."""
    for resource in RESOURCES:
        row = operation(resource.operation)
        if REST in row.surfaces:
            also = names.ON_ERROR.get(row.name)
            yield resource.method, resource.path, Endpoint(api, partial(_answer, api, resource, row), also)


async def _answer(api: Api, resource: Resource, row: Operation, request: Request) -> Response:
    arguments = await from_body(request, row) if resource.takes_body else from_query(request, row)
    included = _included(resource, arguments)
    fix(arguments, row.request, resource.fixed, "this path")
    fix(arguments, row.request, _placed(resource, row, request.path_params), "the path")
    add_idempotency(request, row, arguments)
    for name, number in whole(row.request, rows=False).items():
        if arguments.get(name) is None:
            arguments[name] = number
    view = await call(api, row, request, arguments)
    shape = partial(_shaped, resource, type(view), request.path_params, included)
    answer, body = await rendered(view, shape)
    existed = bool(resource.may_exist and arguments.get(resource.may_exist))
    return json_response(body, 200 if existed else resource.status, _headers(resource, request, answer))


def _included(resource: Resource, arguments: dict[str, Any]) -> frozenset[str]:
    """What `?include=` names, taken out of the arguments."""
    if not resource.include:
        return frozenset()
    given = arguments.pop("include", [])
    wanted = [
        part.strip() for one in ([given] if isinstance(given, str) else given) for part in one.split(",")
    ]
    unknown = [one for one in wanted if one and one not in resource.include]
    if unknown:
        raise Problem(
            "invalid", f"{unknown[0][:40]!a} cannot be included here.", field="include",
            advice=f"One of {', '.join(resource.include)}.",
        )  # fmt: skip
    return frozenset(wanted)


def _placed(resource: Resource, row: Operation, given: Mapping[str, str]) -> dict[str, Any]:
    """The parts of the path as arguments; those that the operation has no field for only choose from its answer."""
    placed: dict[str, Any] = {}
    for name, value in given.items():
        parameter = resource.parameters.get(name)
        if parameter is None:
            field = canonical(row.request, name)
        else:
            field = parameter.field if prefix_of(value) == parameter.prefix else parameter.otherwise
        if field in row.request.model_fields:
            placed[field] = [value] if field in row.request.LISTS else value
    return placed


def _shaped(
    resource: Resource, view: type[View], given: Mapping[str, str], included: frozenset[str], answer: Answer
) -> Answer:
    for name, extra in resource.include.items():
        if name not in included:
            for one in answer[extra.of]:
                for field in extra.fields:
                    one.pop(field, None)
    if resource.chosen is not None:
        answer = _one(resource, view, given, answer)
    return {field: answer[field] for field in resource.fields} if resource.fields else answer


def _one(resource: Resource, view: type[View], given: Mapping[str, str], answer: Answer) -> Answer:
    chosen = resource.chosen
    assert chosen is not None
    wanted = {normalise(value) if "@" in value else value for value in given.values()}
    for one in answer[chosen.of]:
        if not chosen.by or any(one[field] in wanted for field in chosen.by):
            if not chosen.again:
                return dict(one)
            named = names.add({chosen.of: [one]}, names.plan(view))[chosen.of][0]
            return {**named, chosen.again: named}
    raise Problem(
        "not_found", field=next(iter(given), ""), advice=f"The list of {chosen.of} has what there is."
    )


def _headers(resource: Resource, request: Request, answer: Answer) -> dict[str, str]:
    headers: dict[str, str] = {}
    if resource.location:
        headers["Location"] = quote(resource.location.format_map(answer), safe="/")
    if not resource.takes_body and answer.get("cursor"):
        query = [pair for pair in request.query_params.multi_items() if pair[0] != "cursor"]
        following = urlencode([*query, ("cursor", answer["cursor"])])
        headers["Link"] = f'<{path_of(request.scope)}?{following}>; rel="next"'
    return headers
