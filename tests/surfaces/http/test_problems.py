"""Problems say what was wrong in RFC 9457's words, and headers say it in HTTP's."""

from __future__ import annotations

import json
from typing import Any

import pytest

from multimail.core.errors import CODES, Problem
from multimail.surfaces.http.problems import document, response

HERE = "http://127.0.0.1:8025"


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_its_document(code: str) -> None:
    answer = response(Problem(code), HERE)

    found = json.loads(bytes(answer.body))
    assert answer.media_type == "application/problem+json"
    assert found["type"] == f"{HERE}/docs/errors#{code}"
    assert found["status"] == answer.status_code == CODES[code].http
    assert (found["code"], found["retry"]) == (code, CODES[code].retry)
    assert found["detail"] == CODES[code].meaning


def test_what_is_not_known_is_left_out_and_what_is_known_besides_comes_along() -> None:
    problem = Problem(
        "conflict", "Decided.", field="message_id", status="approved", review_url="http://x", none=None
    )

    found = document(problem, HERE)

    assert (found["field"], found["review_url"]) == ("message_id", "http://x")
    assert found["status"] == 409
    assert not {"advice", "none"} & found.keys()


@pytest.mark.parametrize(
    ("problem", "header", "value"),
    [
        (Problem("unauthenticated"), "www-authenticate", 'Bearer realm="multimail", error="invalid_token"'),
        (Problem("method_not_allowed", allow="GET"), "allow", "GET"),
        (Problem("rate_limited", retry_after=7), "retry-after", "7"),
        (Problem("busy"), "retry-after", "1"),
        (Problem("storage_newer"), "retry-after", None),
        (Problem("not_found"), "retry-after", None),
    ],
)
def test_headers_say_what_to_do(problem: Problem, header: str, value: str | None) -> None:
    assert response(problem, HERE).headers.get(header) == value


def test_a_caller_may_add_members_and_choose_the_status() -> None:
    answer = response(Problem("forbidden"), HERE, {"cancelled": False}, 421)

    found: dict[str, Any] = json.loads(bytes(answer.body))
    assert (answer.status_code, found["status"], found["cancelled"]) == (421, 421, False)


def test_half_a_character_in_a_message_is_no_fault() -> None:
    assert json.loads(bytes(response(Problem("invalid", "\ud83d"), HERE).body))["detail"] == "\ud83d"
