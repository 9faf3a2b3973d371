"""The HTTP API as routes: first what the tables know, operations, resources and streams; then what nobody knows.

Finding a route of the tables takes as long for a hundred as for one.
"""

from __future__ import annotations

import difflib
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Final

from starlette.responses import Response
from starlette.routing import BaseRoute, Match

from multimail.contract.registry import OPERATIONS
from multimail.contract.resources import RESOURCES
from multimail.contract.streams import STREAMS
from multimail.core.errors import Problem
from multimail.surfaces.http import resources, rpc, streams
from multimail.surfaces.http.endpoint import Api, Endpoint
from multimail.surfaces.http.paths import Found, Paths, path_of
from multimail.surfaces.http.refusals import is_api

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import Receive, Scope, Send

_FOUND: Final = "multimail.found"


def routes(api: Api) -> list[BaseRoute]:
    """All routes of the API."""
    return [Tables(api), Unknown(api)]


class Tables(BaseRoute):
    """Operations, resources and streams. A method that a path does not know is 405; OPTIONS tells those it knows."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._paths: Paths[Endpoint] = Paths()
        for method, path, endpoint in chain(
            rpc.endpoints(api), resources.endpoints(api), streams.endpoints(api)
        ):
            self._paths.add(method, path, endpoint)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["type"] != "http" or not is_api(scope["path"]):
            return Match.NONE, {}
        found = self._paths.find(path_of(scope))
        if found is None:
            return Match.NONE, {}
        return Match.FULL, {_FOUND: found, "path_params": found.parameters}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        found: Found[Endpoint] = scope[_FOUND]
        endpoint = found.methods.get("GET" if scope["method"] == "HEAD" else scope["method"])
        if endpoint is None:
            endpoint = Endpoint(self._api, partial(_other_method, _allowed(found)))
        await endpoint(scope, receive, send)


class Unknown(BaseRoute):
    """Whatever else begins like the API: 404, with the names most like it."""

    def __init__(self, api: Api) -> None:
        self._endpoint = Endpoint(api, _unknown)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        known = scope["type"] == "http" and is_api(scope["path"])
        return (Match.FULL if known else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._endpoint(scope, receive, send)


def _allowed(found: Found[Endpoint]) -> str:
    methods = [*found.methods, *(["HEAD"] if "GET" in found.methods else []), "OPTIONS"]
    return ", ".join(sorted(methods))


async def _other_method(allowed: str, request: Request) -> Response:
    if request.method == "OPTIONS":
        return Response(status_code=204, headers={"Allow": allowed})
    raise Problem(
        "method_not_allowed", f"{request.method} is nothing that this path knows.", advice=f"One of {allowed}.",
        allow=allowed,
    )  # fmt: skip


async def _unknown(request: Request) -> Response:
    path = path_of(request.scope)
    named = {f"/v1/{row.name}" for row in OPERATIONS}
    known = sorted(named | {row.path for row in RESOURCES} | {row.path for row in STREAMS})
    near = difflib.get_close_matches(path[:200], known, n=3)
    raise Problem(
        "unknown_operation", f"There is nothing at {path[:80]!a}.",
        advice=f"Did you mean {' or '.join(near)}?" if near else "GET /v1/openapi.json describes every path.",
    )  # fmt: skip
