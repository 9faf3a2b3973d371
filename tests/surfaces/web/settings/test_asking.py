"""Where a fault is shown, and the page that asks once more with all that was written."""

from __future__ import annotations

import pytest

from multimail.core.errors import Problem
from multimail.surfaces.web.settings import asking
from tests.support.filled import filled, send
from tests.support.guest import Guest

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("field", "place"),
    [("name", "name"), ("limit.domains.0", "limit"), ("old", "new"), ("unknown", ""), ("", "")],
)
def test_a_fault_stands_at_the_field_or_at_what_holds_it_or_above_the_form(field: str, place: str) -> None:
    problem = Problem("invalid", field=field)
    found = asking.faults(problem, {"name": "Name", "limit": "Limit", "new": "New"}, {"old": "new"})

    assert found["beside"] == place


async def test_what_is_asked_once_more_carries_the_form_and_nothing_of_its_own(operator: Guest) -> None:
    at = "/settings/rules"
    asked = await send(operator, at, name="a <b>name</b>", recipient_domains="\nexample.org\n", back="")
    kept = filled(asked, at)

    assert (kept["name"], kept["recipient_domains"]) == ("a <b>name</b>", "\nexample.org\n")
    assert "sure" not in kept
    assert 'aria-current="page">Rules' in asked
