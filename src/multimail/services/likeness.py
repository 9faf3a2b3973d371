"""Drafts that say nearly the same as the one on the desk, each with what differs."""

from __future__ import annotations

from multimail.contract.desk import MOST_SIMILAR, SimilarDraft
from multimail.core.diff import Content, unified
from multimail.core.lifecycle import HELD
from multimail.core.likeness import ALIKE, likeness
from multimail.core.model import RecipientKind
from multimail.core.text import neutralise
from multimail.ports.desk import QueueSearch
from multimail.ports.reading import Opened
from multimail.ports.records import StoredMessage
from multimail.ports.store import Tx
from multimail.services import convert
from multimail.services.context import Call
from multimail.services.convert import shown
from multimail.services.desk_order import queue


def similar(
    tx: Tx, call: Call, message: StoredMessage, sketch: bytes, max_bytes: int
) -> tuple[list[SimilarDraft], int]:
    """The held drafts most like this one, the most alike first, and how many there are in all."""
    if message.direction != "outbound":
        return [], 0
    search = QueueSearch(
        call.principal.mailboxes, not call.principal.is_agent, tuple(sorted(HELD)), {}, with_sketches=True
    )
    others = [one for one in queue(tx, call, search) if one.id != message.id]
    percents = likeness(sketch, [one.sketch for one in others])
    alike = sorted(
        ((percent, one) for percent, one in zip(percents, others, strict=True) if percent >= ALIKE),
        key=lambda pair: (-pair[0], pair[1].seq),
    )
    nearest = {one.id: percent for percent, one in alike[:MOST_SIMILAR]}
    stored = [one.message for one in tx.desk.listed(list(nearest))]
    here, *there = tx.inbox.open([message, *stored])
    left = max_bytes
    found = []
    for one in there:
        made = _draft(here, one, nearest[one.message.id], left)
        left = max(0, left - len(made.diff.encode("utf-8", "replace")))
        found.append(made)
    return found, len(alike)


def _draft(here: Opened, other: Opened, percent: int, max_bytes: int) -> SimilarDraft:
    old, new = _content(other), _content(here)
    same = (other.message.subject, other.body) == (here.message.subject, here.body)
    diff = convert.body("" if same else unified(old, new, other.message.id, here.message.id), max_bytes)
    return SimilarDraft(
        message_id=other.message.id,
        digest=other.message.digest or "",
        revision=other.message.revision,
        subject=shown(other.message.subject),
        to=[shown(one.address) for one in other.recipients if one.kind is RecipientKind.TO],
        status=other.message.status,
        same=same,
        likeness=100 if same else min(percent, 99),
        diff=diff.text,
        diff_cut=diff.cut or None,
    )


def _content(opened: Opened) -> Content:
    return Content(neutralise(opened.message.subject)[0], neutralise(opened.body)[0])
