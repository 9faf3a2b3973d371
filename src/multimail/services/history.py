"""What happened to a mail: `get_message_history`, and the wait for its decision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from multimail.contract.reviews import (
    GetMessageHistory,
    HistoryRow,
    HistoryView,
    Outcome,
    RevisionRow,
    WaitForDecision,
)
from multimail.contract.shapes import View
from multimail.core.diff import Content, unified
from multimail.core.errors import Problem
from multimail.core.lifecycle import HELD
from multimail.core.times import to_datetime
from multimail.ports.records import Event, StoredMessage, StoredRevision
from multimail.ports.store import Tx
from multimail.services import access, convert, sent_views
from multimail.services.context import Call
from multimail.services.decision_views import decision_view, name_of

LEAST: Final = 256
"""Bytes that are shown of each text at least, however many there are."""


def get_message_history(tx: Tx, call: Call, request: GetMessageHistory) -> HistoryView:
    """Drafts with their differences, the rules and their reasons, decisions, attempts, in order."""
    message = access.message(tx, call.principal, request.message_id)
    verdict = message.verdict
    return HistoryView(
        message_id=message.id,
        status=message.status,
        requested_mode=message.requested_mode,
        oversight_mode=message.mode or "",
        rules=[rule for rule, _ in verdict.get("hits", ())],
        reasons=[reason for _, reason in verdict.get("hits", ())],
        checked=[*verdict.get("misses", ()), *_missed_rules(verdict)],
        revisions=_revisions(tx, message, request.max_bytes),
        decisions=[decision_view(tx, call, message, one) for one in tx.decisions.of(message.id)],
        recipients=sent_views.recipient_results(tx, message) if message.direction == "outbound" else [],
        events=[_row(tx, event) for event in tx.events.of_message(message.id, request.limit)],
    )


def _missed_rules(verdict: Mapping[str, Any]) -> list[str]:
    """Approval rules that did not let it go, each with the condition that was missing."""
    return [f"{rule_id}: {missed}" for rule_id, missed in verdict.get("approvals", ()) if missed]


def _revisions(tx: Tx, message: StoredMessage, budget: int) -> list[RevisionRow]:
    """The drafts and the differences between them share the budget evenly."""
    found = tx.revisions.all(message.id)
    share = max(budget // max(2 * len(found) - 1, 1), LEAST)
    return [_revision(tx, one, before, share) for one, before in zip(found, [None, *found], strict=False)]


def _revision(tx: Tx, one: StoredRevision, before: StoredRevision | None, share: int) -> RevisionRow:
    body = convert.body(one.body, share)
    diff = convert.body(unified(_content(before), _content(one)), share) if before is not None else None
    return RevisionRow(
        revision=one.number,
        digest=one.digest,
        author=name_of(tx, one.author) if one.author else "",
        created_at=to_datetime(one.created_at),
        subject=convert.shown(one.subject),
        body=body.text,
        body_cut=body.cut or None,
        diff=diff.text if diff else None,
        diff_cut=(diff.cut or None) if diff else None,
    )


def _content(revision: StoredRevision) -> Content:
    return Content(revision.subject, revision.body)


def _row(tx: Tx, event: Event) -> HistoryRow:
    by = name_of(tx, event.principal_id) if event.principal_id else None
    return HistoryRow(at=to_datetime(event.at), event=event.kind, by=by, detail=event.data)


def look_at_decision(tx: Tx, call: Call, request: WaitForDecision) -> tuple[bool, View]:
    """Whether the mail still waits for a person, and where it stands."""
    message = access.message(tx, call.principal, request.message_id)
    if message.direction != "outbound":
        raise Problem("conflict", f"{message.id} came in: nobody decides on sending it.", field="message_id")
    decisions = tx.decisions.of(message.id)
    decided = message.status not in HELD - {"changes_requested"}
    return decided, Outcome(
        message_id=message.id,
        status=message.status,
        decided=decided,
        decision=decision_view(tx, call, message, decisions[-1]) if decisions else None,
        recipients=sent_views.recipient_results(tx, message),
        delivery=message.delivery,
    )


def decided_after(view: View, waited: float) -> View:
    """The outcome with the time it took."""
    return view.model_copy(update={"waited_seconds": round(waited, 3)})
