"""What the description of the API says is true: calls made from it get answers that it describes, and none a 5xx."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from multimail.contract.registry import BY_NAME
from multimail.contract.resource import asked_by_get
from multimail.contract.resources import RESOURCES
from multimail.contract.streams import STREAMS
from tests.support.api_calls import arguments, streamed
from tests.support.api_world import World, world

Case = schemathesis.Case[Any]
SEED: Final = 20_260_301
CHECKS: Final = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
    response_headers_conformance,
]  # fmt: skip
KEPT: Final = frozenset(
    {
        "limit", "max_bytes", "mark_read", "include_attachments", "include_interactions", "include_revoked",
        "two_person", "resend_unknown", "elicitation", "overlap_hours", "audience", "include",
    }
)  # fmt: skip
"""Generated values that a call keeps which is to succeed."""
_VARIABLE: Final = re.compile(r"{(\w+)}")


@dataclass
class Tally:
    """How often each route succeeded, and what was wrong."""

    good: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def check(self, case: Case, response: Any, *, must: bool) -> None:
        """Hold an answer against the description; `must` says that the call had to succeed."""
        label = f"{case.method} {case.operation.path}"
        if 200 <= response.status_code < 300:
            self.good[label] += 1
        elif must:
            self.wrong.append(f"{label} did not succeed: {response.status_code} {response.text[:300]}")
        try:
            case.validate_response(response, checks=CHECKS)
        except Exception as error:  # noqa: BLE001 - all that is wrong is told at the end
            self.wrong.append(f"{label}: {error!s:.1500}")


@dataclass(frozen=True)
class Route:
    """A route of the description, with the operation behind it and what the route fixes of its arguments."""

    api: Any
    operation: str
    fixed: dict[str, Any]

    @property
    def has_body(self) -> bool:
        return self.api.method.upper() in {"POST", "PUT", "PATCH"}


EMPTYING: Final = frozenset({"empty_mailbox", "delete_messages"})
"""What leaves nothing for other calls to be about."""


def routes(schema: Any) -> Iterator[Route]:
    """All of operations and resources."""
    resources = {(one.method, one.path): one for one in RESOURCES}
    for found in schema.get_all_operations():
        api = found.ok()
        name, at = api.path.removeprefix("/v1/"), (api.method.upper(), api.path)
        if at in resources:
            yield Route(api, resources[at].operation, dict(resources[at].fixed))
        elif name in BY_NAME:
            by_get = at[0] == "GET"
            yield Route(api, name, dict((asked_by_get(BY_NAME[name]) or {}) if by_get else {}))


def mend(case: Case, route: Route, there: World) -> None:
    """Make of a generated call one that succeeds: about what is there, and asking for nothing impossible."""
    variables = _VARIABLE.findall(route.api.path)
    told = arguments(there, route.operation, variables, route.fixed)
    case.path_parameters = {name: told.pop(name) for name in variables}
    case.headers.clear()
    generated = case.body if route.has_body else case.query
    own = generated.items() if isinstance(generated, dict) else ()
    whole = {name: value for name, value in own if name in KEPT} | told
    case.body, case.query = (whole, {}) if route.has_body else (case.body, whole)


def hurry(case: Case, route: Route) -> None:
    """Nobody waits in this test."""
    if "timeout_seconds" not in BY_NAME[route.operation].request.model_fields:
        return
    if not route.has_body:
        case.query = dict(case.query or {}) | {"timeout_seconds": 0}
    elif isinstance(case.body, dict):
        case.body = case.body | {"timeout_seconds": 0}


def tried(there: World, route: Route, tally: Tally, generated: int, mended: int) -> None:
    """Calls to one route: the first ones mended so that they succeed, the others as they were generated."""
    left = [mended]

    @seed(SEED)
    @settings(
        max_examples=generated + mended, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck), derandomize=False,
    )  # fmt: skip
    @given(case=route.api.as_strategy())
    def one(case: Case) -> None:
        left[0] -= 1
        mended = left[0] >= 0
        if mended:
            mend(case, route, there)
        else:
            hurry(case, route)
        response = case.call(base_url=there.base_url, headers=there.headers(), timeout=60)
        tally.check(case, response, must=mended)

    one()


def followed(there: World, schema: Any, tally: Tally, times: int) -> None:
    """Calls to what is no operation's: files, raw mail, events, the description itself."""
    for row in STREAMS:
        api = schema[row.path][row.method]
        for _ in range(times):
            path, query, body = streamed(there, row)
            case = api.Case(path_parameters=path, query=query)
            if row.name == "stream_events":
                with there.http.stream("GET", "/v1/events", headers=there.headers()) as stream:
                    assert next(stream.iter_lines()).startswith("retry: ")
                    tally.good[f"{case.method} {row.path}"] += stream.status_code == 200
                continue
            more: dict[str, Any] = {"content": body} if row.takes else {}
            headers = there.headers() | ({"content-type": row.takes} if row.takes else {})
            url = row.path.format_map(path)
            answer = there.http.request(row.method, url, params=query, headers=headers, **more)
            tally.check(case, answer, must=True)


def run(data: Path, generated: int, mended: int) -> tuple[Tally, set[str]]:
    """What came of it, and the names of all routes."""
    tally = Tally()
    with world(data, released=2 * mended) as there:
        document = there.http.get("/v1/openapi.json", headers=there.headers()).json()
        schema = schemathesis.openapi.from_dict(document)
        last = [route for route in routes(schema) if route.operation in EMPTYING]
        for route in routes(schema):
            if route.operation not in EMPTYING:
                tried(there, route, tally, generated, mended)
        followed(there, schema, tally, mended)
        for route in last:
            tried(there, route, tally, generated, mended)
        paths = document["paths"].items()
    labels = {f"{method.upper()} {path}" for path, methods in paths for method in methods}
    return tally, labels - {"GET /v1/openapi.json"}


def test_every_route_succeeds_and_answers_as_described(tmp_path: Path) -> None:
    tally, labels = run(tmp_path / "data", generated=1, mended=1)

    assert tally.wrong == []
    assert tally.good.keys() == labels


@pytest.mark.soak
@pytest.mark.timeout(1200)
def test_many_calls_to_every_route_are_answered_as_described_and_ten_succeed(tmp_path: Path) -> None:
    tally, labels = run(tmp_path / "data", generated=60, mended=10)

    assert tally.wrong == []
    assert [label for label in labels if tally.good[label] < 10] == []
