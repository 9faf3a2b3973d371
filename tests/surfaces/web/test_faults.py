"""A fault is named where the person looks, with what can be done there."""

from __future__ import annotations

import pytest

from multimail.core.errors import Problem
from multimail.surfaces.web import faults


def test_without_a_fault_the_page_is_fine() -> None:
    assert (faults.status(None), faults.advice(None)) == (200, "")


@pytest.mark.parametrize(
    ("problem", "status", "advice"),
    [
        (Problem("late", "Over.", advice="for programs"), 409, "Tick the box to send it now, or reject it."),
        (Problem("invalid", "No.", advice="Do that."), 422, "Do that."),
    ],
)
def test_advice_for_people_takes_the_place_of_advice_for_programs(
    problem: Problem, status: int, advice: str
) -> None:
    assert (faults.status(problem), faults.advice(problem)) == (status, advice)


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("note: String should have at most 4000 characters.", "It may have at most 4000 characters."),
        ("days: Input should be greater than or equal to 1.", "It has to be at least 1."),
        ("days: Input should be less than or equal to 365.", "It may be at most 365."),
        (
            "days: Input should be a valid integer, unable to parse string as an integer.",
            "A number is wanted.",
        ),
        ("There is no such mailbox.", "There is no such mailbox."),
    ],
)
def test_a_fault_is_said_in_words_for_people(message: str, said: str) -> None:
    assert faults.said(Problem("invalid", message)) == said
