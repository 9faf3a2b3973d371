"""Business days between two moments, and which requests were honoured too late."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multimail.core.business_days import between, is_late
from multimail.core.times import DAY, SECOND, Micros, from_datetime


def at(day: int, hour: int = 12) -> Micros:
    """A moment of March 2026, whose first Monday is the second."""
    return from_datetime(datetime(2026, 3, day, hour, tzinfo=UTC))


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (at(2, 9), at(2, 18), 0),
        (at(2), at(3, 0), 1),
        (at(6), at(8), 0),
        (at(6), at(9), 1),
        (at(7), at(8), 0),
        (at(2), at(9), 5),
        (at(2), at(16), 10),
        (at(2), at(17), 11),
        (at(3), at(2), 0),
    ],
)
def test_days_are_counted_from_monday_to_friday(start: Micros, end: Micros, days: int) -> None:
    assert between(start, end) == days


def test_ten_business_days_are_in_time_and_the_eleventh_is_late() -> None:
    assert not is_late(at(2), at(16, 23))
    assert is_late(at(2), at(17, 0))
    assert not is_late(at(2), at(2) + SECOND)


@given(st.integers(0, 20_000), st.integers(0, 90))
def test_it_is_what_counting_day_by_day_gives(first: int, more: int) -> None:
    days = [datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=first + one) for one in range(1, more + 1)]

    assert between(first * DAY, (first + more) * DAY) == sum(one.weekday() < 5 for one in days)
