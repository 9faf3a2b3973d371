"""The server's own part in sequences: it sends the steps of those it runs, and ends what something has ended.

A step is sent as its author's call of `send_email` would be, by the same policy, in the transaction in which the
sequence goes on: a crash leaves both done or neither.
"""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from multimail.contract.sending import ReplyEmail, SendEmail
from multimail.core.errors import Problem
from multimail.core.sequences import ACTIVE, SERVER, STOPPED
from multimail.core.times import HOUR
from multimail.ports.records import Event
from multimail.ports.sequences import Enrollment, StoredSequence
from multimail.ports.store import Tx
from multimail.services import sending, sequence_ends, sequence_steps, sequence_texts
from multimail.services.context import Call, Caller, Services
from multimail.services.machine import machine_call

BATCH: Final = 50
_PASSES: Final = frozenset(
    {"cap_reached", "too_many_open_drafts", "busy", "storage_full", "storage_failed", "conflict"}
)
"""Refusals that are about now: the step is tried again in an hour."""
SURFACE: Final = "server"


async def step(services: Services) -> int:
    """Everything that is due now; returns how many people were looked at."""
    now = services.clock.now()
    found = await services.store.read(lambda tx: tx.sequences.to_run(now, BATCH))
    for enrollment_id in dict.fromkeys(one.id for one in found):
        await services.store.write(partial(_run, services=services, enrollment_id=enrollment_id))
    return len(found)


def _run(tx: Tx, services: Services, enrollment_id: str) -> None:
    enrollment = tx.sequences.enrollment(enrollment_id)
    if enrollment is None or enrollment.status != ACTIVE:
        return
    sequence, call = tx.sequences.get(enrollment.sequence_id), machine_call(services)
    assert sequence is not None
    over = sequence_ends.why_over(tx, sequence, enrollment, call)
    if over is not None:
        sequence_ends.end(tx, call, sequence, enrollment, over)
        return
    looked_at = tx.sequences.change(enrollment, call.now, looked_at=1)
    assert looked_at is not None
    if sequence.run_by == SERVER and sequence.status == ACTIVE and looked_at.due_at <= call.now:
        _do(tx, call, sequence, looked_at)


def _do(tx: Tx, call: Call, sequence: StoredSequence, enrollment: Enrollment) -> None:
    author = tx.principals.get(sequence.principal_id)
    if author is None or not author.valid_at(call.now):
        _halt(tx, call, sequence)
        return
    ready = sequence_steps.ready_for(tx, call, sequence, enrollment)
    if ready is None:
        return
    own = Call(author.principal, Caller(author.principal.id, SURFACE), call.now, call.services)
    try:
        message_id, status = tx.attempt(partial(_sent, tx, own, sequence, ready))
    except Problem as problem:
        if problem.code in _PASSES:
            tx.sequences.change(ready, call.now, due_at=call.now + HOUR)
        else:
            sequence_ends.end(tx, call, sequence, ready, problem.code)
        return
    if status == "suppressed":
        sequence_ends.end(tx, call, sequence, ready, "suppressed")
    else:
        sequence_steps.advance(tx, own, sequence, ready, message_id)


def _halt(tx: Tx, call: Call, sequence: StoredSequence) -> None:
    """Nobody answers for it any more: what its author may not send, it may not."""
    tx.sequences.end(sequence.id, STOPPED, "key_revoked", call.now)
    tx.sequences.stop_all(sequence.id, "key_revoked", call.now)
    data = {"sequence": sequence.id, "reason": "key_revoked"}
    tx.events.add(
        Event("sequence.stopped", call.now, sequence.mailbox_id, principal_id=call.principal.id, data=data)
    )


def _sent(tx: Tx, call: Call, sequence: StoredSequence, enrollment: Enrollment) -> tuple[str, str]:
    """Send the step as the sequence's author; the mail's id and state."""
    contact = tx.contacts.get(enrollment.contact_id)
    assert contact is not None
    step = sequence.plan.steps[enrollment.step]
    shared: dict[str, Any] = {
        "mailbox": sequence.mailbox_id,
        "tags": list(step.tags),
        "topic": sequence.plan.topic or None,
        "message_class": sequence.plan.message_class or None,
        "idempotency_key": f"{enrollment.id}:{enrollment.made_at}:{enrollment.step}",
    }
    values = sequence_texts.values_of(contact)
    if sequence.plan.same_thread and enrollment.last_message:
        body = sequence_texts.text_of(tx, step).filled(values).body
        reply = ReplyEmail.parse({**shared, "message_id": enrollment.last_message, "body": body})
        answer = sending.reply_email(tx, call, reply)
        return answer.message_id, answer.status
    own = sequence_texts.text_of(tx, step).filled(values)
    text: dict[str, Any] = {"subject": own.subject, "body": own.body}
    if step.template:
        text = {"template": step.template, "values": values}
    sent = sending.send(tx, call, SendEmail.parse({**shared, "to": [contact.address], **text}))
    return sent.message.id, sent.message.status
