"""The table of error codes is closed, and every row can be said in every protocol."""

from __future__ import annotations

import re

import pytest

from multimail.core.errors import CODES, Problem


@pytest.mark.parametrize("name", CODES)
def test_a_row_can_be_said_in_every_protocol(name: str) -> None:
    row = CODES[name]

    assert row.meaning.endswith(".")
    assert 400 <= row.http < 600
    assert re.fullmatch(r"[45]\d\d [45]\.\d+\.\d+", row.smtp)
    assert 0 < row.exit < 128


@pytest.mark.parametrize("name", CODES)
def test_the_two_halves_of_an_smtp_reply_agree(name: str) -> None:
    code, _, enhanced = CODES[name].smtp.partition(" ")

    assert code[0] == enhanced[0]


def test_what_may_succeed_later_tells_a_peer_to_keep_the_mail() -> None:
    assert [name for name, row in CODES.items() if row.retry and not row.smtp.startswith("4")] == []


def test_a_problem_without_words_of_its_own_says_what_its_code_means() -> None:
    problem = Problem("frozen")

    assert problem.message == CODES["frozen"].meaning
    assert problem.row is CODES["frozen"]
    assert (problem.field, problem.advice, problem.details) == ("", "", {})


def test_a_problem_carries_field_advice_and_details() -> None:
    problem = Problem("invalid", "Too long.", field="subject", advice="Shorten it.", most=998)

    assert str(problem) == "invalid: Too long."
    assert (problem.field, problem.advice, problem.details) == ("subject", "Shorten it.", {"most": 998})


@pytest.mark.parametrize(("field", "whole"), [("name", "files.0.name"), ("", "files.0")])
def test_a_problem_inside_a_field_names_the_whole_place(field: str, whole: str) -> None:
    inner = Problem("invalid", "Too long.", field=field, advice="Shorten it.", most=9).within("files.0")

    assert (inner.field, inner.code, inner.message) == (whole, "invalid", "Too long.")
    assert (inner.advice, inner.details) == ("Shorten it.", {"most": 9})


def test_a_code_that_is_not_in_the_table_cannot_be_raised() -> None:
    with pytest.raises(KeyError, match="oops"):
        Problem("oops")
