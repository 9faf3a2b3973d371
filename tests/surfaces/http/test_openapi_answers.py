"""Problems in the description: by status, with an example for each code, written once."""

from __future__ import annotations

from jsonschema_rs import Draft202012Validator

from multimail.core.errors import CODES
from multimail.surfaces.http import openapi_answers
from multimail.surfaces.http.openapi import document


def test_codes_of_one_status_are_one_response_with_an_example_each() -> None:
    found = openapi_answers.refusals({"not_found", "unknown_mailbox", "busy", "unauthenticated"})

    assert sorted(found) == ["401", "404", "503"]
    content = found["404"]["content"]["application/problem+json"]
    assert set(content["examples"]) == {"not_found", "unknown_mailbox"}
    assert "WWW-Authenticate" in found["401"]["headers"]
    assert "Retry-After" in found["503"]["headers"]


def test_what_a_problem_says_besides_is_part_of_its_schema() -> None:
    [found] = openapi_answers.refusals({"conflict"}, {"cancelled": False}).values()
    [_, more] = found["content"]["application/problem+json"]["schema"]["allOf"]

    assert more["properties"] == {"cancelled": {"const": False}}


def test_examples_are_problems_as_they_are_sent() -> None:
    checked = Draft202012Validator(openapi_answers.PROBLEM)
    found = openapi_answers.examples()

    assert found.keys() == CODES.keys()
    assert [one for one in found.values() if not checked.is_valid(one["value"])] == []


def test_a_refusal_stands_in_the_document_once() -> None:
    refusals = [repr(one) for one in document()["components"]["responses"].values()]

    assert len(refusals) == len(set(refusals)) < 120


def test_headers_of_the_rate_limit_are_on_every_answer() -> None:
    assert list(openapi_answers.headers("ETag")) == ["RateLimit", "RateLimit-Policy", "ETag"]
