"""Figures of how people decide, and what they speak for. Pure: decisions in, numbers and advice out.

Advice rests on its numbers, which it says, and there is none of more freedom below `ENOUGH` decisions: a few
approvals say little about the next mail.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final, Literal, TypeAlias

from multimail.core.model import Mode
from multimail.core.times import SECOND, Micros, to_datetime

ENOUGH: Final = 20
"""Decisions that advice of more freedom rests on at least."""
FEW: Final = 10
"""Looks, or decisions, below which a share of them says nothing."""
QUICK: Final = 3 * SECOND
_RUBBER: Final = 0.5
"""The share of quick looks from which on approvals do not show that anybody read."""
_BAD: Final = 0.3
"""The share of mails sent back or rejected from which on less freedom is advised."""
_WITHDRAWN: Final = 0.1


Kind: TypeAlias = Literal["promote", "keep", "tighten"]


@dataclass(frozen=True, slots=True)
class Decided:
    """A person's decision. `look` is the time between first seeing the text and deciding, None where not known;
    `known` says that every recipient was known to the mailbox before."""

    decision: str
    edited: bool
    at: Micros
    look: Micros | None
    known: bool

    @property
    def untouched(self) -> bool:
        """Let go as it was written."""
        return self.decision == "approve" and not self.edited


@dataclass(frozen=True, slots=True)
class Course:
    """All that is counted of a mailbox in a time: `decided` by people, `expired` because nobody did, `left_alone`
    without a person, `withdrawn` of those in time, over so many `days`."""

    mode: Mode
    days: int
    decided: tuple[Decided, ...]
    expired: tuple[Micros, ...] = ()
    left_alone: int = 0
    withdrawn: int = 0


@dataclass(frozen=True, slots=True)
class Shares:
    """Shares between 0 and 1, None where there is nothing to have a share of. `looks` have a known length."""

    looks: int
    median_look: float | None
    quick: float | None
    edited: float | None
    rejected: float | None
    sent_back: float | None
    expired: float | None


@dataclass(frozen=True, slots=True)
class Day:
    """The decisions of a day in UTC."""

    day: str
    decisions: int
    approved: int
    edited: int
    rejected: int
    sent_back: int
    expired: int


@dataclass(frozen=True, slots=True)
class Advice:
    """More freedom, less, or no change. `of` decisions were looked at, `untouched` of them approved as written.

    `trust` says to put the known recipients on the trusted list rather than to let everybody be mailed.
    """

    kind: Kind
    evidence: str
    of: int
    untouched: int
    to_mode: Mode | None = None
    trust: bool = False


def shares(course: Course) -> Shares:
    """How the decisions divide up."""
    decided = course.decided
    looks = [one.look for one in decided if one.look is not None]
    return Shares(
        looks=len(looks),
        median_look=median(looks) / SECOND if looks else None,
        quick=_share(sum(look < QUICK for look in looks), len(looks)),
        edited=_share(sum(one.edited for one in decided), len(decided)),
        rejected=_share(_count(decided, "reject"), len(decided)),
        sent_back=_share(_count(decided, "request_changes"), len(decided)),
        expired=_share(len(course.expired), len(course.expired) + len(decided)),
    )


def by_day(course: Course) -> tuple[Day, ...]:
    """The days on which something was decided or expired, oldest first."""
    days: dict[str, list[Decided]] = {}
    for one in course.decided:
        days.setdefault(_day(one.at), []).append(one)
    gone = [_day(at) for at in course.expired]
    return tuple(
        Day(
            day=day,
            decisions=len(found := days.get(day, [])),
            approved=_count(found, "approve"),
            edited=sum(one.edited for one in found),
            rejected=_count(found, "reject"),
            sent_back=_count(found, "request_changes"),
            expired=gone.count(day),
        )
        for day in sorted({*days, *gone})
    )


def advise(course: Course) -> Advice:
    """What the figures speak for: less freedom before anything else, more of it only where all of them do."""
    untouched = sum(one.untouched for one in course.decided)
    found = _tighten(course) or _nothing_to_free(course) or _quick(course) or _promote(course)
    if found is not None:
        return found
    of = len(course.decided)
    if of < ENOUGH:
        why = f"{_many(of, 'decision')} in {_many(course.days, 'day')}: too few to advise on, {ENOUGH} are needed."
    else:
        why = f"{untouched} of {of} approved unedited in {_many(course.days, 'day')}: people still change or stop mail."
    return Advice("keep", why, of, untouched)


def _tighten(course: Course) -> Advice | None:
    of, untouched = len(course.decided), sum(one.untouched for one in course.decided)
    days = _many(course.days, "day")
    stopped = _count(course.decided, "reject") + _count(course.decided, "request_changes")
    if of >= FEW and course.left_alone and stopped / of >= _BAD and course.mode is not Mode.GATED_ALL:
        why = (
            f"{stopped} of {of} mails were rejected or sent back in {days}, and {course.left_alone} others left"
            " without anybody's decision."
        )
        return Advice("tighten", why, of, untouched, _stricter(course.mode))
    alone = course.left_alone + course.withdrawn
    if alone >= ENOUGH and course.withdrawn / alone >= _WITHDRAWN:
        why = f"{course.withdrawn} of {alone} mails that nobody had to approve were taken back in {days}."
        return Advice("tighten", why, of, untouched, _stricter(course.mode))
    return None


def _nothing_to_free(course: Course) -> Advice | None:
    """Where mail goes by itself, decisions are exceptions, and say nothing for more freedom."""
    if course.mode in {Mode.GATED_ALL, Mode.GATED_SEND}:
        return None
    of, untouched = len(course.decided), sum(one.untouched for one in course.decided)
    if course.mode is Mode.READ_ONLY:
        return Advice("keep", "Nothing leaves this mailbox, so there is nothing to go by.", of, untouched)
    alone = course.left_alone + course.withdrawn
    days = _many(course.days, "day")
    why = f"{course.withdrawn} of {alone} mails that nobody had to approve were taken back in {days}."
    return Advice("keep", why, of, untouched)


def _quick(course: Course) -> Advice | None:
    """Approvals within a blink are no evidence: say that before any advice of more freedom."""
    found = shares(course)
    if found.looks < FEW or found.quick is None or found.quick < _RUBBER or len(course.decided) < ENOUGH:
        return None
    quick = round(found.quick * found.looks)
    untouched = sum(one.untouched for one in course.decided)
    why = (
        f"{untouched} of {len(course.decided)} approved unedited in {_many(course.days, 'day')}, but {quick} of"
        f" {found.looks} looks were shorter than {QUICK // SECOND} seconds: they do not show that anybody read."
    )
    return Advice("keep", why, len(course.decided), untouched)


def _promote(course: Course) -> Advice | None:
    known = [one for one in course.decided if one.known]
    days = _many(course.days, "day")
    of = len(course.decided)
    strangers = of - len(known)
    if of >= ENOUGH and all(one.untouched for one in course.decided):
        why = f"{of} of {of} approved unedited in {days}, {len(known)} of them to known recipients."
        if course.mode is Mode.GATED_SEND and strangers >= ENOUGH:
            return Advice("promote", why, of, of, Mode.MONITORED)
        return Advice("promote", why, of, of, Mode.GATED_SEND, trust=True)
    if len(known) >= ENOUGH and all(one.untouched for one in known):
        why = f"{len(known)} of {len(known)} to known recipients approved unedited in {days}."
        return Advice("promote", why, len(known), len(known), Mode.GATED_SEND, trust=True)
    return None


def _stricter(mode: Mode) -> Mode:
    return Mode.GATED_ALL if mode is Mode.GATED_SEND else Mode.GATED_SEND


def _count(decided: Sequence[Decided], verb: str) -> int:
    return sum(one.decision == verb for one in decided)


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _day(at: Micros) -> str:
    return to_datetime(at).date().isoformat()


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
