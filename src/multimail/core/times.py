"""Time as one integer: microseconds since 1970-01-01 UTC, and the only ways in and out of it.

Nothing here reads a clock; the moment is always an argument.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final, TypeAlias

Micros: TypeAlias = int
"""A moment (`..._at`) or a length of time, in microseconds. Moments count from the Unix epoch, in UTC."""

MILLISECOND: Final[Micros] = 1_000
SECOND: Final[Micros] = 1_000_000
MINUTE: Final[Micros] = 60 * SECOND
HOUR: Final[Micros] = 60 * MINUTE
DAY: Final[Micros] = 24 * HOUR

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def from_datetime(moment: datetime) -> Micros:
    """Exact, whatever the offset. A naive datetime raises `ValueError`: it does not say when it is."""
    if moment.utcoffset() is None:
        raise ValueError("a datetime without an offset from UTC is not a moment")
    return (moment - _EPOCH) // _MICROSECOND


def to_datetime(at: Micros) -> datetime:
    """Aware, in UTC. Raises `OverflowError` outside the years 1 to 9999."""
    return _EPOCH + timedelta(microseconds=at)


def seconds_until(at: Micros | None, now: Micros, most: float) -> float:
    """How long it still is, from nothing to `most`; what never comes is `most` away."""
    return most if at is None else max(min((at - now) / SECOND, most), 0.0)


def to_rfc3339(at: Micros) -> str:
    """`2026-03-01T12:00:00.000000Z`: always of one width, so that text sorts as time does."""
    return to_datetime(at).isoformat(timespec="microseconds").replace("+00:00", "Z")
