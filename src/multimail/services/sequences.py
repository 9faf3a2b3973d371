"""Sequences: planning them, who is in them, and stopping them."""

from __future__ import annotations

from typing import Any

from multimail.contract.sequences import (
    CreateSequence,
    EnrollContacts,
    EnrollmentView,
    EnrollResult,
    EnrollRow,
    GetSequence,
    ListSequences,
    SequenceList,
    SequencePage,
    SequenceView,
    StepIn,
    StepView,
    StopResult,
    StopSequence,
)
from multimail.core.addresses import Address, normalise, parse_address
from multimail.core.errors import Problem
from multimail.core.message_class import clean_topic
from multimail.core.sequences import ACTIVE, STOPPED, Plan, Step, wait_of, wait_text
from multimail.core.tags import clean_tags, read_tags
from multimail.core.text import typed_line
from multimail.core.times import to_datetime
from multimail.ports.records import Event
from multimail.ports.sequences import Enrollment, StoredSequence
from multimail.ports.store import Tx
from multimail.services import access, address_keys, convert, cursors, sequence_ends, templates
from multimail.services.context import Call
from multimail.services.decision_views import name_of


def create_sequence(tx: Tx, call: Call, request: CreateSequence) -> SequenceView:
    """A new plan. It never changes, so that who is in it gets what was planned."""
    box = access.mailbox(tx, call.principal, request.mailbox)
    name = typed_line(request.name.strip(), "name")
    if not name:
        raise Problem("invalid", "A sequence has a name.", field="name", advice="Like welcome.")
    if tx.sequences.named(name, [box.id]):
        raise Problem(
            "already_exists", f"There is a sequence {name!r} already.", field="name",
            advice="Stop it first, or choose another name.",
        )  # fmt: skip
    plan = Plan(
        steps=tuple(_step(tx, one, place) for place, one in enumerate(request.steps)),
        stop_tags=tuple(read_tags(request.stop_tags, field="stop_tags")),
        done_tag=_one_tag(request.done_tag) if request.done_tag else "",
        message_class=request.message_class or "",
        topic=clean_topic(request.topic),
        same_thread=request.same_thread,
    )
    made = StoredSequence(
        call.new_id("seq"), name, box.id, plan, request.run_by, ACTIVE, "", call.principal.id, call.now, call.now
    )  # fmt: skip
    tx.sequences.insert(made)
    tx.events.add(_event(call, "sequence.created", made, run_by=made.run_by, steps=len(plan.steps)))
    return SequenceView(**_view(tx, made))


def _one_tag(text: str) -> str:
    tags = clean_tags([text], field="done_tag")
    if len(tags) != 1:
        raise Problem(
            "invalid", "More than one tag.", field="done_tag", advice="Give one, like drip_complete."
        )
    return tags[0]


def _step(tx: Tx, given: StepIn, place: int) -> Step:
    field = f"steps.{place}"
    if given.template and (given.subject or given.body):
        raise Problem(
            "contradiction", "The text is the template's.", field=f"{field}.template",
            advice="Leave subject and body out.",
        )  # fmt: skip
    if not given.template and not (given.subject.strip() and given.body.strip()):
        raise Problem(
            "invalid", "A step is a mail.", field=f"{field}.subject", advice="Give subject and body, or a template."
        )  # fmt: skip
    return Step(
        wait_of(given.wait, f"{field}.wait"),
        typed_line(given.subject, f"{field}.subject"),
        given.body,
        templates.usable(tx, given.template, f"{field}.template").id if given.template else "",
        clean_tags(given.tags, field=f"{field}.tags"),
        tuple(read_tags(given.only_if, field=f"{field}.only_if")),
        tuple(read_tags(given.unless, field=f"{field}.unless")),
    )


def found(tx: Tx, call: Call, named: str) -> StoredSequence:
    """A sequence by id or by the name of one that goes on; foreign ones are not there."""
    by_id = tx.sequences.get(named)
    open_to = [by_id] if by_id is not None else tx.sequences.named(named, call.principal.mailboxes)
    open_to = [one for one in open_to if call.principal.may_use(one.mailbox_id)]
    if len(open_to) == 1:
        return open_to[0]
    raise Problem(
        "conflict" if open_to else "not_found",
        f"{len(open_to)} sequences are called {named[:40]!r}." if open_to else "There is no such sequence.",
        field="sequence_id",
        advice="list_sequences names them with their ids.",
    )


def list_sequences(tx: Tx, call: Call, request: ListSequences) -> SequenceList:
    """All of the mailboxes that are open to the caller, the newest first."""
    known = tx.sequences.all(access.mailbox_ids(tx, call.principal, request.mailbox))
    views = [SequenceView(**_view(tx, one)) for one in known]
    return SequenceList(sequences=views, count=len(views))


def get_sequence(tx: Tx, call: Call, request: GetSequence) -> SequencePage:
    """One with a page of who is in it."""
    sequence = found(tx, call, request.sequence_id)
    if request.email is not None:
        key = address_keys.address_key(tx, parse_address(request.email, field="email").address).hex()
        one = tx.sequences.enrolled(sequence.id, key)
        rows = [one] if one is not None and request.status in {None, one.status} else []
    else:
        after = cursors.last_id(request, "enr")
        rows = tx.sequences.page(sequence.id, request.status, after, request.limit + 1)
    page = rows[: request.limit]
    return SequencePage(
        **_view(tx, sequence),
        enrollments=[EnrollmentView(**enrollment_view(tx, one)) for one in page],
        count=len(page),
        cursor=cursors.after(request, page[-1].id) if len(rows) > len(page) else None,
    )


def enroll_contacts(tx: Tx, call: Call, request: EnrollContacts) -> EnrollResult:
    """Begin it for each; all together or, for one address that is none, nobody."""
    sequence = found(tx, call, request.sequence_id)
    must_go_on(sequence)
    given = [parse_address(one, field=f"emails.{place}") for place, one in enumerate(request.emails)]
    keys = address_keys.address_keys(tx, [one.address for one in given])
    rows = [_enroll(tx, call, sequence, one, keys[one.address].hex(), again=request.again) for one in given]
    count = sum(row.enrolled for row in rows)
    if count:
        tx.events.add(_event(call, "sequence.enrolled", sequence, count=count))
    return EnrollResult(sequence_id=sequence.id, results=rows, enrolled=count)


def _enroll(
    tx: Tx, call: Call, sequence: StoredSequence, given: Address, key: str, *, again: bool
) -> EnrollRow:
    address = given.address
    there = tx.sequences.enrolled(sequence.id, key)
    if there is not None and (there.status == ACTIVE or not again):
        return EnrollRow(
            email=convert.shown(address), enrolled=False, enrollment_id=there.id, status=there.status,
            reason=there.reason or "enrolled_before",
        )  # fmt: skip
    over = sequence_ends.why_not(tx, sequence, address, call)
    if over is not None:
        return EnrollRow(email=convert.shown(address), enrolled=False, status=STOPPED, reason=over)
    contact = tx.contacts.ensure(call.new_id("contact"), normalise(address), given.name, call.now)
    due = call.now + sequence.plan.steps[0].wait
    new = Enrollment(
        there.id if there is not None else call.new_id("enr"), sequence.id, contact.id, key, 0, ACTIVE, "", due,
        "", "", 0, None, there.version if there is not None else 1, call.now, call.now,
    )  # fmt: skip
    if there is None:
        tx.sequences.enroll(new)
    else:
        tx.sequences.change(
            there, call.now, contact_id=contact.id, step=0, status=ACTIVE, reason="", due_at=due, lease="",
            lease_until=0, last_message=None, made_at=call.now,
        )  # fmt: skip
    return EnrollRow(email=convert.shown(address), enrolled=True, enrollment_id=new.id, status=ACTIVE)


def must_go_on(sequence: StoredSequence) -> None:
    """Refuse one that was stopped."""
    if sequence.status != ACTIVE:
        raise Problem(
            "conflict", "The sequence was stopped.", field="sequence_id", advice="Create another one."
        )


def stop_sequence(tx: Tx, call: Call, request: StopSequence) -> StopResult:
    """End it, for one contact or for good; stopping it again changes nothing."""
    sequence = found(tx, call, request.sequence_id)
    if request.email is not None:
        return _stop_one(tx, call, sequence, request.email)
    stopped = withdrawn = 0
    if sequence.status == ACTIVE:
        reason = typed_line(request.reason.strip(), "reason")
        tx.sequences.end(sequence.id, STOPPED, reason, call.now)
        tx.events.add(_event(call, "sequence.stopped", sequence))
        for message_id in tx.sequences.stop_all(sequence.id, "sequence_stopped", call.now):
            stopped += 1
            withdrawn += sequence_ends.withdraw(tx, call, message_id)
    return StopResult(sequence_id=sequence.id, status=STOPPED, stopped=stopped, withdrawn=withdrawn)


def _stop_one(tx: Tx, call: Call, sequence: StoredSequence, email: str) -> StopResult:
    key = address_keys.address_key(tx, parse_address(email, field="email").address).hex()
    one = tx.sequences.enrolled(sequence.id, key)
    if one is None:
        raise Problem(
            "not_found", "This contact is not in the sequence.", field="email", advice="get_sequence lists who is."
        )  # fmt: skip
    if one.status != ACTIVE:
        return StopResult(sequence_id=sequence.id, status=one.status, stopped=0, withdrawn=0)
    waiting = sequence_ends.is_under_way(tx, one)
    sequence_ends.end(tx, call, sequence, one, "stopped")
    last = tx.messages.get(one.last_message) if one.last_message else None
    gone = waiting and last is not None and last.status == "cancelled"
    return StopResult(sequence_id=sequence.id, status=STOPPED, stopped=1, withdrawn=int(gone))


def enrollment_view(tx: Tx, one: Enrollment) -> dict[str, Any]:
    """Where somebody is, as fields of a view."""
    contact = tx.contacts.get(one.contact_id)
    leased = one.status == ACTIVE and one.lease_until > 0
    return {
        "enrollment_id": one.id,
        "contact_id": one.contact_id,
        "email": convert.shown(contact.address) if contact is not None else None,
        "step": one.step,
        "status": one.status,
        "reason": one.reason or None,
        "due_at": to_datetime(one.due_at) if one.status == ACTIVE else None,
        "claimed_by": name_of(tx, one.lease_by) if leased else None,
        "claimed_until": to_datetime(one.lease_until) if leased else None,
        "last_message_id": one.last_message,
        "version": one.version,
    }


def _view(tx: Tx, one: StoredSequence) -> dict[str, Any]:
    box, plan = tx.mailboxes.get(one.mailbox_id), one.plan
    counts = {status: count for (_, status), count in tx.sequences.counts([one.id]).items()}
    return {
        "sequence_id": one.id,
        "name": one.name,
        "mailbox_id": one.mailbox_id,
        "mailbox": box.address if box is not None else "",
        "run_by": one.run_by,
        "status": one.status,
        "reason": one.reason or None,
        "steps": [_step_view(place, step) for place, step in enumerate(plan.steps)],
        "stop_tags": list(plan.stop_tags),
        "done_tag": plan.done_tag or None,
        "message_class": plan.message_class or None,
        "topic": plan.topic or None,
        "same_thread": plan.same_thread,
        "counts": counts,
        "created_by": name_of(tx, one.principal_id),
        "created_at": to_datetime(one.made_at),
    }


def _step_view(place: int, step: Step) -> StepView:
    return StepView(
        step=place,
        wait=wait_text(step.wait),
        subject=step.subject or None,
        body=step.body or None,
        template=step.template or None,
        tags=list(step.tags),
        only_if=list(step.only_if),
        unless=list(step.unless),
    )


def _event(call: Call, kind: str, sequence: StoredSequence, **data: Any) -> Event:
    about = {"sequence": sequence.id, **data}
    return Event(kind, call.now, sequence.mailbox_id, principal_id=call.principal.id, data=about)
