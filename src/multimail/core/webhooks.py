"""When a webhook is called again, and how well its receiver does. Whom it may reach is in `reach`."""

from __future__ import annotations

from typing import Final

from multimail.core.retry import GiveUp, Retry
from multimail.core.times import DAY, HOUR, MINUTE, SECOND, Micros

WAITS: Final[tuple[Micros, ...]] = (
    5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 12 * HOUR,
)  # fmt: skip
"""Between one try and the next: eight tries within about 29 and a half hours."""
TRIES: Final = len(WAITS) + 1
LONGEST_ASKED: Final[Micros] = 12 * HOUR
"""A receiver may ask for more patience than planned, but not for more than this."""
BODIES_FOR: Final[Micros] = 3 * DAY
"""So long what was posted is kept after it is over: it can hold the text of mail."""
ROWS_FOR: Final[Micros] = 30 * DAY
"""And that it was posted."""
GONE: Final = 410
_SPREAD: Final = 0.1
_FAILING: Final = 5
_FINE: Final = 0.95


def next_post(tries: int, now: Micros, jitter: float, asked: Micros = 0) -> Retry | GiveUp:
    """After try number `tries` (1 is the first) failed. `asked` is how long the receiver wants to be left alone.

    `jitter` in [0, 1) moves each wait by up to a tenth either way, so that what failed together parts again.
    """
    if tries >= TRIES:
        return GiveUp()
    planned = round(WAITS[max(tries, 1) - 1] * (1 + _SPREAD * (2 * jitter - 1)))
    return Retry(now + max(planned, min(asked, LONGEST_ASKED)))


def health(failures_in_a_row: int, delivered: int, failed: int) -> str:
    """`failing` after five failed tries in a row, `degraded` where less than 95 % arrived, else `ok`."""
    if failures_in_a_row >= _FAILING:
        return "failing"
    return "degraded" if delivered < _FINE * (delivered + failed) else "ok"
