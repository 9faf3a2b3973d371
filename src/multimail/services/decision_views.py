"""Views of decisions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from multimail.contract.reviews import DecisionView
from multimail.core.lifecycle import HELD
from multimail.core.times import to_datetime
from multimail.ports.records import StoredDecision, StoredMessage
from multimail.ports.store import Tx
from multimail.services import convert
from multimail.services.context import Call

LONGEST_DIFF: Final = 16_384
"""Bytes of a difference that are shown; a person sees all of it on the review page."""


def decision_view(
    tx: Tx,
    call: Call,
    message: StoredMessage,
    decision: StoredDecision,
    *,
    repeated: bool = False,
    reasons: Sequence[str] = (),
) -> DecisionView:
    """A decision with where it led, and why it led elsewhere than was asked."""
    late = None
    if (
        decision.decision == "approve"
        and message.scheduled_at is not None
        and decision.at > message.scheduled_at
    ):
        late = (decision.at - message.scheduled_at) // 1_000_000
    diff = convert.body(decision.diff, LONGEST_DIFF)
    return DecisionView(
        message_id=message.id,
        status=message.status,
        decision=decision.decision,
        reasons=list(reasons) or None,
        note=convert.shown(decision.note) or None,
        decided_by=name_of(tx, decision.principal_id),
        decided_at=to_datetime(decision.at),
        via=f"{decision.via}: {decision.host}" if decision.host else decision.via,
        digest=decision.digest,
        revision=decision.revision,
        diff=diff.text or None,
        diff_cut=diff.cut or None,
        scheduled_at=convert.moment(message.scheduled_at),
        late_seconds=late,
        approvals_missing=1 if _is_unfinished(tx, message, decision) else None,
        repeated=repeated or None,
    )


def _is_unfinished(tx: Tx, message: StoredMessage, decision: StoredDecision) -> bool:
    """Whether an approval of the mail as it is waits for another person's: it was not taken back."""
    if decision.decision != "approve" or message.status not in HELD or decision.digest != message.digest:
        return False
    decisions = tx.decisions.of(message.id)
    after = decisions[[one.id for one in decisions].index(decision.id) + 1 :]
    return all(one.decision != "undo" for one in after)


def name_of(tx: Tx, principal_id: str) -> str:
    """A principal's name for people, its id for the record."""
    stored = tx.principals.get(principal_id)
    return f"{stored.principal.name} ({principal_id})" if stored else principal_id
