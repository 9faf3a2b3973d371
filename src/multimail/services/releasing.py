"""The operation `release_message`: an operator lets captured mail leave, or sends an unknown one again.

Both under the same Message-ID, so that a next hop which has it already can tell.
"""

from __future__ import annotations

from dataclasses import replace

from multimail.contract.sending import ReleaseMessage, SendResult
from multimail.core.errors import Problem
from multimail.core.model import Mailbox
from multimail.core.policy.evaluate import evaluate
from multimail.ports.records import StoredMessage
from multimail.ports.store import Tx
from multimail.services import access, editing, facts, record, sent_views
from multimail.services.context import Call
from multimail.services.settling import RELEASED


def release_message(tx: Tx, call: Call, request: ReleaseMessage) -> SendResult:
    """Queue the captured or unknown deliveries of a mail once more, for the relay."""
    message = access.message(tx, call.principal, request.message_id)
    deliveries = sent_views.current(tx.deliveries.of(message.id))
    again = {
        state: [one.id for one in deliveries if one.status == state] for state in ("captured", "unknown")
    }
    if not any(again.values()):
        raise Problem(
            "conflict",
            f"{message.id} has no recipient whose mail was kept here or is unknown.",
            field="message_id",
        )
    if (tx.settings.get("server") or {}).get("transport", "capture") == "capture":
        raise Problem(
            "unavailable", "No relay is configured: released mail could not leave.",
            advice="Set MULTIMAIL_RELAY and start the server again.",
        )  # fmt: skip
    box = access.mailbox(tx, call.principal, message.mailbox_id)
    _check(tx, call, box, message)
    moved = tx.messages.move(
        message,
        "queued",
        call.now,
        approved_digest=message.digest,
        approved_by=call.principal.id,
        approved_at=call.now,
        delivery=None,
    )
    for state, ids in again.items():
        tx.deliveries.move(
            ids, state, "queued", call.now, due_at=call.now, attempts=0, first_at=None, detail=RELEASED
        )
    record.decision(tx, call, moved, "release", note=request.note)
    tx.events.add(record.event(call, "message.released", moved, count=sum(map(len, again.values()))))
    return sent_views.send_result(tx, sent_views.read(tx, moved))


def _check(tx: Tx, call: Call, box: Mailbox, message: StoredMessage) -> None:
    """An operator's release stands for an approval; refusals (read_only, the fence) still hold. It was counted
    against the caps when it was accepted."""
    draft = editing.prepared(tx, message).draft
    known = facts.gather(tx, call, box, draft, facts.mode_now(box, message))
    evaluate(replace(known, caps=(), open_drafts=0)).raise_refusal()
