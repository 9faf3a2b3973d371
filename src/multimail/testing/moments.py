"""Moments as tests write and read them, and as the server counts them."""

from __future__ import annotations

from datetime import UTC, datetime

from multimail.core.times import MILLISECOND, Micros, from_datetime, to_datetime


def moment(given: datetime | str) -> Micros:
    """A moment as tests write it. Raises `ValueError` for one without an offset: it does not say when it is."""
    if isinstance(given, str):
        given = datetime.fromisoformat(given)
    return from_datetime(given)


def shown(at: Micros) -> datetime:
    """A moment as tests read it, in UTC and to the millisecond."""
    return to_datetime(at // MILLISECOND * MILLISECOND)


def last_of(at: Micros) -> Micros:
    """The end of a moment that was read as a whole millisecond: what is due in it has happened then."""
    return at if at % MILLISECOND else at + MILLISECOND - 1


def whole_second() -> datetime:
    """Where a clock begins that nobody set: now, without the fraction."""
    return datetime.now(UTC).replace(microsecond=0)
