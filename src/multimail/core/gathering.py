"""When the oversight address is told that something waits. Pure: the moment is an argument."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from multimail.core.model import NoticeKind, NoticeRules
from multimail.core.times import HOUR, MINUTE, Micros

MINUTES: Final[dict[NoticeKind, int]] = {
    NoticeKind.IMMEDIATE: 2,
    NoticeKind.DIGEST: 60,
    NoticeKind.OFF: 0,
}
"""How long what waits is gathered where a mailbox says nothing else."""
MOST_AN_HOUR: Final = 20
"""Notices of one mailbox in an hour: what comes in faster is told together."""

_HEADER: Final = "<notice-"


def header_id(message_id: str, domain: str) -> str:
    """The Message-ID of a notice: what answers or returns it is known by that."""
    return f"{_HEADER}{message_id}@{domain}>"


def is_notice_id(header_id: str) -> bool:
    """Whether it is one of ours by its form; that it is known has to be asked besides."""
    return header_id.startswith(_HEADER)


def minutes(rules: NoticeRules) -> int:
    """How long what waits is gathered."""
    return MINUTES[rules.kind] if rules.minutes is None else rules.minutes


def due_at(rules: NoticeRules, since: Micros, earlier: Sequence[Micros] = ()) -> Micros | None:
    """When to tell of what waits `since`, its first untold mail; None for never.

    An immediate notice follows its first mail by so many minutes. A digest comes at the next whole multiple of
    its minutes since the epoch, so that one of 60 comes on the hour. `earlier` are the notices made in the hour
    before, oldest first.
    """
    if rules.kind is NoticeKind.OFF:
        return None
    pause = minutes(rules) * MINUTE
    due = since + pause if rules.kind is NoticeKind.IMMEDIATE else (since // pause + 1) * pause
    if len(earlier) >= MOST_AN_HOUR:
        due = max(due, earlier[-MOST_AN_HOUR] + HOUR)
    return due
