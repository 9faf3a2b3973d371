"""Doing the steps of a sequence: claimed with a lease that only one holds, completed by its holder, once."""

from __future__ import annotations

from typing import Final

from multimail.contract.sequences import (
    ClaimedStep,
    ClaimedSteps,
    ClaimSteps,
    CompleteStep,
    EnrollmentResult,
)
from multimail.core.errors import Problem
from multimail.core.sequences import SERVER, STOPPED, Step
from multimail.core.templates import slots
from multimail.core.times import MINUTE, SECOND, Micros, to_datetime
from multimail.ports.records import Event
from multimail.ports.sequences import Enrollment, StoredSequence
from multimail.ports.store import Tx
from multimail.services import access, convert, sequence_ends, sequence_texts, sequences
from multimail.services.context import Call

_SOON: Final = 5 * SECOND
_LATEST: Final = 15 * MINUTE
_SHARE: Final = 4
_ROUNDS: Final = 10


def claim_sequence_steps(tx: Tx, call: Call, request: ClaimSteps) -> ClaimedSteps:
    """Take steps that are due, the longest due first. Whose sequence is over by now is passed by."""
    sequence = sequences.found(tx, call, request.sequence_id)
    sequences.must_go_on(sequence)
    if sequence.run_by == SERVER:
        raise Problem("conflict", "The server does the steps of this sequence.", field="sequence_id")
    until = call.now + request.lease_seconds * SECOND
    steps: list[ClaimedStep] = []
    for _ in range(_ROUNDS):
        due = tx.sequences.due(sequence.id, call.now, request.limit - len(steps))
        ready = (ready_for(tx, call, sequence, one) for one in due)
        steps += [_claimed(tx, call, sequence, one, until) for one in ready if one is not None]
        if not due or len(steps) >= request.limit:
            break
    return ClaimedSteps(sequence_id=sequence.id, steps=steps, count=len(steps))


def ready_for(tx: Tx, call: Call, sequence: StoredSequence, enrollment: Enrollment) -> Enrollment | None:
    """Somebody at the step that is to be done for him now. None when he is through, it is over, or the mail before
    has not left yet: then it is looked at again by and by."""
    over = sequence_ends.why_over(tx, sequence, enrollment, call)
    if over is not None:
        sequence_ends.end(tx, call, sequence, enrollment, over)
        return None
    since = sequence_ends.under_way_since(tx, enrollment)
    if since is not None:
        tx.sequences.change(enrollment, call.now, due_at=call.now + _look_after(call.now - since))
        return None
    tags = {one.tag for one in tx.tags.of("contact", enrollment.contact_id)}
    step = sequence.plan.next_for(enrollment.step, tags)
    if step is None:
        sequence_ends.end(tx, call, sequence, enrollment)
        return None
    if step != enrollment.step:
        return tx.sequences.change(enrollment, call.now, step=step)
    return enrollment


def _look_after(waited: Micros) -> Micros:
    """When it is looked again whether the mail before has left: soon for a mail that is about to, later and later for
    one that waits for a person or for its hours."""
    return min(max(waited // _SHARE, _SOON), _LATEST)


def _claimed(tx: Tx, call: Call, sequence: StoredSequence, enrollment: Enrollment, until: int) -> ClaimedStep:
    lease = call.new_id("lease")
    held = tx.sequences.change(
        enrollment, call.now, lease=lease, lease_by=call.principal.id, lease_until=until
    )
    contact = tx.contacts.get(enrollment.contact_id)
    assert held is not None
    assert contact is not None
    step = sequence.plan.steps[held.step]
    values = sequence_texts.values_of(contact)
    text = sequence_texts.as_far_as_known(step, values)
    return ClaimedStep(
        enrollment_id=held.id,
        lease=lease,
        lease_until=to_datetime(until),
        contact_id=contact.id,
        email=contact.address,
        name=convert.shown(contact.name) or None,
        step=held.step,
        version=held.version,
        subject=text.subject or None,
        body=text.body or None,
        template=step.template or None,
        values=_for_template(tx, step, values) if step.template else None,
        tags=list(step.tags),
        message_class=sequence.plan.message_class or None,
        topic=sequence.plan.topic or None,
        last_message_id=held.last_message,
    )


def _for_template(tx: Tx, step: Step, values: dict[str, str]) -> dict[str, str]:
    text = sequence_texts.text_of(tx, step)
    return {name: values[name] for name in slots(text.subject, text.body) if name in values}


def complete_sequence_step(tx: Tx, call: Call, request: CompleteStep) -> EnrollmentResult:
    """Whoever holds the lease says how the step ended; saying so again is the same answer.

    If it was over meanwhile, because of an answer, say, the mail that is named is withdrawn if it has not left.
    """
    sequence, enrollment = _enrolled(tx, call, request.enrollment_id)
    if enrollment.lease != request.lease:
        raise _too_late("The step is somebody else's by now.")
    if request.message_id is not None:
        mail = access.message(tx, call.principal, request.message_id)
        if mail.direction != "outbound" or mail.mailbox_id != sequence.mailbox_id:
            raise Problem(
                "contradiction", "It is no mail that the sequence's mailbox sent.", field="message_id"
            )
    if enrollment.status == STOPPED:
        sequence_ends.withdraw(tx, call, request.message_id)
        return _result(tx, enrollment)
    if enrollment.lease_until == 0:
        return _result(tx, enrollment, repeated=True)
    if request.step is not None and request.step != enrollment.step:
        raise _too_late(f"It is at step {enrollment.step}.")
    return _result(tx, _ended(tx, call, sequence, enrollment, request))


def _ended(
    tx: Tx, call: Call, sequence: StoredSequence, enrollment: Enrollment, request: CompleteStep
) -> Enrollment:
    if request.outcome == "stop":
        return sequence_ends.end(tx, call, sequence, enrollment, "stopped")
    if request.outcome == "release":
        freed = tx.sequences.change(enrollment, call.now, lease="", lease_until=0)
        assert freed is not None
        return freed
    return advance(tx, call, sequence, enrollment, request.message_id)


def advance(
    tx: Tx, call: Call, sequence: StoredSequence, enrollment: Enrollment, message_id: str | None
) -> Enrollment:
    """The step is done, by this mail; the next one is due after its wait, or this was the last."""
    following = enrollment.step + 1
    moved = tx.sequences.change(
        enrollment,
        call.now,
        step=following,
        due_at=sequence.plan.due_after(enrollment.step, call.now),
        lease_until=0,
        last_message=message_id or enrollment.last_message,
    )
    assert moved is not None
    data = {"sequence": sequence.id, "enrollment": enrollment.id, "step": enrollment.step}
    tx.events.add(
        Event(
            "sequence.step", call.now, sequence.mailbox_id, message_id=message_id, contact_id=enrollment.contact_id,
            principal_id=call.principal.id, data=data,
        )
    )  # fmt: skip
    if following < len(sequence.plan.steps):
        return moved
    return sequence_ends.end(tx, call, sequence, moved)


def _enrolled(tx: Tx, call: Call, enrollment_id: str) -> tuple[StoredSequence, Enrollment]:
    enrollment = tx.sequences.enrollment(enrollment_id)
    sequence = tx.sequences.get(enrollment.sequence_id) if enrollment is not None else None
    if enrollment is None or sequence is None or not call.principal.may_use(sequence.mailbox_id):
        raise Problem(
            "not_found", "There is no such enrollment.", field="enrollment_id",
            advice="claim_sequence_steps names them.",
        )  # fmt: skip
    return sequence, enrollment


def _too_late(why: str) -> Problem:
    return Problem(
        "conflict", why, field="lease", advice="Claim again; what was sent is not to be sent again."
    )


def _result(tx: Tx, enrollment: Enrollment, *, repeated: bool = False) -> EnrollmentResult:
    fields = sequences.enrollment_view(tx, enrollment)
    return EnrollmentResult(**fields, sequence_id=enrollment.sequence_id, repeated=repeated or None)
