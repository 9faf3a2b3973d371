"""When a delivery that failed for now is tried again (RFC 5321 section 4.5.4.1). Permanent failures never come here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from multimail.core.times import DAY, HOUR, MINUTE, Micros

GIVE_UP_AFTER: Final[Micros] = 5 * DAY
STEPS: Final[tuple[Micros, ...]] = (1 * MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, 1 * HOUR)
LATER: Final[Micros] = 3 * HOUR
_SPREAD: Final = 1 / 3


@dataclass(frozen=True, slots=True)
class Retry:
    """Try again at this moment."""

    at: Micros


@dataclass(frozen=True, slots=True)
class GiveUp:
    """The time is over: the failure is final now."""


def next_try(attempt: int, first_at: Micros, now: Micros, jitter: float) -> Retry | GiveUp:
    """After the failure of attempt number `attempt` (1 is the first), which began at `first_at` for this recipient.

    About 1, 5, 15, 30 minutes, one hour, then every 2 to 4 hours; the last try is at the end of the five days.
    `jitter` in [0, 1) moves each wait by up to a third either way, so that mails held up together part again.
    """
    deadline = first_at + GIVE_UP_AFTER
    if now >= deadline:
        return GiveUp()
    wait = STEPS[max(attempt, 1) - 1] if attempt <= len(STEPS) else LATER
    return Retry(min(now + round(wait * (1 + _SPREAD * (2 * jitter - 1))), deadline))
