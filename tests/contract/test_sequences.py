"""What a call about sequences may say."""

from __future__ import annotations

from typing import Any

import pytest

from multimail.contract.sequences import CreateSequence, EnrollContacts
from multimail.core.errors import Problem


@pytest.mark.parametrize(
    ("steps", "field"),
    [
        ("a", "steps.0"),
        ([1], "steps.0"),
        ([{"subject": "a", "text": "b"}, {"sbject": "a"}], "steps.1.sbject"),
    ],
)
def test_what_is_wrong_with_a_step_names_its_place(steps: Any, field: str) -> None:
    with pytest.raises(Problem) as caught:
        CreateSequence.parse({"name": "a", "steps": steps})

    assert caught.value.field == field


def test_names_from_elsewhere_are_understood() -> None:
    made = CreateSequence.parse(
        {"name": "a", "steps": [{"delay": "3d", "subject": "a", "markdown": "b", "tag": "c"}]}
    )

    assert (made.steps[0].wait, made.steps[0].body, made.steps[0].tags) == ("3d", "b", ["c"])
    assert EnrollContacts.parse({"sequence": "a", "email": "ann@example.org"}).emails == ["ann@example.org"]
