"""Business days between two moments, as the law on opting out counts them: Monday to Friday, UTC, no holidays."""

from __future__ import annotations

from typing import Final

from multimail.core.times import DAY, Micros

TO_HONOUR: Final = 10
"""Business days within which a request to stop has to hold (CAN-SPAM, 15 U.S.C. 7704(a)(4))."""
_WEEK: Final = 7
_WORKING: Final = 5
_EPOCH_WEEKDAY: Final = 3
"""1970-01-01 was a Thursday; Monday is 0."""


def between(start: Micros, end: Micros) -> int:
    """Whole business days that began after `start` and no later than `end`. Holidays would only make it fewer."""
    first, last = start // DAY + 1, end // DAY
    weeks, rest = divmod(max(last - first + 1, 0), _WEEK)
    days = (first + weeks * _WEEK + number for number in range(rest))
    return weeks * _WORKING + sum((day + _EPOCH_WEEKDAY) % _WEEK < _WORKING for day in days)


def is_late(requested_at: Micros, honoured_at: Micros) -> bool:
    """Whether a request took longer than the law allows."""
    return between(requested_at, honoured_at) > TO_HONOUR
