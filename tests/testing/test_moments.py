"""Moments: any offset, UTC out, and a whole millisecond is all of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from multimail.core.times import MILLISECOND, SECOND
from multimail.testing.moments import last_of, moment, shown, whole_second


def test_a_moment_has_an_offset() -> None:
    assert moment("1970-01-01T02:00:01+02:00") == moment(datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)) == SECOND
    with pytest.raises(ValueError, match="offset"):
        moment("1970-01-01T00:00:01")


def test_what_is_shown_is_read_back_as_all_of_its_millisecond() -> None:
    at = 5 * SECOND + 17

    assert shown(at) == datetime(1970, 1, 1, 0, 0, 5, tzinfo=UTC)
    assert at <= last_of(moment(shown(at))) < 5 * SECOND + MILLISECOND
    assert last_of(at) == at


def test_clocks_begin_at_a_whole_second() -> None:
    assert whole_second().microsecond == 0
    assert whole_second().utcoffset() == timedelta()
