"""Microseconds and datetimes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multimail.core.times import DAY, SECOND, from_datetime, seconds_until, to_datetime, to_rfc3339


def test_the_epoch_is_zero_in_every_offset() -> None:
    tokyo = timezone(timedelta(hours=9))

    assert from_datetime(datetime(1970, 1, 1, 9, tzinfo=tokyo)) == 0


def test_a_datetime_without_an_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="not a moment"):
        from_datetime(datetime(2026, 3, 1))  # noqa: DTZ001 - the subject


@given(st.datetimes(timezones=st.just(UTC)))
def test_no_microsecond_is_lost_on_the_way_there_and_back(moment: datetime) -> None:
    assert to_datetime(from_datetime(moment)) == moment


@pytest.mark.parametrize(
    ("at", "seconds"), [(None, 5.0), (12 * SECOND, 2.0), (99 * SECOND, 5.0), (10 * SECOND, 0.0), (0, 0.0)]
)
def test_what_is_over_or_far_away_is_waited_for_within_bounds(at: int | None, seconds: float) -> None:
    assert seconds_until(at, 10 * SECOND, 5.0) == seconds


def test_a_moment_before_the_epoch_is_negative() -> None:
    assert from_datetime(datetime(1969, 12, 31, tzinfo=UTC)) == -DAY


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (0, "1970-01-01T00:00:00.000000Z"),
        (1_772_366_400 * SECOND + 7, "2026-03-01T12:00:00.000007Z"),
    ],
)
def test_the_text_form_has_one_width_and_ends_in_z(at: int, text: str) -> None:
    assert to_rfc3339(at) == text
