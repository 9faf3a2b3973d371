"""Drafts that say nearly the same as the one on the desk, each with what differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from multimail.contract.desk import MOST_SIMILAR, SimilarDraft
from multimail.core.diff import Content, unified
from multimail.core.lifecycle import HELD
from multimail.core.likeness import ALIKE, likeness
from multimail.core.model import RecipientKind
from multimail.core.text import neutralise
from multimail.ports.desk import Waiting
from multimail.ports.reading import Opened
from multimail.ports.records import StoredMessage
from multimail.ports.store import Tx
from multimail.services import convert
from multimail.services.convert import shown

COMPARED: Final = 400_000
"""So many characters are compared in all; every further draft is one to open."""
_UNCOMPARED: Final = "(Too long to be compared here: open it beside this one.)\n"


def similar(
    tx: Tx, message: StoredMessage, sketch: bytes, waiting: Sequence[Waiting], max_bytes: int
) -> tuple[list[SimilarDraft], int]:
    """The held drafts most like this one, the most alike first, and how many there are in all."""
    if message.direction != "outbound":
        return [], 0
    others = [one for one in waiting if one.status in HELD and one.id != message.id]
    percents = likeness(sketch, [one.sketch for one in others])
    alike = sorted(
        ((percent, one) for percent, one in zip(percents, others, strict=True) if percent >= ALIKE),
        key=lambda pair: (-pair[0], pair[1].seq),
    )
    nearest = {one.id: percent for percent, one in alike[:MOST_SIMILAR]}
    stored = [one.message for one in tx.desk.listed(list(nearest))]
    here, *there = tx.inbox.open([message, *stored])
    return _drafts(here, there, nearest, max_bytes), len(alike)


def _drafts(
    here: Opened, there: Sequence[Opened], percents: Mapping[str, int], max_bytes: int
) -> list[SimilarDraft]:
    """The most alike first. Of very long ones, what differs is worked out for the first of them only."""
    new, work = _content(here), COMPARED
    found = []
    for one in there:
        same = (one.message.subject, one.body) == (here.message.subject, here.body)
        work -= 0 if same else len(here.body) + len(one.body)
        diff, cut = "", None
        if not same:
            text = unified(_content(one), new, one.message.id, here.message.id) if work >= 0 else _UNCOMPARED
            body = convert.body(text, max_bytes)
            diff, cut = body.text, body.cut or None
        max_bytes = max(0, max_bytes - len(diff.encode("utf-8", "replace")))
        percent = 100 if same else min(percents[one.message.id], 99)
        found.append(_draft(one, percent, diff, cut))
    return found


def _draft(one: Opened, percent: int, diff: str, cut: int | None) -> SimilarDraft:
    return SimilarDraft(
        message_id=one.message.id,
        digest=one.message.digest or "",
        revision=one.message.revision,
        subject=shown(one.message.subject),
        to=[shown(each.address) for each in one.recipients if each.kind is RecipientKind.TO],
        status=one.message.status,
        same=percent == 100,
        likeness=percent,
        diff=diff,
        diff_cut=cut,
    )


def _content(opened: Opened) -> Content:
    return Content(neutralise(opened.message.subject)[0], neutralise(opened.body)[0])
