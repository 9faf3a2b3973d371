"""How often, and at which hours, somebody may be written to: caps and quiet hours, reckoned on the recipient's clock.

Zones, moments and what was handed over before are arguments; nothing here looks anything up.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from multimail.core.errors import Problem
from multimail.core.times import DAY, MINUTE, Micros, from_datetime, to_datetime

PERIODS: Final[Mapping[str, Micros]] = {"day": DAY, "week": 7 * DAY, "month": 30 * DAY}
"""What a cap counts over: always the time right before, never a page of the calendar."""
WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTES: Final = 24 * 60
QUIET: Final = "quiet_hours"
CAPPED: Final = "frequency_cap"
_CLOCK: Final = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)
_FURTHEST: Final = 9
"""Days looked ahead for an open hour: a week has one, whatever the clocks do meanwhile."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours in which nothing is handed over: from `starts` until right before `ends`, in minutes of the local day,
    over midnight if `ends` comes first; and all of the weekdays in `days`, Monday being 0. Equal times are no hours."""

    starts: int = 0
    ends: int = 0
    days: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Cap:
    """At most so many mails in any one period."""

    period: str
    most: int


@dataclass(frozen=True, slots=True)
class PaceRule:
    """What holds for mail of a mailbox and topic; "" is all of them. `cap_refuses` and `quiet_refuses` leave the
    recipient out instead of waiting; `transactional` mail is meant only where it says so."""

    id: str
    mailbox_id: str = ""
    topic: str = ""
    caps: tuple[Cap, ...] = ()
    quiet: Quiet | None = None
    cap_refuses: bool = False
    quiet_refuses: bool = False
    transactional: bool = False

    def counts(self, mailbox_id: str, topic: str) -> bool:
        """Whether a mail of this mailbox and topic is one that its caps count."""
        return self.mailbox_id in {"", mailbox_id} and self.topic in {"", topic}


@dataclass(frozen=True, slots=True)
class Handed:
    """A mail that somebody was given: when, by which mailbox, about what."""

    at: Micros
    mailbox_id: str
    topic: str


@dataclass(frozen=True, slots=True)
class Delay:
    """Not now: because of `reason`, a code; from `until` on, or not at all."""

    until: Micros | None
    reason: str


def delay(rules: Sequence[PaceRule], handed: Sequence[Handed], zone: tzinfo, now: Micros) -> Delay | None:
    """Whether somebody in this zone has to be left alone now, by the strictest of the rules.

    `until` is the first moment at which all of them agree, as far as is known now.
    """
    reasons = [(rule, reason) for rule in rules for reason in _against(rule, handed, zone, now)]
    if not reasons:
        return None
    refusing = [reason for rule, reason in reasons if _refuses(rule, reason)]
    if refusing:
        return Delay(None, refusing[0])
    at = now
    while (later := max(_free_at(rule, handed, zone, at) for rule in rules)) > at:
        at = later
    return Delay(at, reasons[0][1])


def _refuses(rule: PaceRule, reason: str) -> bool:
    return rule.cap_refuses if reason == CAPPED else rule.quiet_refuses


def _against(rule: PaceRule, handed: Sequence[Handed], zone: tzinfo, at: Micros) -> list[str]:
    capped = any(cap_free_at(cap, _times(rule, handed), at) > at for cap in rule.caps)
    quiet = rule.quiet is not None and is_quiet(rule.quiet, at, zone)
    return [reason for reason, holds in ((CAPPED, capped), (QUIET, quiet)) if holds]


def _free_at(rule: PaceRule, handed: Sequence[Handed], zone: tzinfo, at: Micros) -> Micros:
    times = _times(rule, handed)
    free = max((cap_free_at(cap, times, at) for cap in rule.caps), default=at)
    return free if rule.quiet is None else opens_at(rule.quiet, free, zone)


def _times(rule: PaceRule, handed: Sequence[Handed]) -> list[Micros]:
    return sorted(one.at for one in handed if rule.counts(one.mailbox_id, one.topic))


def cap_free_at(cap: Cap, times: Sequence[Micros], at: Micros) -> Micros:
    """The first moment from `at` on at which one more keeps the cap. `times` are in order."""
    period = PERIODS[cap.period]
    within = [one for one in times if one > at - period]
    return at if len(within) < cap.most else within[-cap.most] + period


def is_quiet(quiet: Quiet, at: Micros, zone: tzinfo) -> bool:
    """Whether the local clock shows a quiet hour."""
    local = to_datetime(at).astimezone(zone)
    if local.weekday() in quiet.days:
        return True
    minute = local.hour * 60 + local.minute
    if quiet.starts <= quiet.ends:
        return quiet.starts <= minute < quiet.ends
    return minute >= quiet.starts or minute < quiet.ends


def opens_at(quiet: Quiet, at: Micros, zone: tzinfo) -> Micros:
    """The first moment from `at` on that is not quiet."""
    if not is_quiet(quiet, at, zone):
        return at
    first = to_datetime(at).astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    moments = (
        moment
        for days in range(_FURTHEST)
        for minutes in sorted({0, quiet.ends})
        for moment in _moments(first + timedelta(days=days, minutes=minutes), zone)
    )
    return next((one for one in moments if one > at and not is_quiet(quiet, one, zone)), at + DAY)


def _moments(wall: datetime, zone: tzinfo) -> list[Micros]:
    """When a local clock shows this: once, twice where it is set back, and where it jumps over, the moment it does."""
    once, again = (from_datetime(wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)) for fold in (0, 1))
    if once <= again:
        return sorted({once, again})
    early, late = again // MINUTE, once // MINUTE
    before = _offset(early, zone)
    while late - early > 1:
        middle = (early + late) // 2
        if _offset(middle, zone) == before:
            early = middle
        else:
            late = middle
    return [late * MINUTE]


def _offset(minute: int, zone: tzinfo) -> timedelta | None:
    return to_datetime(minute * MINUTE).astimezone(zone).utcoffset()


def on_clock(wall: Micros, zone: tzinfo) -> Micros:
    """When a clock in this zone shows what one in UTC shows at `wall`. What it shows twice counts the first time, and
    what it jumps over is as long after the hour before as if it did not (RFC 5545 section 3.3.5)."""
    naive = to_datetime(wall).replace(tzinfo=None)
    return from_datetime(naive.replace(tzinfo=zone, fold=0).astimezone(UTC))


def minute_of(text: str, field: str) -> int:
    """`21:30` as minutes of the day; 24:00 is the end of it. Raises `invalid`."""
    match = _CLOCK.fullmatch(text.strip())
    if match is not None:
        return int(match[1]) * 60 + int(match[2])
    if text.strip() == "24:00":
        return 0
    raise Problem("invalid", f"{text[:20]!a} is no time of day.", field=field, advice="Write 21:00.")


def clock_of(minute: int) -> str:
    """Minutes of the day as `21:30`."""
    return f"{minute // 60:02}:{minute % 60:02}"


def weekdays_of(given: Sequence[str], field: str) -> frozenset[int]:
    """Weekdays by their names, in full or their first three letters. Raises `invalid`."""
    names = [one.strip().lower()[:3] for one in given]
    for name, one in zip(names, given, strict=True):
        if name not in WEEKDAYS or not _FULL[name].startswith(one.strip().lower()):
            raise Problem("invalid", f"{one[:20]!a} is no weekday.", field=field, advice="Write mon to sun.")
    return frozenset(WEEKDAYS.index(name) for name in names)


_FULL: Final = {
    name[:3]: name for name in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
}
