"""The operation `decide_email`: a person's or program's decision on exactly what it looked at.

The digest ties a decision to one revision; deciding the same again is the same answer; whoever submitted a
mail does not decide on it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from multimail.contract.reviews import DecideEmail, DecisionView
from multimail.core.diff import Content, unified
from multimail.core.errors import Problem
from multimail.core.lifecycle import CANCELLABLE, HELD
from multimail.core.model import Role
from multimail.ports.records import StoredDecision, StoredMessage
from multimail.ports.store import Tx
from multimail.services import access, approval_limits, approving, editing, inbound_review, record, undoing
from multimail.services.context import Call
from multimail.services.decision_views import decision_view

SAME: Final = {"approved": "approve", "rejected": "reject", "defer": "escalate"}
Act = Callable[[Tx, Call, StoredMessage, DecideEmail], StoredMessage]


def decide_email(tx: Tx, call: Call, request: DecideEmail) -> DecisionView:
    """Decide on a held mail, or by an inbound mail's id on the one reply that waits for it."""
    verb = SAME.get(request.decision, request.decision)
    _check_request(verb, request)
    message = target(tx, call, request)
    if message.direction == "inbound":
        _check_decider(call, message, verb)
        approval_limits.check_arriving(call)
        return inbound_review.decide(tx, call, message, verb, request)
    outside = approval_limits.breaches(tx, call, message, verb, request)
    asked = verb
    if outside:
        verb, request = approval_limits.HANDED_ON, approval_limits.without_text(request)
    reasons = [one.reason for one in outside]
    earlier = _same_again(tx, call, message, verb, request)
    if earlier is not None:
        return decision_view(tx, call, message, earlier, repeated=True, reasons=reasons)
    _check_state(tx, call, message, verb)
    _check_decider(call, message, verb)
    _check_digest(tx, call, message, request.digest)
    before = tx.revisions.get(message.id, message.revision)
    after = ACTS[verb](tx, call, message, request)
    revision = tx.revisions.get(after.id, after.revision)
    assert before is not None
    assert revision is not None
    diff = unified(
        Content(before.subject, before.body), Content(revision.subject, revision.body), "draft", "approved"
    )
    decision = record.decision(tx, call, after, verb, note=request.note, diff=diff)
    if outside:
        limits = [one.limit for one in outside]
        tx.events.add(
            record.event(call, "oversight.escalated", after, digest=after.digest, asked=asked, limit=limits)
        )
    elif after.principal_id == call.principal.id and call.principal.self_approving:
        tx.events.add(record.event(call, "oversight.self_approved", after, decision=verb))
    return decision_view(tx, call, after, decision, reasons=reasons)


def _check_request(verb: str, request: DecideEmail) -> None:
    revised = request.revised_body is not None or request.revised_subject is not None
    if revised and verb != "approve":
        raise Problem("invalid", "Only an approval can carry a revised text.", field="revised_body")
    if verb == "request_changes" and not request.note.strip():
        raise Problem("invalid", "Say in a note what should change.", field="note")


def target(tx: Tx, call: Call, request: DecideEmail) -> StoredMessage:
    """The mail a decision is about: the named one, or the one reply that waits for the named inbound mail."""
    message = access.message(tx, call.principal, request.message_id)
    if message.direction == "outbound" or message.status in inbound_review.STATES:
        return message
    waiting = tx.messages.waiting_answers(message.id)
    if len(waiting) == 1:
        return waiting[0]
    if waiting:
        ids = ", ".join(one.id for one in waiting)
        raise Problem(
            "conflict", f"Several replies to it wait: {ids}.", field="message_id", advice="Name one of them."
        )
    decided = tx.messages.last_answer(message.id)
    if decided is None:
        raise Problem("conflict", "It is inbound mail, and no reply to it waits.", field="message_id")
    return decided


def _same_again(
    tx: Tx, call: Call, message: StoredMessage, verb: str, request: DecideEmail
) -> StoredDecision | None:
    """The last decision, when it was the same one, by the same principal, about the draft as it is."""
    last = next(reversed(tx.decisions.of(message.id)), None)
    if (
        last is None
        or (last.principal_id, last.decision, last.digest) != (call.principal.id, verb, message.digest)
        or (message.status in HELD and request.note != last.note)
    ):
        return None
    return last if _about_the_same(tx, message, request) else None


def _about_the_same(tx: Tx, message: StoredMessage, request: DecideEmail) -> bool:
    """Whether a decision that names a digest or a text means the current revision, or one that led to it."""
    revisions = tx.revisions.all(message.id)
    current = revisions[-1]
    body, subject = request.revised_body, request.revised_subject
    if body is None and subject is None:
        return request.digest in {None, current.digest}
    return (
        body in {None, current.body}
        and subject in {None, current.subject}
        and (request.digest is None or request.digest in {one.digest for one in revisions})
    )


def _check_state(tx: Tx, call: Call, message: StoredMessage, verb: str) -> None:
    """Held mail can be decided; what was let go can still be withdrawn, up to its hand-over."""
    if verb == "undo":
        return undoing.check(tx, call, message)
    if message.status in HELD and message.expires_at is not None and message.expires_at <= call.now:
        raise Problem(
            "conflict", f"{message.id} waited too long and has expired.", field="message_id",
            advice="Its author can send it again.",
        )  # fmt: skip
    if message.status in HELD or (verb == "cancel" and message.status in CANCELLABLE):
        return None
    raise Problem(
        "conflict",
        f"{message.id} is {message.status}; nothing waits for a decision.",
        field="message_id",
        advice="get_message_history tells who decided what.",
    )


def _check_decider(call: Call, message: StoredMessage, verb: str) -> None:
    owner = call.principal.role is Role.OWNER
    if owner and call.caller.asserted is None:
        raise Problem(
            "confirmation_required",
            "A person has to answer this decision; the mail stays held.",
            advice="Decide on the review page, signed in.",
        )
    own = message.principal_id == call.principal.id
    if own and verb != "cancel" and not owner and not call.principal.self_approving:
        raise Problem(
            "self_approval", "Whoever submitted a mail does not decide on it.", advice="Use another key."
        )


def _check_digest(tx: Tx, call: Call, message: StoredMessage, digest: str | None) -> None:
    """The decision is about the draft as it is: the one that was named, asserted to be shown, or last served."""
    asserted = call.caller.asserted
    if digest is None and asserted is None:
        served = tx.revisions.served(call.principal.id, message.id)
        if served is None and message.revision > 1:
            raise Problem(
                "digest_required",
                f"{message.id} has {message.revision} revisions and none was shown to this key.",
                field="digest",
                advice="list_pending shows the draft with its digest.",
            )
        digest = served[1] if served else message.digest
    shown = {digest, asserted.digest if asserted else None} - {None}
    if shown != {message.digest}:
        raise Problem(
            "changed",
            "The draft changed since: look again.",
            field="digest",
            advice=f"The current revision is {message.revision} with digest {message.digest}.",
        )


def _reject(tx: Tx, call: Call, message: StoredMessage, request: DecideEmail) -> StoredMessage:
    gone = tx.messages.move(message, "rejected", call.now, expires_at=None)
    record.never_leaves(tx, call, gone, "oversight.rejected", digest=gone.digest)
    return gone


def _request_changes(tx: Tx, call: Call, message: StoredMessage, request: DecideEmail) -> StoredMessage:
    moved = _step(tx, call, message, "changes_requested")
    tx.events.add(record.event(call, "oversight.changes_requested", moved, digest=moved.digest))
    return moved


def _escalate(tx: Tx, call: Call, message: StoredMessage, request: DecideEmail) -> StoredMessage:
    moved = _hand_on(tx, call, message, request)
    tx.events.add(record.event(call, "oversight.escalated", moved, digest=moved.digest))
    return moved


def _hand_on(tx: Tx, call: Call, message: StoredMessage, request: DecideEmail) -> StoredMessage:
    """What is outside a program's limit waits for a person; until when, does not change."""
    return _step(tx, call, approving.reopened(tx, call, message), "escalated")


def _step(tx: Tx, call: Call, message: StoredMessage, status: str) -> StoredMessage:
    return message if message.status == status else tx.messages.move(message, status, call.now)


def _cancel(tx: Tx, call: Call, message: StoredMessage, request: DecideEmail) -> StoredMessage:
    return editing.cancel(tx, call, message)


ACTS: Final[dict[str, Act]] = {
    "approve": approving.approve,
    "reject": _reject,
    "request_changes": _request_changes,
    "escalate": _escalate,
    "cancel": _cancel,
    "undo": undoing.undo,
    approval_limits.HANDED_ON: _hand_on,
}
