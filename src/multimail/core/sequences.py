"""Sequences of mails: which step comes next for somebody, when, and what ends it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from multimail.core.errors import Problem
from multimail.core.times import DAY, HOUR, MINUTE, Micros

ACTIVE: Final = "active"
COMPLETED: Final = "completed"
STOPPED: Final = "stopped"
SERVER: Final = "server"
MOST_STEPS: Final = 50
_WAIT: Final = re.compile(r"(\d{1,5}) ?(m|h|d|w)", re.ASCII)
_UNITS: Final = {"m": MINUTE, "h": HOUR, "d": DAY, "w": 7 * DAY}
_LONGEST: Final = 366 * DAY
_ENDS: Final = (
    ("unsubscribe", "unsubscribed"),
    ("erasure", "erased"),
    ("complaint", "complained"),
    ("hard_bounce", "bounced"),
    ("manual", "suppressed"),
)
_OVER: Final = {
    "bounced": "bounced", "failed": "bounced", "suppressed": "suppressed", "rejected": "rejected",
    "cancelled": "cancelled", "expired": "expired",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """A mail of a sequence, `wait` after the one before. It is left out for whoever lacks a tag of `only_if`, or has
    one of `unless`."""

    wait: Micros
    subject: str = ""
    body: str = ""
    template: str = ""
    tags: tuple[str, ...] = ()
    only_if: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()

    def is_for(self, tags: Collection[str]) -> bool:
        """Whether somebody with these tags gets it."""
        return all(tag in tags for tag in self.only_if) and not any(tag in tags for tag in self.unless)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is sent, in order, and what it is for. A tag of `stop_tags` ends it; whoever is through gets `done_tag`;
    in one thread, later mails answer the first."""

    steps: tuple[Step, ...]
    stop_tags: tuple[str, ...] = ()
    done_tag: str = ""
    message_class: str = ""
    topic: str = ""
    same_thread: bool = False

    def next_for(self, step: int, tags: Collection[str]) -> int | None:
        """The first step from `step` on that is for somebody with these tags; None when he is through."""
        fitting = (place for place in range(step, len(self.steps)) if self.steps[place].is_for(tags))
        return next(fitting, None)

    def due_after(self, step: int, now: Micros) -> Micros:
        """When the step behind `step` is due, that one being done now; after the last one there is nothing to wait
        for."""
        return now + self.steps[step + 1].wait if step + 1 < len(self.steps) else now


def ended_by(
    plan: Plan, tags: Collection[str], suppressed: Iterable[str], last_status: str | None
) -> str | None:
    """Why somebody gets no more of it, as a code: by his tags, why he is suppressed, or what became of the last
    mail; None while it goes on."""
    for tag in ("unsubscribed", "suppressed"):
        if tag in tags:
            return tag
    reasons = set(suppressed)
    for reason, code in _ENDS:
        if reason in reasons:
            return code
    if any(tag in tags for tag in plan.stop_tags):
        return "tag"
    return _OVER.get(last_status or "")


def wait_of(text: str, field: str) -> Micros:
    """`30m`, `12h`, `3d` or `2w` as a length of time; 0 is none. Raises `invalid`."""
    match = _WAIT.fullmatch(text.strip().lower())
    wait = 0 if text.strip() == "0" else int(match[1]) * _UNITS[match[2]] if match is not None else -1
    if not 0 <= wait <= _LONGEST:
        raise Problem(
            "invalid", f"{text[:20]!a} is no time to wait.", field=field, advice="Write 30m, 12h, 3d or 2w."
        )
    return wait


def wait_text(wait: Micros) -> str:
    """The length of time as it is written; the largest unit that fits."""
    for unit, length in reversed(_UNITS.items()):
        if wait and wait % length == 0:
            return f"{wait // length}{unit}"
    return "0"
