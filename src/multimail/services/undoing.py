"""Taking an approval back while its mail is still here: the mail waits for a decision again, as if there was none."""

from __future__ import annotations

from multimail.contract.reviews import DecideEmail
from multimail.core.errors import Problem
from multimail.core.times import Micros
from multimail.ports.records import StoredMessage
from multimail.ports.store import Tx
from multimail.services import editing, outbound, record
from multimail.services.context import Call


def until(message: StoredMessage, now: Micros) -> Micros | None:
    """Up to when the approval of a mail can be taken back: the end of its undo window, or its time. None where
    nobody approved it as it is, or it is too late."""
    if message.approved_digest is None or message.approved_digest != message.digest:
        return None
    ends = {"queued": message.undo_until, "scheduled": message.scheduled_at}.get(message.status)
    return ends if ends is not None and ends > now else None


def check(tx: Tx, call: Call, message: StoredMessage) -> None:
    """Raise `conflict` unless the approval can still be taken back."""
    if until(message, call.now) is None or not editing.withdrawable(tx, message):
        raise Problem(
            "conflict", f"{message.id} is {message.status}: there is no approval to undo any more.",
            field="message_id", advice="get_message_history tells what became of it.",
        )  # fmt: skip


def undo(tx: Tx, call: Call, message: StoredMessage, request: DecideEmail) -> StoredMessage:
    """Held again, with the time to decide beginning anew. Both decisions stay in the record."""
    tx.deliveries.hold(message.id, call.now)
    held = tx.messages.move(
        message,
        "pending_approval",
        call.now,
        approved_digest=None,
        approved_by=None,
        approved_at=None,
        undo_until=None,
        expires_at=outbound.decide_by(call, message.scheduled_at),
    )
    tx.events.add(record.event(call, "oversight.undone", held, digest=held.digest))
    tx.events.add(record.event(call, "message.pending_approval", held))
    return held
