"""Cautions add up, and nothing takes any of them away."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multimail.core.caution import CODES, HIGHEST, Caution, caution, level, ordered, risk

findings = st.lists(
    st.builds(
        lambda code, points: Caution(code, points, "x"), st.sampled_from(sorted(CODES)), st.integers(0, 80)
    )
)


@given(findings, findings)
def test_another_finding_never_makes_a_mail_less_risky(some: list[Caution], more: list[Caution]) -> None:
    assert 0 <= risk(some) <= risk([*some, *more]) <= HIGHEST


@given(findings)
def test_the_heaviest_comes_first_and_none_is_lost(found: list[Caution]) -> None:
    made = ordered(found)

    assert sorted(made, key=str) == sorted(found, key=str)
    assert [one.points for one in made] == sorted((one.points for one in found), reverse=True)


@pytest.mark.parametrize(
    ("points", "name"), [(0, "low"), (24, "low"), (25, "medium"), (59, "medium"), (60, "high")]
)
def test_a_risk_has_a_name(points: int, name: str) -> None:
    assert level(points) == name


def test_a_finding_says_how_much_it_weighs_by_itself() -> None:
    assert [Caution("placeholder", points, "x").level for points in (5, 15, 40)] == ["low", "medium", "high"]


def test_places_are_named_once_and_the_rest_is_counted() -> None:
    found = caution("new_recipient", 15, "x", ["a@x.org", "a@x.org", *(f"{n}@x.org" for n in range(40))])

    assert found.where[:2] == ("a@x.org", "0@x.org")
    assert len(found.where) + found.more == 41


@pytest.mark.parametrize(("code", "points"), [("unheard_of", 1), ("placeholder", -1)])
def test_what_is_not_in_the_table_is_no_finding(code: str, points: int) -> None:
    with pytest.raises(ValueError, match="no such caution"):
        Caution(code, points, "x")
