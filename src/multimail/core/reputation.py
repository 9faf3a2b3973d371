"""Reputation: rates of what came back, the breakers that slow or stop sending by them, volume spikes, warm-up.

Everything is counted before it comes here; nothing is looked up, and no clock is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from statistics import median
from typing import Final

from multimail.core.times import DAY, HOUR, Micros

MAILBOX: Final = "mailbox"
DOMAIN: Final = "domain"
CAMPAIGN: Final = "campaign"
VARIANT: Final = "variant"
"""The tag whose value tells the versions of a campaign's mail apart."""
KEPT_HOURS: Final = 31 * 24
"""So long counts are kept hour by hour."""
_SPIKE_HOURS: Final = 7 * 24
_USUAL_HOURS: Final = 6
"""Hours with mail that there have to be before anything counts as usual."""
_PATTERN: Final = 2
"""One mail that came back, or one complaint, is no pattern: it warns and does no more."""


class State(StrEnum):
    """What a breaker does. `paused` ends by an operator only; the others follow the rates."""

    NORMAL = "normal"
    WARNED = "warned"
    THROTTLED = "throttled"
    PAUSED = "paused"


_LADDER: Final = (State.NORMAL, State.WARNED, State.THROTTLED, State.PAUSED)


@dataclass(frozen=True, slots=True)
class Counts:
    """What was counted. `sent` were given to the next hop, refusals for good among them; `bounced` came back or were
    refused for good, `soft_bounced` came back for a while."""

    sent: int = 0
    bounced: int = 0
    soft_bounced: int = 0
    complained: int = 0
    unsubscribed: int = 0
    replied: int = 0
    opened: int = 0

    @property
    def delivered(self) -> int:
        return max(self.sent - self.bounced, 0)

    @property
    def bounce_percent(self) -> float:
        return percent(self.bounced, self.sent)

    @property
    def complaint_percent(self) -> float:
        return percent(self.complained, self.sent)

    def less(self, other: Counts) -> Counts:
        """What was counted since."""
        return Counts(*(max(getattr(self, one) - getattr(other, one), 0) for one in COUNTED))


COUNTED: Final = tuple(Counts.__slots__)


def percent(part: int, whole: int) -> float:
    """With three places; of nothing it is 0, and what comes back of mail sent long ago never makes more than 100."""
    return min(round(100 * part / whole, 3), 100.0) if whole else 0.0


@dataclass(frozen=True, slots=True)
class Rung:
    """From these percentages on, of bounces or of complaints."""

    bounces: float
    complaints: float


@dataclass(frozen=True, slots=True)
class Rules:
    """How a breaker works. A state is left again only below `recover` times what it was entered at."""

    enabled: bool = True
    warn: Rung = field(default=Rung(2.0, 0.1))
    throttle: Rung = field(default=Rung(3.0, 0.2))
    pause: Rung = field(default=Rung(5.0, 0.3))
    minimum: int = 50
    window_hours: int = 24
    recover: float = 0.8
    per_minute: int = 10
    spike_factor: float = 5.0
    spike_action: State = State.WARNED


@dataclass(frozen=True, slots=True)
class Verdict:
    """The state a breaker comes to, and why: a code, empty where all is well."""

    state: State
    reason: str = ""


def judged(state: State, counts: Counts, rules: Rules, *, spike: bool = False) -> Verdict:
    """Where a breaker in `state` goes. Up at once, down only once the rates are well below, never out of `paused`."""
    if state is State.PAUSED:
        return Verdict(state)
    if not rules.enabled:
        return Verdict(State.NORMAL)
    found = _by_rates(state, counts, rules)
    if spike and _LADDER.index(rules.spike_action) > _LADDER.index(found.state):
        return Verdict(rules.spike_action, "volume_spike")
    return found


def _by_rates(state: State, counts: Counts, rules: Rules) -> Verdict:
    if counts.sent < rules.minimum:
        return Verdict(State.NORMAL)
    rungs = ((State.PAUSED, rules.pause), (State.THROTTLED, rules.throttle), (State.WARNED, rules.warn))
    for target, rung in rungs:
        least = 1 if target is State.WARNED else _PATTERN
        ease = rules.recover if _LADDER.index(state) >= _LADDER.index(target) else 1.0
        if _reached(counts.bounced, counts.sent, rung.bounces * ease, least):
            return Verdict(target, "bounces")
        if _reached(counts.complained, counts.sent, rung.complaints * ease, least):
            return Verdict(target, "complaints")
    return Verdict(State.NORMAL)


def _reached(part: int, whole: int, limit: float, least: int) -> bool:
    return part >= least and 100 * part >= limit * whole - 1e-9


def rises(old: State, new: State) -> bool:
    """Whether a breaker gets stricter."""
    return _LADDER.index(new) > _LADDER.index(old)


def is_spike(this_hour: int, earlier: Sequence[int], rules: Rules) -> bool:
    """Whether this hour's mail is far more than usual: than the median of the hours with mail in the last seven days.

    Where there is too little to call usual, nothing is unusual.
    """
    usual = [one for one in earlier if one]
    if not rules.enabled or rules.spike_action is State.NORMAL or this_hour < rules.minimum:
        return False
    return len(usual) >= _USUAL_HOURS and this_hour >= rules.spike_factor * median(usual)


def spike_hours(hour: int) -> tuple[int, int]:
    """From which hour on, and before which, mail says what is usual."""
    return hour - _SPIKE_HOURS, hour


def window(hour: int, hours: int) -> int:
    """The first of the last so many hours, the present one among them."""
    return hour - hours + 1


def hour_of(at: Micros) -> int:
    """The hour since the epoch."""
    return at // HOUR


@dataclass(frozen=True, slots=True)
class WarmUp:
    """A mailbox begins with `first` mails a day and comes to `target` on day number `days`, by equal factors."""

    started_at: Micros
    first: int = 50
    target: int = 5_000
    days: int = 30

    def day(self, at: Micros) -> int:
        """Which day it is, from 1; days are those of UTC."""
        return max(at // DAY - self.started_at // DAY, 0) + 1

    def limit(self, at: Micros) -> int | None:
        """How many may leave today; None once it is over."""
        day = self.day(at)
        if day > self.days:
            return None
        if self.days == 1:
            return self.target
        growth: float = (self.target / self.first) ** ((day - 1) / (self.days - 1))
        return round(self.first * growth)

    def ends_at(self) -> Micros:
        """From then on there is no limit."""
        return (self.started_at // DAY + self.days) * DAY


def next_day(at: Micros) -> Micros:
    """The beginning of the next day, UTC."""
    return (at // DAY + 1) * DAY
