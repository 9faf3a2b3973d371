"""What is refused before a route runs has the form of the path: problems on the API's, `error` elsewhere."""

from __future__ import annotations

import json

import pytest

from multimail.core.errors import Problem
from multimail.surfaces.http.refusals import is_api, refusal


@pytest.mark.parametrize("path", ["/v1", "/v1/", "/v1/x/y", "/contacts", "/contacts/ann@example.org"])
def test_the_apis_paths(path: str) -> None:
    assert is_api(path)


@pytest.mark.parametrize(
    "path", ["/", "", "/v10", "/v1x", "/contactsx", "/mcp", "//v1", "/review/v1", "/docs"]
)
def test_other_paths(path: str) -> None:
    assert not is_api(path)


def test_the_api_answers_with_a_private_problem() -> None:
    answer = refusal({"path": "/v1/x"}, Problem("forbidden", "No."), "http://here", 421)

    found = json.loads(bytes(answer.body))
    assert (answer.status_code, found["status"], found["detail"]) == (421, 421, "No.")
    assert found["type"] == "http://here/docs/errors#forbidden"
    assert (answer.media_type, answer.headers["cache-control"]) == ("application/problem+json", "no-store")


def test_hosts_elsewhere_are_answered_with_an_error() -> None:
    answer = refusal({"path": "/mcp"}, Problem("unauthenticated", advice="A key."), "http://here")

    assert answer.status_code == 401
    assert json.loads(bytes(answer.body)) == {
        "error": {"code": "unauthenticated", "message": "No valid key was given.", "advice": "A key."}
    }
