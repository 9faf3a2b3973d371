"""Changing a held or scheduled mail: always a new revision, never a change of an old one."""

from __future__ import annotations

from dataclasses import replace

from multimail.contract.sending import CancelMessage, CancelResult, EditPending, SendResult
from multimail.core.addresses import normalise
from multimail.core.errors import Problem
from multimail.core.lifecycle import CANCELLABLE, HANDED_OVER, HELD
from multimail.core.model import Draft, Mailbox, Mode, RecipientKind
from multimail.core.text import typed_line
from multimail.core.times import from_datetime
from multimail.ports.records import StoredMessage, StoredRevision
from multimail.ports.store import Tx
from multimail.services import access, admission, drafting, pacing, record, sent_views, settling
from multimail.services.context import Call
from multimail.services.drafting import Prepared
from multimail.services.rendering import draft_of
from multimail.services.settling import OPEN

EDITABLE = HELD | {"scheduled"}


def edit_pending(tx: Tx, call: Call, request: EditPending) -> SendResult:
    """A new revision by the author (or an operator), judged anew; what is not given stays."""
    message = _own(tx, call, request.message_id)
    if message.status not in EDITABLE and not pacing.is_waiting(tx, message):
        raise Problem(
            "conflict", f"{message.id} is {message.status}: only mail that is held or waits for its time can change.",
            field="message_id",
        )  # fmt: skip
    box = access.mailbox(tx, call.principal, message.mailbox_id)
    old = prepared(tx, message)
    draft = _edited(call, box, old.draft, request)
    if not draft.body.strip() and not message.has_attachments:
        raise Problem("invalid", "The mail would be empty.", field="body", advice="Give the text in body.")
    if draft == old.draft:
        return sent_views.send_result(tx, sent_views.read(tx, message, repeated=True))
    changed = admission.readmit(tx, call, message, box, replace(old, draft=draft))
    return sent_views.send_result(tx, sent_views.read(tx, changed))


def _edited(call: Call, box: Mailbox, draft: Draft, request: EditPending) -> Draft:
    changes: dict[str, object] = {}
    if request.subject is not None:
        changes["subject"] = typed_line(request.subject, "subject")
    if request.body is not None:
        changes["body"] = request.body
    if (changes.get("subject", draft.subject), changes.get("body", draft.body)) != (
        draft.subject,
        draft.body,
    ):
        changes["template"] = None
    if request.scheduled_at is not None:
        if draft.recipient_time:
            changes["wall"] = drafting.wall_time(call, request.scheduled_at)
        else:
            changes["scheduled_at"] = drafting.send_time(call, from_datetime(request.scheduled_at))
    if request.to is not None or request.cc is not None or request.bcc is not None:
        given = {
            kind: [one.address for one in draft.recipients if one.kind is kind and not one.automatic]
            for kind in RecipientKind
        }
        people = drafting.recipients(
            call,
            box,
            request.to if request.to is not None else given[RecipientKind.TO],
            request.cc if request.cc is not None else given[RecipientKind.CC],
            request.bcc if request.bcc is not None else given[RecipientKind.BCC],
        )
        names = {normalise(one.address): one.name for one in draft.recipients}
        changes["recipients"] = tuple(
            replace(one, name=one.name or names.get(normalise(one.address), "")) for one in people
        )
    return replace(draft, **changes)  # type: ignore[arg-type]


def cancel_message(tx: Tx, call: Call, request: CancelMessage) -> CancelResult:
    """Withdraw a mail up to its hand-over, approved or not; withdrawing it again is the same answer. Where some
    recipients have it, those who do not get it any more, and the status says what became of it."""
    message = _own(tx, call, request.message_id)
    if message.status != "cancelled":
        message = cancel(tx, call, message)
        record.decision(tx, call, message, "cancel", note=request.reason)
    return CancelResult(
        message_id=message.id, status=message.status, cancelled=True, reason=request.reason or None
    )


def cancel(tx: Tx, call: Call, message: StoredMessage) -> StoredMessage:
    """Move to `cancelled`, or to what it came to where some recipients have it already; `conflict` when it is being
    handed over to the last of them or is gone."""
    if not withdrawable(tx, message):
        if _others_wait(tx, message):
            count = tx.deliveries.cancel(message.id, call.now)
            tx.events.add(record.event(call, "message.cancelled", message, count=count))
            return settling.arrive(tx, call, message)
        raise Problem(
            "conflict", f"{message.id} is {message.status}: it cannot be withdrawn any more.", field="message_id",
            advice="get_message_history tells what became of it.",
        )  # fmt: skip
    gone = tx.messages.move(message, "cancelled", call.now, expires_at=None)
    record.never_leaves(tx, call, gone, "message.cancelled")
    return gone


def withdrawable(tx: Tx, message: StoredMessage) -> bool:
    """Whether nobody has this outgoing mail yet, or may have it, and it has not ended otherwise."""
    return (
        message.direction == "outbound"
        and message.status in CANCELLABLE
        and not any(one.status in HANDED_OVER for one in tx.deliveries.of(message.id))
    )


def _others_wait(tx: Tx, message: StoredMessage) -> bool:
    """Whether some have it while the time of others, by their own clocks, has not come: nobody has tried them yet."""
    if message.direction != "outbound":
        return False
    open_ones = [one for one in tx.deliveries.of(message.id) if one.status in OPEN]
    return bool(open_ones) and all(one.status == "queued" and not one.attempts for one in open_ones)


def _own(tx: Tx, call: Call, message_id: str) -> StoredMessage:
    """An outgoing mail of this author; an operator may touch everybody's."""
    message = access.message(tx, call.principal, message_id)
    if message.direction != "outbound":
        raise Problem("conflict", f"{message_id} came in; it is not yours to change.", field="message_id")
    if message.principal_id != call.principal.id and call.principal.is_agent:
        raise Problem(
            "forbidden", f"{message_id} was written with another key.", field="message_id",
            advice="Its author or an operator can change it.",
        )  # fmt: skip
    return message


def prepared(tx: Tx, message: StoredMessage) -> Prepared:
    """The current revision as a draft with its files, ready to be rendered again."""
    revision = tx.revisions.get(message.id, message.revision)
    raw = tx.revisions.raw(message.id, message.revision)
    assert revision is not None
    if raw is None:
        raise Problem(
            "conflict", f"{message.id} is not kept as it was: somebody in it was erased.", field="message_id",
            advice="Write it anew.",
        )  # fmt: skip
    files = drafting.all_files(raw) if message.has_attachments else ()
    return Prepared(draft_of(revision, _template(message, revision)), files)


def _template(message: StoredMessage, revision: StoredRevision) -> Draft:
    return Draft(
        operation=message.operation,
        mailbox_id=message.mailbox_id,
        sender=message.sender,
        sender_name=message.sender_name,
        recipients=(),
        subject=revision.subject,
        body=revision.body,
        requested_mode=Mode(message.requested_mode) if message.requested_mode else None,
        answers=message.answers,
        metadata=message.metadata,
        batch_id=message.batch_id,
    )
