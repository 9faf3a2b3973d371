"""Requests: other names are understood, contradictions and unknown fields are not, and every fault names its field."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from multimail.contract.reading import TagEmail
from multimail.contract.registry import OPERATIONS
from multimail.contract.sending import SendEmail
from multimail.contract.shapes import Request
from multimail.core.errors import Problem


class Note(Request):
    """A request as small as can be."""

    ALIASES: ClassVar = {"body": ("text", "markdown"), "people": ("to",)}
    LISTS: ClassVar = frozenset({"people", "words"})
    WORDS: ClassVar = frozenset({"words"})
    body: str = Field(max_length=20, description="What it says.")
    people: list[str] = Field(default_factory=list, description="For whom.")
    words: list[str] = Field(default_factory=list, description="Short ones.")
    number: int | None = Field(default=None, ge=1, description="How many.")


def refused(arguments: Any) -> Problem:
    with pytest.raises(Problem) as caught:
        Note.parse(arguments)
    return caught.value


@pytest.mark.parametrize("name", ["body", "text", "markdown"])
def test_a_field_may_come_under_any_of_its_names(name: str) -> None:
    assert Note.parse({name: "Hi"}).body == "Hi"


@pytest.mark.parametrize(
    "given", [{"body": "Hi", "text": "Hi"}, {"body": "Hi", "text": None}, {"text": None, "markdown": "Hi"}]
)
def test_names_that_agree_are_one_field(given: dict[str, Any]) -> None:
    assert Note.parse(given).body == "Hi"


def test_lists_agree_whatever_form_they_come_in() -> None:
    assert Note.parse({"body": "Hi", "people": ["ann"], "to": "ann"}).people == ["ann"]


def test_names_that_differ_are_refused_with_both() -> None:
    problem = refused({"body": "Hi", "text": "Ho"})

    assert (problem.code, problem.field) == ("contradiction", "body")
    assert problem.message == "body and text mean the same field but differ."
    assert problem.advice == "Give body only."


@pytest.mark.parametrize("given", [True, False])
def test_yes_and_no_are_no_numbers(given: bool) -> None:
    problem = refused({"body": "Hi", "number": given})

    assert (problem.code, problem.field, problem.advice) == ("invalid", "number", "How many.")


def test_an_unknown_field_is_refused_with_the_nearest_names() -> None:
    problem = refused({"body": "Hi", "boby": "Ho"})

    assert (problem.code, problem.field, problem.advice) == ("unknown_field", "boby", "Did you mean body?")


def test_a_field_like_no_other_is_refused_with_all_there_are() -> None:
    assert refused({"xyz": 1}).advice == "Known fields: body, people, words, number."


def test_a_null_is_a_field_that_was_not_given_except_where_it_is_needed() -> None:
    assert Note.parse({"body": "Hi", "people": None, "number": None}).people == []
    assert (refused({"body": None}).code, refused({"text": None}).field) == ("invalid", "body")


@pytest.mark.parametrize(
    ("value", "people", "words"),
    [
        (["a", "b"], ["a", "b"], ["a", "b"]),
        ('["a", "b"]', ["a", "b"], ["a", "b"]),
        ("a", ["a"], ["a"]),
        ("a, b", ["a, b"], ["a", "b"]),
        ("", [], []),
        ("  ", [], []),
        ("[broken", ["[broken"], ["[broken"]),
        ("[" * 5000, ["[" * 5000], ["[" * 5000]),
    ],
)
def test_a_list_may_come_as_text(value: Any, people: list[str], words: list[str]) -> None:
    note = Note.parse({"body": "Hi", "people": value, "words": value})

    assert (note.people, note.words) == (people, words)


def test_an_object_may_come_as_text_and_tags_as_an_object() -> None:
    mail = {"to": "ann@example.org", "metadata": '{"a": 1}', "headers": {"X-A": "b"}, "tags": {"plan": "pro"}}

    sent = SendEmail.parse(mail)

    assert (sent.metadata, sent.headers, sent.tags) == ({"a": 1}, {"X-A": "b"}, ['{"plan": "pro"}'])
    assert TagEmail.parse({"message_id": "msg_1", "tags": '{"plan": "pro"}'}).tags == {"plan": "pro"}


@pytest.mark.parametrize("given", ["{broken", "[1]", '{"a":' * 5000])
def test_a_text_that_is_no_object_is_refused_with_its_field(given: str) -> None:
    with pytest.raises(Problem) as caught:
        SendEmail.parse({"to": "ann@example.org", "metadata": given})

    assert (caught.value.code, caught.value.field) == ("invalid", "metadata")


@pytest.mark.parametrize("given", ["a.txt", [5], [None]])
def test_a_file_that_is_no_object_is_refused_with_its_place(given: Any) -> None:
    with pytest.raises(Problem) as caught:
        SendEmail.parse({"to": "ann@example.org", "attachments": given})

    assert (caught.value.code, caught.value.field) == ("invalid", "attachments.0")


@pytest.mark.parametrize(
    ("given", "field", "advice"),
    [
        ({}, "body", "What it says."),
        ({"body": 5}, "body", "What it says."),
        ({"body": "x" * 21}, "body", "What it says."),
        ({"body": "Hi", "people": ["a", 5]}, "people.1", "For whom."),
        ({"body": "Hi", "number": 0}, "number", "How many."),
    ],
)
def test_a_wrong_value_is_refused_with_its_place_and_what_would_be_right(
    given: dict[str, Any], field: str, advice: str
) -> None:
    problem = refused(given)

    assert (problem.code, problem.field, problem.advice) == ("invalid", field, advice)
    assert problem.message.startswith(f"{field}: ")


@pytest.mark.parametrize("given", [[], "text", 5, None])
def test_arguments_that_are_no_object_are_refused(given: Any) -> None:
    assert (refused(given).code, refused(given).message) == ("invalid", "The arguments must be an object.")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=6,
)
NAMES = sorted({name for row in OPERATIONS for name in row.request.model_fields})


@given(st.sampled_from(OPERATIONS), st.dictionaries(st.sampled_from(NAMES), json_values, max_size=4))
def test_whatever_comes_is_a_request_or_a_problem_that_can_be_said(
    row: Any, arguments: dict[str, Any]
) -> None:
    said: list[str] = []
    try:
        assert isinstance(row.request.parse(arguments), row.request)
    except Problem as problem:
        said = [problem.message, problem.field, problem.advice]

    assert "\n".join(said).encode() is not None
