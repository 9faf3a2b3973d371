"""How many requests a principal may make: counted in memory, a minute at a time, and told in headers."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

WINDOW: Final = 60
"""Seconds."""


@dataclass(slots=True)
class _Minute:
    began: float
    taken: int = 0


@dataclass(frozen=True, slots=True)
class Room:
    """What is left of a principal's minute; `left` is negative for a request too many."""

    quota: int
    left: int
    seconds: int

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        """The RateLimit fields (draft-ietf-httpapi-ratelimit-headers, the form with named policies)."""
        policy = f'"minute";q={self.quota};w={WINDOW}'
        rest = f'"minute";r={max(self.left, 0)};t={self.seconds}'
        return [(b"ratelimit-policy", policy.encode()), (b"ratelimit", rest.encode())]


class Rates:
    """The minutes of all principals. Real time, whatever clock mail runs on: requests cost real work."""

    def __init__(self, per_minute: int, now: Callable[[], float] = time.monotonic) -> None:
        self._quota = per_minute
        self._now = now
        self._minutes: dict[str, _Minute] = {}

    def take(self, principal_id: str) -> Room:
        """Count one request."""
        now = self._now()
        minute = self._minutes.get(principal_id)
        if minute is None or now - minute.began >= WINDOW:
            minute = self._minutes[principal_id] = _Minute(now)
        minute.taken += 1
        rest = math.ceil(WINDOW - (now - minute.began))
        return Room(self._quota, self._quota - minute.taken, rest)
