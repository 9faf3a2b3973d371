"""What ends a sequence for somebody, and what goes with it: mail of it that has not left is withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from multimail.core.addresses import normalise
from multimail.core.lifecycle import HELD
from multimail.core.model import Mailbox
from multimail.core.sequences import COMPLETED, STOPPED, ended_by
from multimail.core.times import Micros
from multimail.ports.records import Event
from multimail.ports.sequences import Enrollment, StoredSequence
from multimail.ports.store import Tx
from multimail.services import address_keys, editing, record, suppressing
from multimail.services.context import Call, Services
from multimail.services.machine import machine_call

_UNDER_WAY: Final = HELD | {"scheduled", "queued", "sending"}
HIDDEN: Final = "review"
"""Why, where the reason is mail that agents must not know of yet."""


def why_not(tx: Tx, sequence: StoredSequence, address: str, call: Call) -> str | None:
    """Why somebody cannot begin it, as a code."""
    box, contact = tx.mailboxes.get(sequence.mailbox_id), tx.contacts.by_address(address)
    if box is None:
        return "mailbox_deleted"
    tags = {one.tag for one in tx.tags.of("contact", contact.id)} if contact is not None else set()
    suppressed = _suppressed(tx, sequence, box, address, call)
    return ended_by(sequence.plan, tags, suppressed, None)


def _suppressed(tx: Tx, sequence: StoredSequence, box: Mailbox, address: str, call: Call) -> tuple[str, ...]:
    address = normalise(address)
    return suppressing.reasons(tx, box, sequence.plan.topic, [address], call.now).get(address, ())


def why_over(tx: Tx, sequence: StoredSequence, enrollment: Enrollment, call: Call) -> str | None:
    """Why somebody gets no more of it, as a code; None while it goes on."""
    contact, box = tx.contacts.get(enrollment.contact_id), tx.mailboxes.get(sequence.mailbox_id)
    if contact is None:
        return "contact_deleted"
    if box is None:
        return "mailbox_deleted"
    tags = {one.tag for one in tx.tags.of("contact", contact.id)}
    suppressed = _suppressed(tx, sequence, box, contact.address, call)
    last = tx.messages.get(enrollment.last_message) if enrollment.last_message else None
    return ended_by(sequence.plan, tags, suppressed, last.status if last is not None else None)


def is_under_way(tx: Tx, enrollment: Enrollment) -> bool:
    """Whether its last mail waits for somebody or for its time: what follows it has to wait as well."""
    return under_way_since(tx, enrollment) is not None


def under_way_since(tx: Tx, enrollment: Enrollment) -> Micros | None:
    """When its last mail was written, if that is under way."""
    last = tx.messages.get(enrollment.last_message) if enrollment.last_message else None
    return last.created_at if last is not None and last.status in _UNDER_WAY else None


def end(tx: Tx, call: Call, sequence: StoredSequence, enrollment: Enrollment, reason: str = "") -> Enrollment:
    """End it: somebody is through, or gets no more because of `reason`; then his mail that waits is withdrawn."""
    status = STOPPED if reason else COMPLETED
    changed = tx.sequences.change(
        enrollment, call.now, status=status, reason=reason, lease_until=0, looked_at=1
    )
    if changed is None:
        return enrollment
    data = {"sequence": sequence.id, "enrollment": enrollment.id, "status": status, "reason": reason}
    tx.events.add(
        Event(
            "sequence.ended", call.now, sequence.mailbox_id, contact_id=enrollment.contact_id,
            principal_id=call.principal.id, data=data,
        )
    )  # fmt: skip
    if reason:
        withdraw(tx, call, enrollment.last_message)
    elif sequence.plan.done_tag and tx.contacts.get(enrollment.contact_id) is not None:
        _tag(tx, call, enrollment.contact_id, sequence.plan.done_tag)
    return changed


def withdraw(tx: Tx, call: Call, message_id: str | None) -> bool:
    """Withdraw a mail that nobody has yet."""
    message = tx.messages.get(message_id) if message_id else None
    if message is None or not editing.withdrawable(tx, message):
        return False
    gone = editing.cancel(tx, call, message)
    record.decision(tx, call, gone, "cancel", note="Its sequence ended.")
    return True


def _tag(tx: Tx, call: Call, contact_id: str, tag: str) -> None:
    added = tx.tags.add("contact", contact_id, (tag,), call.principal.id, call.now)
    if added:
        data = {"added": added, "removed": []}
        tx.events.add(
            Event("tags.changed", call.now, contact_id=contact_id, principal_id=call.principal.id, data=data)
        )


@dataclass(slots=True)
class Answers:
    """Ends the sequences of those who write, within one transaction, in which nobody begins one: whether anybody is in
    one at all is asked once."""

    tx: Tx
    services: Services
    _anybody: bool | None = None

    def heard(self, box: Mailbox, author: str, reason: str) -> None:
        """Somebody wrote to a mailbox, and no machine did: its sequences are over for him, because of `reason`, a
        code."""
        if self._anybody is None:
            self._anybody = self.tx.sequences.any_active()
        if not self._anybody:
            return
        key, call = address_keys.address_key(self.tx, author).hex(), machine_call(self.services)
        for one in self.tx.sequences.of_somebody(key, box.id):
            sequence = self.tx.sequences.get(one.sequence_id)
            assert sequence is not None
            end(self.tx, call, sequence, one, reason)
