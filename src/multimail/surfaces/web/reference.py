"""The reference of the HTTP API and of its error codes, as pages: nothing comes from outside, nothing runs.

Like every page it is for people who are signed in; whoever sends a valid key may read it too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from multimail.core.errors import CODES, Problem
from multimail.services import signing_in
from multimail.surfaces.web import session
from multimail.surfaces.web.site import Site, Visit, go

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

Node = Mapping[str, Any]
Describe = Callable[[], Node]
"""The description of the API as an OpenAPI document."""

_REF: Final = "$ref"


@dataclass(frozen=True, slots=True)
class Field:
    """An argument or a field of an answer."""

    name: str
    place: str
    kind: str
    needed: bool
    text: str


@dataclass(frozen=True, slots=True)
class Route:
    """One method on one path."""

    name: str
    method: str
    path: str
    title: str
    text: str
    takes: tuple[Field, ...]
    gives: tuple[Field, ...]
    answers: tuple[tuple[str, str], ...]


async def show(site: Site, describe: Describe, request: Request) -> Response:
    """Every route by its title, group by group; each leads to all about it."""
    return await _page(site, request, "reference.html", groups=_groups(describe))


async def one(site: Site, describe: Describe, request: Request) -> Response:
    """All about one route: all about all of them would be a page that nobody waits for."""
    wanted = request.path_params["name"]
    routes = (route for _, _, some in _groups(describe) for route in some)
    found = next((route for route in routes if route.name == wanted), None)
    if found is None:
        raise Problem("not_found")
    return await _page(site, request, "reference_route.html", route=found)


async def errors(site: Site, request: Request) -> Response:
    """Every error code, each with an anchor: the address of a problem's type leads there."""
    return await _page(site, request, "errors.html", codes=CODES)


async def _page(site: Site, request: Request, name: str, **context: Any) -> Response:
    visitor = await signing_in.visitor(site.services, session.session_id(request))
    if visitor is None and "principal_id" not in request.scope.get("state", {}):
        return go(f"/sign-in?{urlencode({'next': request.url.path})}")
    if visitor is None:
        return await site.views.page(name, visitor=None, **context)
    return await Visit(site, request, visitor).page(name, **context)


@cache
def _groups(describe: Describe) -> tuple[tuple[str, str, tuple[Route, ...]], ...]:
    document = describe()
    routes = [*_routes(document)]
    return tuple(
        (tag["name"], tag["description"], tuple(route for group, route in routes if group == tag["name"]))
        for tag in document["tags"]
    )


def _routes(document: Node) -> Iterator[tuple[str, Route]]:
    for path, methods in document["paths"].items():
        for method, node in methods.items():
            yield node["tags"][0], _route(document, path, method, node)


def _route(document: Node, path: str, method: str, node: Node) -> Route:
    answers = {status: _found(document, one) for status, one in node["responses"].items()}
    good = next((one for status, one in answers.items() if status.startswith("2")), {})
    return Route(
        name=node["operationId"],
        method=method.upper(),
        path=path,
        title=node["summary"],
        text=node.get("description", ""),
        takes=(*map(_parameter, node.get("parameters", ())), *_body(document, node)),
        gives=tuple(_fields(document, _schema(good), "")),
        answers=tuple((status, one["description"]) for status, one in answers.items()),
    )


def _parameter(node: Node) -> Field:
    schema = node.get("schema") or _schema(node)
    return Field(
        node["name"], node["in"], _kind(schema), node.get("required", False), node.get("description", "")
    )


def _body(document: Node, node: Node) -> Iterator[Field]:
    body = node.get("requestBody", {})
    kinds = [*body.get("content", {})]
    if kinds == ["application/json"]:
        yield from _fields(document, _schema(body), "body")
    elif kinds:
        yield Field("the body", "body", kinds[0], needed=True, text="")


def _fields(document: Node, schema: Node, place: str) -> Iterator[Field]:
    whole = _found(document, schema)
    for part in whole.get("allOf", ()):
        yield from _fields(document, part, place)
    needed = whole.get("required", ())
    for name, field in whole.get("properties", {}).items():
        yield Field(name, place, _kind(field), name in needed, field.get("description", ""))


def _found(document: Node, node: Node) -> Node:
    """What a reference leads to."""
    while _REF in node:
        target: Node = document
        for step in node[_REF].removeprefix("#/").split("/"):
            target = target[step]
        node = target
    return node


def _schema(node: Node) -> Node:
    content: Node = next(iter(node.get("content", {}).values()), {})
    schema: Node = content.get("schema", {})
    return schema


def _kind(schema: Node) -> str:
    """A type in a word or two."""
    if _REF in schema:
        return str(schema[_REF]).rpartition("/")[2].removesuffix(".named")
    choices = [_kind(one) for one in schema.get("anyOf", ()) if one.get("type") != "null"]
    if choices:
        return " or ".join(dict.fromkeys(choices))
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    if "enum" in schema:
        return ", ".join(map(str, schema["enum"]))
    return str(schema.get("format") or schema.get("type") or schema.get("const", "any"))
