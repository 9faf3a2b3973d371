"""Retries: quick first, then patient, and never beyond five days."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multimail.core.retry import GIVE_UP_AFTER, LATER, STEPS, GiveUp, Retry, next_try
from multimail.core.times import HOUR, MINUTE

START = 1_700_000_000_000_000


@pytest.mark.parametrize(
    ("attempt", "minutes"), [(0, 1), (1, 1), (2, 5), (3, 15), (4, 30), (5, 60), (6, 180), (99, 180)]
)
def test_waits_grow_with_the_attempts(attempt: int, minutes: int) -> None:
    assert next_try(attempt, START, START + 7, 0.5) == Retry(START + 7 + minutes * MINUTE)


def test_jitter_spreads_later_tries_over_two_to_four_hours() -> None:
    assert next_try(9, START, START, 0.0) == Retry(START + 2 * HOUR)
    assert next_try(9, START, START, 0.999_999_999_999) == Retry(START + 4 * HOUR)


def test_the_last_try_is_at_the_end_of_the_five_days() -> None:
    end = START + GIVE_UP_AFTER

    assert next_try(40, START, end - MINUTE, 0.5) == Retry(end)
    assert next_try(41, START, end, 0.5) == GiveUp()


@given(st.floats(0, 1, exclude_max=True))
def test_tries_end_whatever_the_jitter(jitter: float) -> None:
    now, attempt = START, 1
    while isinstance(decision := next_try(attempt, START, now, jitter), Retry):
        assert now < decision.at <= START + GIVE_UP_AFTER
        now, attempt = decision.at, attempt + 1

    assert now == START + GIVE_UP_AFTER
    assert len(STEPS) + 30 <= attempt <= len(STEPS) + GIVE_UP_AFTER // (LATER * 2 // 3) + 2
