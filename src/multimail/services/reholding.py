"""Tightening a mailbox holds again what no person decided on; loosening releases nothing."""

from __future__ import annotations

from dataclasses import replace

from multimail.core.model import Draft, Mailbox
from multimail.core.policy.evaluate import Verdict, evaluate
from multimail.core.policy.modes import EffectiveMode, effective
from multimail.core.policy.rules import Result
from multimail.ports.records import StoredMessage
from multimail.ports.store import Tx
from multimail.services import editing, facts, outbound, record
from multimail.services.context import Call


def rehold(tx: Tx, call: Call, box: Mailbox) -> int:
    """Judge again what waits to leave a mailbox under its new rules; returns how many are held now."""
    waiting = tx.messages.of_mailbox(box.id, ("scheduled", "queued", "sending"))
    return sum(_judge_again(tx, call, box, one) for one in waiting)


def rehold_approved(tx: Tx, call: Call, rule_id: str, mailbox_id: str | None) -> int:
    """Judge again what an approval rule let go, now that there is no such rule; how many are held now."""
    waiting = tx.messages.of_mailbox(mailbox_id, ("scheduled", "queued", "sending"))
    found = [one for one in waiting if one.verdict.get("approved_by") == rule_id]
    boxes = {one.mailbox_id: tx.mailboxes.get(one.mailbox_id) for one in found}
    return sum(
        _judge_again(tx, call, box, one) for one in found if (box := boxes[one.mailbox_id]) is not None
    )


def _judge_again(tx: Tx, call: Call, box: Mailbox, message: StoredMessage) -> bool:
    if message.approved_digest == message.digest or not editing.withdrawable(tx, message):
        return False
    draft = editing.prepared(tx, message).draft
    mode = effective(draft.requested_mode, box.default_mode, box.ceiling)
    known = facts.gather(tx, call, box, draft, mode)
    author = replace(known.approval, principal_id=message.principal_id or "")
    verdict = evaluate(replace(known, caps=(), open_drafts=0, approval=author))
    if verdict.result is Result.NOTE:
        if verdict.approved_by not in {None, message.verdict.get("approved_by")}:
            stands = tx.messages.change(message, call.now, verdict=verdict.as_record())
            record.approved_by_rule(tx, call, stands, verdict)
        return False
    tx.deliveries.hold(message.id, call.now)
    _hold(tx, call, message, draft, mode, verdict)
    return True


def _hold(
    tx: Tx, call: Call, message: StoredMessage, draft: Draft, mode: EffectiveMode, verdict: Verdict
) -> None:
    held = tx.messages.move(
        message,
        "pending_approval",
        call.now,
        released_digest=None,
        undo_until=None,
        mode=mode.effective.value,
        verdict=verdict.as_record(),
        expires_at=outbound.decide_by(call, draft.scheduled_at),
    )
    tx.events.add(record.event(call, "message.pending_approval", held, rules=verdict.rules, tightened=True))
