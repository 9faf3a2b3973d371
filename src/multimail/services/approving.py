"""Approval: what it checks once more, the reviewer's own revision, and letting the mail go."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from multimail.contract.reviews import DecideEmail
from multimail.core.addresses import listed
from multimail.core.errors import Problem
from multimail.core.model import Mailbox, Mode
from multimail.core.placeholders import find_placeholders
from multimail.core.text import typed_line
from multimail.ports.records import StoredMessage
from multimail.ports.store import Tx
from multimail.services import access, admission, editing, facts, outbound, record
from multimail.services.context import Call


def approve(tx: Tx, call: Call, message: StoredMessage, request: DecideEmail) -> StoredMessage:
    """Let exactly this revision, or the reviewer's own, go: now, or at its time."""
    box = access.mailbox(tx, call.principal, message.mailbox_id)
    message = reopened(tx, call, message)
    revised = _revised(tx, call, message, box, request)
    _check_content(tx, revised, request)
    _check_time(call, revised, request)
    _check_mailbox(box, revised, tx)
    if _needs_another(tx, call, box, revised):
        tx.awaiting.again(revised.id, call.now)
        tx.events.add(record.event(call, "oversight.approved", revised, digest=revised.digest, missing=1))
        return revised
    return _released(tx, call, revised, box)


def reopened(tx: Tx, call: Call, message: StoredMessage) -> StoredMessage:
    """A mail sent back for changes is pending again when a reviewer decides after all."""
    if message.status != "changes_requested":
        return message
    return tx.messages.move(message, "pending_approval", call.now)


def _revised(tx: Tx, call: Call, message: StoredMessage, box: Mailbox, request: DecideEmail) -> StoredMessage:
    if request.revised_body is None and request.revised_subject is None:
        return message
    old = editing.prepared(tx, message)
    body = old.draft.body if request.revised_body is None else request.revised_body
    subject = (
        old.draft.subject
        if request.revised_subject is None
        else typed_line(request.revised_subject, "revised_subject")
    )
    if (subject, body) == (old.draft.subject, old.draft.body):
        return message
    if not body.strip() and not message.has_attachments:
        raise Problem(
            "invalid", "The mail would be empty.", field="revised_body", advice="Write a text, or reject the mail."
        )  # fmt: skip
    draft = replace(old.draft, subject=subject, body=body, template=None)
    return admission.revise(tx, call, message, box, replace(old, draft=draft))


def _check_content(tx: Tx, message: StoredMessage, request: DecideEmail) -> None:
    revision = tx.revisions.get(message.id, message.revision)
    assert revision is not None
    found = find_placeholders(f"{revision.subject}\n{revision.body}")
    if found and not request.confirm_placeholders:
        shown = ", ".join(one.text for one in found[:3])
        raise Problem(
            "placeholders_unresolved",
            f"The text still contains placeholders: {shown}.",
            field="revised_body",
            advice="Fill them in with revised_body, or confirm with confirm_placeholders.",
        )


def _check_time(call: Call, message: StoredMessage, request: DecideEmail) -> None:
    late = late_by(call, message)
    if late > call.limits.late_after and not request.late_ok:
        raise Problem(
            "late",
            f"Its send time passed {late // 60_000_000} minutes ago.",
            field="late_ok",
            advice="Approve with late_ok to send it now, or reject it.",
        )


def late_by(call: Call, message: StoredMessage) -> int:
    """How long its send time is past, in microseconds; 0 when it is not."""
    return max(0, call.now - message.scheduled_at) if message.scheduled_at is not None else 0


def _check_mailbox(box: Mailbox, message: StoredMessage, tx: Tx) -> None:
    if facts.mode_now(box, message).effective is Mode.READ_ONLY:
        raise Problem(
            "read_only",
            f"{box.address} is read_only: nothing leaves it.",
            advice="An operator can change it.",
        )
    outside = [
        one.address
        for one in tx.messages.recipients(message.seq)
        if not one.automatic and box.allowed is not None and not listed(box.allowed, one.address)
    ]
    if outside:
        raise Problem(
            "recipient_not_allowed", f"Not on the mailbox's allowed list: {', '.join(outside[:3])}."
        )


def _needs_another(tx: Tx, call: Call, box: Mailbox, message: StoredMessage) -> bool:
    """Where the mailbox asks for two people, the reviewer who wrote the current text is not enough."""
    revision = tx.revisions.get(message.id, message.revision)
    assert revision is not None
    return box.two_person and revision.author == call.principal.id


def _released(tx: Tx, call: Call, message: StoredMessage, box: Mailbox) -> StoredMessage:
    purpose = editing.prepared(tx, message).draft.purpose
    left_out = facts.left_out(tx, box, message, purpose, call.now)
    waiting = [one for one in tx.deliveries.of(message.id) if one.status == "waiting"]
    barred = [one for one in waiting if one.address in left_out]
    for one in barred:
        tx.deliveries.move([one.id], "waiting", "suppressed", call.now, detail=left_out[one.address])
    in_future = message.scheduled_at is not None and message.scheduled_at > call.now
    undo = None if in_future else outbound.undo_after_approval(call, box)
    approval: dict[str, Any] = {
        "approved_digest": message.digest,
        "approved_by": call.principal.id,
        "approved_at": call.now,
        "expires_at": None,
        "undo_until": undo,
    }
    going = "scheduled" if in_future else "queued"
    status = "suppressed" if len(barred) == len(waiting) else going
    moved = tx.messages.move(message, status, call.now, **approval)
    if status == "queued":
        tx.deliveries.queue(message.id, undo or call.now, call.now)
    tx.events.add(record.event(call, "oversight.approved", moved, digest=moved.digest))
    if status == "suppressed":
        record.withdraw_tags(tx, call, message)
    tx.events.add(record.event(call, f"message.{status}", moved))
    return moved
