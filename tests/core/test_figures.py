"""Figures of decisions, and advice that never goes beyond its numbers."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multimail.core.figures import ENOUGH, Course, Decided, advise, by_day, shares
from multimail.core.model import Mode
from multimail.core.times import DAY, SECOND

NOON = 1_772_452_800_000_000
GATED = Mode.GATED_SEND


def decided(
    count: int,
    decision: str = "approve",
    *,
    edited: bool = False,
    look: float | None = 30,
    known: bool = True,
) -> tuple[Decided, ...]:
    micros = None if look is None else round(look * SECOND)
    return tuple(Decided(decision, edited, NOON - number, micros, known) for number in range(count))


def course(*parts: tuple[Decided, ...], mode: Mode = GATED, **rest: Any) -> Course:
    return Course(mode, 14, tuple(one for part in parts for one in part), **rest)


def test_enough_untouched_approvals_speak_for_more_freedom_and_say_how_many() -> None:
    found = advise(course(decided(42)))

    assert (found.kind, found.to_mode, found.trust) == ("promote", GATED, True)
    assert found.evidence == "42 of 42 approved unedited in 14 days, 42 of them to known recipients."


def test_known_recipients_speak_for_themselves_where_strangers_do_not() -> None:
    found = advise(course(decided(42), decided(3, "reject", known=False)))

    assert (found.kind, found.trust, found.of) == ("promote", True, 42)
    assert found.evidence == "42 of 42 to known recipients approved unedited in 14 days."


@pytest.mark.parametrize(("mode", "to"), [(Mode.GATED_ALL, Mode.GATED_SEND), (GATED, Mode.MONITORED)])
def test_with_strangers_too_the_mode_itself_may_be_freer(mode: Mode, to: Mode) -> None:
    found = advise(course(decided(25), decided(25, known=False), mode=mode))

    assert (found.kind, found.to_mode) == ("promote", to)
    assert "50 of 50" in found.evidence


@given(
    few=st.integers(0, ENOUGH - 1), known=st.booleans(), mode=st.sampled_from(Mode), alone=st.integers(0, 50)
)
def test_there_is_never_advice_of_more_freedom_on_few_decisions(
    few: int, known: bool, mode: Mode, alone: int
) -> None:
    assert advise(course(decided(few, known=known), mode=mode, left_alone=alone)).kind != "promote"


@pytest.mark.parametrize("bad", ["reject", "request_changes", "escalate", "edited"])
def test_one_mail_that_was_not_approved_as_written_is_one_too_many(bad: str) -> None:
    edited = bad == "edited"
    one = decided(1, "approve" if edited else bad, edited=edited)

    found = advise(course(decided(41), one))

    assert found.kind == "keep"
    assert found.evidence == "41 of 42 approved unedited in 14 days: people still change or stop mail."


def test_approvals_without_a_look_at_the_mail_are_no_evidence() -> None:
    found = advise(course(decided(30, look=1.2), decided(12)))

    assert found.kind == "keep"
    assert "30 of 42 looks were shorter than 3 seconds" in found.evidence


def test_looks_that_nobody_knows_of_hold_nothing_back() -> None:
    assert advise(course(decided(42, look=None))).kind == "promote"


def test_too_few_decisions_are_said_to_be_too_few() -> None:
    assert (
        advise(course(decided(1))).evidence == "1 decision in 14 days: too few to advise on, 20 are needed."
    )


def test_many_rejections_beside_mail_that_left_unseen_speak_for_less_freedom() -> None:
    found = advise(course(decided(7), decided(5, "reject"), left_alone=9))

    assert (found.kind, found.to_mode) == ("tighten", Mode.GATED_ALL)
    assert "5 of 12 mails were rejected or sent back in 14 days, and 9 others left" in found.evidence
    assert advise(course(decided(7), decided(5, "reject"))).kind == "keep"


@pytest.mark.parametrize(("mode", "to"), [(Mode.AUTONOMOUS, GATED), (Mode.MONITORED, GATED)])
def test_mail_that_is_often_taken_back_speaks_for_less_freedom(mode: Mode, to: Mode) -> None:
    found = advise(course(mode=mode, left_alone=30, withdrawn=6))

    assert (found.kind, found.to_mode) == ("tighten", to)
    assert found.evidence == "6 of 36 mails that nobody had to approve were taken back in 14 days."
    assert advise(course(mode=mode, left_alone=30, withdrawn=1)).kind == "keep"


@pytest.mark.parametrize("mode", [Mode.MONITORED, Mode.AUTONOMOUS, Mode.READ_ONLY])
def test_where_mail_goes_by_itself_or_not_at_all_decisions_free_nothing(mode: Mode) -> None:
    assert advise(course(decided(42), mode=mode)).kind == "keep"


def test_shares_are_of_what_there_is_and_nothing_is_made_up() -> None:
    some = course(decided(6, look=10), decided(1, "reject", look=1), decided(1, edited=True, look=None))
    found = shares(some)

    assert (found.looks, found.median_look, found.quick) == (7, 10, round(1 / 7, 4))
    assert (found.edited, found.rejected, found.sent_back, found.expired) == (0.125, 0.125, 0, 0)
    nothing = shares(course())
    assert (nothing.median_look, nothing.quick, nothing.edited, nothing.expired) == (None, None, None, None)


def test_the_median_of_an_even_number_of_looks_lies_between_the_two() -> None:
    assert shares(course(decided(1, look=2), decided(1, look=5))).median_look == 3.5


def test_a_day_is_one_of_utc_and_days_without_anything_are_left_out() -> None:
    late = Decided("reject", False, NOON + DAY, None, True)
    found = by_day(Course(GATED, 14, (*decided(2), late), expired=(NOON + 3 * DAY,)))

    assert [(one.day, one.decisions, one.approved, one.rejected, one.expired) for one in found] == [
        ("2026-03-02", 2, 2, 0, 0), ("2026-03-03", 1, 0, 1, 0), ("2026-03-05", 0, 0, 0, 1),
    ]  # fmt: skip
