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
