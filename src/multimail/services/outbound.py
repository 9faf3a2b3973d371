"""The rows of outgoing mail: which state a verdict leads to, its deliveries, its thread."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from multimail.core.addresses import normalise
from multimail.core.digest import content_hash
from multimail.core.model import Draft, Mailbox, Mode
from multimail.core.policy.evaluate import Verdict
from multimail.core.policy.facts import Facts
from multimail.core.policy.modes import EffectiveMode
from multimail.core.threading import normalise_subject
from multimail.core.times import SECOND, Micros
from multimail.mime.quoting import preview
from multimail.ports.intake import Thread
from multimail.ports.records import NewMessage, StoredDelivery
from multimail.ports.store import Tx
from multimail.services.context import Call
from multimail.services.drafting import Prepared
from multimail.services.rendering import Rendered


@dataclass(frozen=True, slots=True)
class Fate:
    """Where a verdict leads: the state, when it may go, when waiting for a person ends."""

    status: str
    undo_until: Micros | None = None
    expires_at: Micros | None = None

    @property
    def waits(self) -> bool:
        """Whether its deliveries may not go yet."""
        return self.status != "queued"


def fate(call: Call, box: Mailbox, draft: Draft, mode: EffectiveMode, verdict: Verdict) -> Fate:
    """Held, suppressed, scheduled, or free to go after its undo window."""
    if len(verdict.suppressed) == len(draft.recipients):
        return Fate("suppressed")
    if verdict.held:
        return Fate("pending_approval", expires_at=decide_by(call, draft.scheduled_at))
    undo = undo_until(call, box, mode.effective)
    return Fate(
        "scheduled" if draft.scheduled_at else "queued", undo_until=None if draft.scheduled_at else undo
    )


def decide_by(call: Call, scheduled_at: Micros | None) -> Micros:
    """When a held mail expires: 7 days after it was made, or 24 hours after its time."""
    if scheduled_at is not None:
        return scheduled_at + call.limits.unapproved_after_schedule
    return call.now + call.limits.held_for


def undo_until(call: Call, box: Mailbox, mode: Mode) -> Micros | None:
    """The end of the undo window of mail that nobody approves; None where there is no window."""
    if box.undo_seconds is not None:
        window = box.undo_seconds * SECOND
    else:
        window = call.limits.undo_monitored if mode is Mode.MONITORED else 0
    return call.now + window if window else None


def undo_after_approval(call: Call, box: Mailbox) -> Micros | None:
    """The end of the undo window of mail that a person let go: there is one only where the mailbox asks for it."""
    return call.now + box.undo_seconds * SECOND if box.undo_seconds else None


def fingerprint(prepared: Prepared, idempotency_key: str | None) -> str:
    """What makes two calls the same mail: recipients, subject, text, files, thread, purpose, and the key given."""
    draft = prepared.draft
    return content_hash(
        {
            "mailbox": draft.mailbox_id,
            "recipients": sorted([one.kind.value, normalise(one.address)] for one in draft.recipients),
            "subject": draft.subject,
            "body": draft.body,
            "files": [[one.filename, hashlib.sha256(one.content).hexdigest()] for one in prepared.files],
            "thread": draft.thread_id,
            "answers": draft.answers,
            "purpose": [draft.message_class, draft.topic, draft.region],
            "key": idempotency_key,
        }
    )


def thread_for(tx: Tx, call: Call, draft: Draft) -> Thread:
    """The conversation of a reply, or a new one."""
    if draft.thread_id is not None:
        found = tx.threads.get(draft.thread_id)
        if found is not None:
            return found
    base = normalise_subject(draft.subject)
    thread = Thread(call.new_id("thread"), draft.mailbox_id, draft.subject, base, call.now, call.now)
    tx.threads.insert(thread)
    return thread


@dataclass(frozen=True, slots=True)
class Judged:
    """A complete draft with the mode that holds and the verdict, and the facts that it rests on."""

    draft: Draft
    mode: EffectiveMode
    verdict: Verdict
    facts: Facts


@dataclass(frozen=True, slots=True)
class Identity:
    """What a new mail is known by: its id, its Message-ID header, and what a repeated call has in common with it."""

    message_id: str
    header_id: str
    fingerprint: str


def new_message(call: Call, judged: Judged, end: Fate, rendered: Rendered, known: Identity) -> NewMessage:
    """The row of a new outgoing message."""
    draft = judged.draft
    return NewMessage(
        id=known.message_id,
        mailbox_id=draft.mailbox_id,
        thread_id=draft.thread_id or "",
        direction="outbound",
        status=end.status,
        sender=draft.sender,
        sender_name=draft.sender_name,
        reply_to=draft.reply_to,
        subject=draft.subject,
        preview=preview(draft.body),
        header_id=known.header_id,
        in_reply_to=draft.in_reply_to,
        header_refs=" ".join(draft.references),
        message_class=draft.message_class or "",
        mode=judged.mode.effective.value,
        requested_mode=judged.mode.requested.value if judged.mode.requested else None,
        operation=draft.operation,
        principal_id=call.principal.id,
        answers=draft.answers,
        recipients=draft.recipients,
        attachments=rendered.attachments,
        size=len(rendered.raw),
        metadata=draft.metadata,
        verdict=judged.verdict.as_record(),
        scheduled_at=draft.scheduled_at,
        undo_until=end.undo_until,
        expires_at=end.expires_at,
        content_hash=known.fingerprint,
        created_at=call.now,
        search_body=draft.body,
        revision=1,
        digest=rendered.digest,
        released_digest=None if judged.verdict.held else rendered.digest,
        batch_id=draft.batch_id,
        topic=draft.topic,
    )


def deliveries(
    call: Call, message_id: str, judged: Judged, end: Fate, addresses: Sequence[str]
) -> list[StoredDelivery]:
    """One delivery per recipient; suppressed ones say why and are never tried."""
    suppressed = dict(judged.verdict.suppressed)
    due = end.undo_until or judged.draft.scheduled_at or call.now
    times = dict(judged.draft.times)
    found = []
    for address in addresses:
        reason = suppressed.get(address, "")
        status = "suppressed" if reason else ("waiting" if end.waits else "queued")
        at = max(due, times.get(address, due))
        found.append(
            StoredDelivery(call.new_id("dlv"), message_id, address, status, 0, None, at, None, reason)
        )
    return found
