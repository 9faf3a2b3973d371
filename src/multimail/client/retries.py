"""Whether and when a failed call is made again: only where doing it twice is the same as doing it once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from multimail.client.errors import ConnectionFailed, MultimailError, Timeout

FIRST_PAUSE: Final = 0.25
LONGEST_PAUSE: Final = 8.0
LONGEST_WISH: Final = 60.0
"""Seconds of `Retry-After` that are waited; when a server asks for more, the caller decides."""

_PASSING: Final = (429, 502, 503, 504)


@dataclass(frozen=True, slots=True)
class Try:
    """A try that failed: the call may be repeated or not, this was the `number`th try (from 0) of 1 + `retries`."""

    error: MultimailError
    repeatable: bool
    number: int
    retries: int


def pause(failed: Try, chance: float) -> float | None:
    """Seconds until the next try, or None for no more; `chance` in 0…1 keeps many clients apart."""
    if not failed.repeatable or failed.number >= failed.retries or not _may_pass(failed.error):
        return None
    asked = failed.error.retry_after
    if asked is not None:
        return asked if asked <= LONGEST_WISH else None
    longest = min(FIRST_PAUSE * float(2**failed.number), LONGEST_PAUSE)
    return longest * (1 + chance) / 2


def _may_pass(error: MultimailError) -> bool:
    """Whether the same call can succeed in a moment. A cap lasts: the server says how long, or it is not tried."""
    if error.status == 0:
        return isinstance(error, ConnectionFailed | Timeout)
    if error.status == 429:
        return error.retry_after is not None
    return error.status in _PASSING and error.retry
