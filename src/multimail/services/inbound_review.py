"""Deciding on inbound mail that `gated_all` held: until then no agent sees it on any door."""

from __future__ import annotations

from typing import Final

from multimail.contract.reviews import DecideEmail, DecisionView
from multimail.core.errors import Problem
from multimail.core.threading import message_ids
from multimail.core.times import Micros
from multimail.ports.records import StoredMessage
from multimail.ports.store import Tx
from multimail.services import record, reputation_counts
from multimail.services.context import Call
from multimail.services.decision_views import decision_view
from multimail.services.inbound_automatic import was_automatic

STATES: Final = frozenset({"pending_inbound_approval", "rejected"})
_OUTCOMES: Final = {"approve": "unread", "reject": "rejected"}


def decide(tx: Tx, call: Call, message: StoredMessage, verb: str, request: DecideEmail) -> DecisionView:
    """Let held arriving mail through to the agents, or keep it from them."""
    outcome = _OUTCOMES.get(verb)
    if outcome is None or request.revised_body is not None or request.revised_subject is not None:
        raise Problem("invalid", "Arriving mail can be approved or rejected, as it is.", field="decision")
    if request.digest not in {None, message.digest, message.digest or ""}:
        raise Problem("changed", "This is the digest of another mail.", field="digest")
    if message.status != "pending_inbound_approval":
        decided = tx.decisions.of(message.id)
        if decided and decided[-1].decision == verb:
            return decision_view(tx, call, message, decided[-1], repeated=True)
        raise Problem("conflict", f"{message.id} is {message.status} already.", field="message_id")
    moved = tx.messages.move(message, outcome, call.now, held_from_agents=int(outcome == "rejected"))
    if outcome == "unread":
        tx.contacts.reveal(message.id)
        _answers(tx, moved, call.now)
    kind = "oversight.approved" if outcome == "unread" else "oversight.rejected"
    tx.events.add(record.event(call, kind, moved))
    return decision_view(tx, call, moved, record.decision(tx, call, moved, verb, note=request.note))


def _answers(tx: Tx, message: StoredMessage, now: Micros) -> None:
    """What it answers has an answer from now on; a machine's answer is none."""
    if was_automatic(tx, message):
        return
    answered = tx.threads.named(message.mailbox_id, message_ids(message.in_reply_to))
    parents = [one.message_id for one in answered if one.message_id]
    tx.messages.mark_answered(parents)
    for parent in parents:
        reputation_counts.replied(tx, parent, message.sender, now)
