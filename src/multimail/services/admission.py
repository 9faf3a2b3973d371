"""Admission: the one way by which mail comes to be allowed to leave, or is held, or is refused.

Facts, verdict, rendering and rows stand in one transaction. Whatever makes mail leave comes through `admit`
(new mail) or `readmit` (a new revision of a held or scheduled one).
"""

from __future__ import annotations

from dataclasses import replace

from multimail.core.addresses import domain_of, normalise
from multimail.core.errors import Problem
from multimail.core.model import Draft, Mailbox
from multimail.core.policy.evaluate import evaluate, suppressions
from multimail.core.policy.modes import effective
from multimail.mime.quoting import preview
from multimail.ports.records import StoredMessage, StoredRevision
from multimail.ports.store import Tx
from multimail.services import facts, leaving, outbound, recipient_times, record, sent_views
from multimail.services.context import Call
from multimail.services.drafting import Prepared, with_oversight_copy
from multimail.services.outbound import Judged
from multimail.services.rendering import Rendered, render
from multimail.services.sent_views import Sent


def judge(tx: Tx, call: Call, box: Mailbox, draft: Draft, *, new: bool = True) -> Judged:
    """The draft with its oversight copy, the mode that holds and the policy's verdict; raises a refusal.

    Mail that is not `new` was counted when it was accepted: caps and open drafts do not count it again.
    """
    mode = effective(draft.requested_mode, box.default_mode, box.ceiling)
    complete = with_oversight_copy(box, draft, mode.effective)
    complete = recipient_times.planned(tx, call, box, complete, new=new)
    known = facts.gather(tx, call, box, complete, mode)
    known = known if new else replace(known, caps=(), open_drafts=0)
    verdict = evaluate(known)
    verdict.raise_refusal()
    return Judged(complete, mode, verdict, known)


def admit(tx: Tx, call: Call, box: Mailbox, prepared: Prepared, idempotency_key: str | None) -> Sent:
    """Take a draft in, unless this call repeats an earlier one."""
    fingerprint = outbound.fingerprint(prepared, idempotency_key)
    twin = tx.messages.recent_twin(call.principal.id, fingerprint, call.now - call.limits.repeat_window)
    if twin is not None and not _all_left_out(tx, call, box, prepared.draft):
        return sent_views.read(tx, twin, repeated=True)
    message_id = call.new_id("msg")
    for old in _waiting_answers(tx, call, prepared.draft):
        record.supersede(tx, call, old, message_id)
    # The conversation first, so that the draft is complete once it is judged: a refusal undoes it.
    thread = outbound.thread_for(tx, call, prepared.draft)
    judged = judge(tx, call, box, replace(prepared.draft, thread_id=thread.id))
    header_id = f"<{message_id}@{domain_of(box.address)}>"
    rendered = _rendered(tx, call, box, judged.draft, prepared, header_id)
    identity = outbound.Identity(message_id, header_id, fingerprint)
    end = outbound.fate(call, box, judged.draft, judged.mode, judged.verdict)
    new = outbound.new_message(call, judged, end, rendered, identity)
    tx.messages.insert(new)
    _store_revision(tx, call, message_id, 1, judged.draft, rendered)
    addresses = [one.address for one in judged.draft.recipients]
    tx.deliveries.add(outbound.deliveries(call, message_id, judged, end, addresses), call.now)
    tx.threads.know(thread, header_id, message_id, ())
    tx.threads.touch(
        thread, call.now, [normalise(one.address) for one in judged.draft.recipients if one.visible]
    )
    tags = record.send_tags(tx, call, new, judged)
    record.admitted(tx, call, new, judged)
    suppressed = [address for address, _ in judged.verdict.suppressed]
    return Sent(new, judged.draft.recipients, suppressed, tags)


def _all_left_out(tx: Tx, call: Call, box: Mailbox, draft: Draft) -> bool:
    """Whether nobody would get it now: who opted out since it went is told so, and not that it went."""
    people = facts.recipient_facts(tx, box, draft.recipients, draft.purpose, call.now)
    word = facts.operator_class(box, draft.topic)
    return len(suppressions(people, draft.purpose.claimed, word)) == len(people)


def readmit(tx: Tx, call: Call, message: StoredMessage, box: Mailbox, prepared: Prepared) -> StoredMessage:
    """Store a new revision of a held or scheduled mail and judge it anew; an approval of the old one is void.

    What a person sent back, or passed on, is held again whatever the mode says: a person is in the middle of it.
    """
    judged = judge(tx, call, box, prepared.draft, new=False)
    if message.status in {"changes_requested", "escalated"}:
        judged = replace(
            judged, verdict=judged.verdict.hold("sent_back", "A person asked for this revision.")
        )
    changed = _revised(tx, call, message, box, replace(prepared, draft=judged.draft), judged)
    record.edited(tx, call, changed, judged.verdict)
    return changed


def revise(tx: Tx, call: Call, message: StoredMessage, box: Mailbox, prepared: Prepared) -> StoredMessage:
    """Store a reviewer's own revision of a held mail; it stays held until the same transaction approves it."""
    judged = judge(tx, call, box, prepared.draft, new=False)
    judged = replace(judged, verdict=judged.verdict.hold("revised", "A reviewer changed the text."))
    changed = _revised(tx, call, message, box, replace(prepared, draft=judged.draft), judged)
    tx.events.add(
        record.event(call, "message.edited", changed, revision=changed.revision, digest=changed.digest)
    )
    return changed


def _revised(
    tx: Tx, call: Call, message: StoredMessage, box: Mailbox, prepared: Prepared, judged: Judged
) -> StoredMessage:
    rendered = _rendered(tx, call, box, prepared.draft, prepared, message.header_id)
    old = search_entry(tx, message)
    _store_revision(tx, call, message.id, message.revision + 1, prepared.draft, rendered)
    end = outbound.fate(call, box, prepared.draft, judged.mode, judged.verdict)
    tx.deliveries.cancel(message.id, call.now)
    changed = _moved(tx, call, message, judged, rendered, end)
    others = tx.messages.recipients(message.seq) != list(prepared.draft.recipients)
    tx.messages.replace_recipients(message.seq, prepared.draft.recipients)
    if others or changed.status == "suppressed":
        record.tag_again(tx, call, changed, judged)
    tx.messages.replace_attachments(message.id, rendered.attachments)
    tx.messages.reindex(message.seq, search_entry(tx, changed), old)
    addresses = [one.address for one in prepared.draft.recipients]
    tx.deliveries.add(outbound.deliveries(call, message.id, judged, end, addresses), call.now)
    return changed


def _moved(
    tx: Tx, call: Call, message: StoredMessage, judged: Judged, rendered: Rendered, end: outbound.Fate
) -> StoredMessage:
    changes = {
        "subject": judged.draft.subject,
        "preview": preview(judged.draft.body),
        "revision": message.revision + 1,
        "digest": rendered.digest,
        "released_digest": None if judged.verdict.held else rendered.digest,
        "approved_digest": None,
        "approved_by": None,
        "approved_at": None,
        "mode": judged.mode.effective.value,
        "verdict": judged.verdict.as_record(),
        "scheduled_at": judged.draft.scheduled_at,
        "undo_until": end.undo_until,
        "expires_at": end.expires_at,
        "size": len(rendered.raw),
        "has_attachments": int(bool(rendered.attachments)),
    }
    if end.status == message.status:
        return tx.messages.change(message, call.now, **changes)
    return tx.messages.move(message, end.status, call.now, **changes)


def search_entry(tx: Tx, message: StoredMessage) -> tuple[str, str, str]:
    """Subject, people and text of a message as the search knows them."""
    people = " ".join(
        [message.sender, message.sender_name]
        + [f"{one.address} {one.name}" for one in tx.messages.recipients(message.seq)]
    )
    revision = tx.revisions.get(message.id, message.revision)
    return message.subject, people, revision.body if revision else ""


def _rendered(tx: Tx, call: Call, box: Mailbox, draft: Draft, prepared: Prepared, header_id: str) -> Rendered:
    rendered = render(draft, box, prepared.files, header_id, call.now, leaving.links(tx))
    limit = call.limits.message_bytes * 3 // 2
    if len(rendered.raw) > limit:
        raise Problem(
            "too_large", f"The mail has {len(rendered.raw):,} bytes; the limit is {limit:,}.", field="body"
        )
    return rendered


def _store_revision(
    tx: Tx, call: Call, message_id: str, number: int, draft: Draft, rendered: Rendered
) -> None:
    author = call.principal.id
    revision = StoredRevision(
        message_id, number, rendered.digest, author, draft.subject, draft.body, rendered.envelope, call.now
    )
    tx.revisions.add(revision, rendered.raw)


def _waiting_answers(tx: Tx, call: Call, draft: Draft) -> list[StoredMessage]:
    """Held answers to the same arrival: one's own is superseded, another's is a conflict. One's own mail may be
    followed up as often as one likes."""
    parent = tx.messages.get(draft.answers) if draft.answers else None
    if parent is None or parent.direction != "inbound":
        return []
    waiting = tx.messages.waiting_answers(parent.id)
    for one in waiting:
        if one.principal_id != call.principal.id:
            raise Problem(
                "conflict",
                f"{one.id}, an answer to this mail by another author, waits for a decision.",
                field="message_id",
                advice="Wait for it, or ask for it to be withdrawn.",
            )
    return waiting
