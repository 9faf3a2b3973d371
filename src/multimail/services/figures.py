"""The operation `get_oversight_figures`: what waits in each mailbox, how people decide, and what that speaks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from multimail.contract.figures import (
    AdviceView,
    DayFigures,
    FiguresList,
    GetOversightFigures,
    MailboxFigures,
)
from multimail.core import figures
from multimail.core.addresses import listed, normalise
from multimail.core.figures import Course, Decided
from multimail.core.model import Mailbox
from multimail.core.times import DAY, Micros
from multimail.ports.figures import DecidedRow
from multimail.ports.store import Tx
from multimail.services import access, convert
from multimail.services.context import Call

MOST: Final = 5_000
"""Decisions that are counted, of all mailboxes together: the newest."""
_TRUSTED: Final = 20
"""Addresses that are named to be trusted: the ones written to most."""


def get_oversight_figures(tx: Tx, call: Call, request: GetOversightFigures) -> FiguresList:
    """Figures of each mailbox of the caller, over the days before now."""
    boxes = tx.mailboxes.all(access.mailbox_ids(tx, call.principal, request.mailbox))
    since = call.now - request.days * DAY
    found = tx.figures.decided([box.id for box in boxes], since, MOST)
    cut_at = found[-1].at if len(found) == MOST else None
    strangers = tx.figures.unknown([one.message_id for one in found])
    by_box: dict[str, list[DecidedRow]] = {}
    for one in found:
        by_box.setdefault(one.mailbox_id, []).append(one)
    rows = [
        _figures(
            tx, box, by_box.get(box.id, []), strangers, since if cut_at is None else cut_at, request.days
        )
        for box in boxes
    ]
    return FiguresList(
        figures=[row.model_copy(update={"counted_from": convert.moment(cut_at)}) for row in rows],
        count=len(rows),
        days=request.days,
    )


def course_of(
    tx: Tx, box: Mailbox, rows: Sequence[DecidedRow], strangers: set[str], since: Micros, days: int
) -> Course:
    """All that is counted of a mailbox."""
    left, withdrawn = tx.figures.left_alone(box.id, since)
    return Course(
        mode=box.default_mode,
        days=days,
        decided=tuple(decided(row, known=row.message_id not in strangers) for row in rows),
        expired=tuple(tx.figures.expired(box.id, since)),
        left_alone=left,
        withdrawn=withdrawn,
    )


def decided(row: DecidedRow, *, known: bool) -> Decided:
    """A decision as it is counted."""
    look = row.at - row.looked_at if row.looked_at is not None else None
    return Decided(row.decision, row.edited, row.at, look, known)


def _figures(
    tx: Tx, box: Mailbox, rows: Sequence[DecidedRow], strangers: set[str], since: Micros, days: int
) -> MailboxFigures:
    course = course_of(tx, box, rows, strangers, since, days)
    found = figures.shares(course)
    waiting = tx.figures.waiting(box.id)
    known = [row.message_id for row in rows if row.message_id not in strangers]
    return MailboxFigures(
        mailbox_id=box.id,
        mailbox=box.address,
        oversight_mode=box.default_mode.value,
        ceiling=box.ceiling.value,
        waiting=waiting.count,
        oldest_at=convert.moment(waiting.oldest_at),
        decisions=len(rows),
        decisions_per_day=round(len(rows) / days, 2),
        looks=found.looks,
        median_look_seconds=found.median_look,
        share_under_3_seconds=found.quick,
        share_edited=found.edited,
        share_rejected=found.rejected,
        share_sent_back=found.sent_back,
        share_expired=found.expired,
        left_alone=course.left_alone,
        withdrawn=course.withdrawn,
        by_day=[_day(one) for one in figures.by_day(course)],
        advice=_advice(tx, box, course, known),
    )


def _day(one: figures.Day) -> DayFigures:
    return DayFigures(
        day=one.day,
        decisions=one.decisions,
        approved=one.approved,
        edited=one.edited,
        rejected=one.rejected,
        sent_back=one.sent_back,
        expired=one.expired,
    )


def _advice(tx: Tx, box: Mailbox, course: Course, known: Sequence[str]) -> AdviceView:
    found = figures.advise(course)
    trust = _to_trust(tx, box, known) if found.trust else []
    if found.trust and not trust and box.default_mode is found.to_mode:
        evidence = f"{found.evidence} All they went to are trusted already: other rules held them."
        found = replace(found, kind="keep", evidence=evidence, to_mode=None)
    return AdviceView(
        kind=found.kind,
        evidence=found.evidence,
        to_mode=found.to_mode.value if found.to_mode else None,
        trust=trust or None,
        decisions=found.of,
        unedited=found.untouched,
    )


def _to_trust(tx: Tx, box: Mailbox, known: Sequence[str]) -> list[str]:
    """Whom the mails with known recipients went to and who is not trusted yet, the most frequent first."""
    found = dict.fromkeys(normalise(one) for one in tx.figures.addressed(list(dict.fromkeys(known))))
    return [one for one in found if not listed(box.trusted, one)][:_TRUSTED]
