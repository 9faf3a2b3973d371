"""Faults of types and lengths are said in words for people."""

from __future__ import annotations

import pytest

from multimail.core.errors import Problem
from multimail.surfaces.web import wording


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
    assert wording.said(Problem("invalid", message)) == said
