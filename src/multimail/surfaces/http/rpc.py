"""One route for each operation, from its row alone: `POST /v1/{operation}`, and GET where that changes nothing.

Answers are exactly 200, with the further names. Lists are whole where the caller says nothing.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from multimail.contract.operation import REST
from multimail.contract.registry import OPERATIONS
from multimail.contract.resource import asked_by_get
from multimail.services import dispatch
from multimail.services.context import Caller
from multimail.surfaces.http import names
from multimail.surfaces.http.answers import json_response, rendered
from multimail.surfaces.http.arguments import add_idempotency, fix, from_body, from_query, whole
from multimail.surfaces.http.endpoint import SURFACE, Api, Endpoint, while_connected

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.requests import Request
    from starlette.responses import Response

    from multimail.contract.operation import Operation
    from multimail.contract.shapes import View


def endpoints(api: Api) -> Iterator[tuple[str, str, Endpoint]]:
    """Method, path and endpoint of every operation that is offered over HTTP."""
    for row in OPERATIONS:
        if REST in row.surfaces:
            path = f"/v1/{row.name}"
            also = names.ON_ERROR.get(row.name)
            yield "POST", path, Endpoint(api, partial(_post, api, row), also)
            if asked_by_get(row) is not None:
                yield "GET", path, Endpoint(api, partial(_get, api, row), also)


async def _post(api: Api, row: Operation, request: Request) -> Response:
    return await _answer(api, row, request, await from_body(request, row))


async def _get(api: Api, row: Operation, request: Request) -> Response:
    arguments = from_query(request, row)
    fix(arguments, row.request, asked_by_get(row) or {}, "GET")
    return await _answer(api, row, request, arguments)


async def _answer(api: Api, row: Operation, request: Request, arguments: dict[str, Any]) -> Response:
    add_idempotency(request, row, arguments)
    for name, number in whole(row.request, rows=True).items():
        if arguments.get(name) is None:
            arguments[name] = number
    view = await call(api, row, request, arguments)
    how = names.plan(type(view))
    return json_response((await rendered(view, lambda answer: names.add(answer, how)))[1])


async def call(api: Api, row: Operation, request: Request, arguments: dict[str, Any]) -> View:
    """Through the one door; a wait ends when nobody waits any more."""
    caller = Caller(request.scope["state"]["principal_id"], SURFACE)
    work = dispatch.call(api.services, caller, row.name, arguments)
    return await (while_connected(request.receive, work) if row.waits else work)
