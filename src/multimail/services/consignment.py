"""What a claim needs to be handed over: the approved bytes, and which way each of its recipients goes. Reads only."""

from __future__ import annotations

from dataclasses import dataclass, field

from multimail.core.digest import digest_of
from multimail.core.model import Mailbox
from multimail.core.times import Micros
from multimail.ports.records import Claim, StoredDelivery, StoredRevision
from multimail.ports.store import Tx
from multimail.services import address_keys, facts, pacing, rechecking
from multimail.services.inbound_mailboxes import mailbox_of
from multimail.services.leaving import Marks
from multimail.services.pacing import Wait
from multimail.services.rechecking import Seen
from multimail.services.rendering import purpose_in
from multimail.services.settling import is_released


@dataclass(frozen=True, slots=True)
class Consignment:
    """A claimed mail. Each of its deliveries is in exactly one of the five lists, unless it is not `intact`; in none
    when the mail was withdrawn and lost its bytes since it was claimed, because somebody was erased.

    `local` go into a mailbox of this server, `barred` get nothing, with the reason, `later` wait for their time,
    `outside` go to the transport, `kept` stay here because nothing may leave. `marks` tell the copies apart; `seen` is
    the state of affairs in which the recipients were looked at.
    """

    claim: Claim
    raw: bytes = b""
    intact: bool = False
    local: tuple[tuple[StoredDelivery, Mailbox], ...] = ()
    barred: tuple[tuple[StoredDelivery, str], ...] = ()
    later: tuple[tuple[StoredDelivery, Wait], ...] = ()
    outside: tuple[StoredDelivery, ...] = ()
    kept: tuple[StoredDelivery, ...] = ()
    marks: Marks = field(default_factory=Marks)
    seen: Seen = field(default_factory=Seen)


def consignment(tx: Tx, claim: Claim, now: Micros, *, captures: bool) -> Consignment:
    """Gather it. `captures` says that the way out is none: whatever is not for this server is kept."""
    revision = tx.revisions.get(claim.message.id, claim.message.revision)
    raw = tx.revisions.raw(claim.message.id, claim.message.revision)
    if revision is None or raw is None or not _intact(claim, revision, raw):
        ids = [one.id for one in claim.deliveries]
        return Consignment(claim, intact=not tx.deliveries.still_may_leave(claim.owner, ids, now))
    purpose = purpose_in(revision.envelope)
    left_out = facts.left_out(tx, claim.mailbox, claim.message, purpose, now)
    barred = [(one, left_out[one.address]) for one in claim.deliveries if one.address in left_out]
    going = [one for one in claim.deliveries if one.address not in left_out]
    waits = pacing.waits(tx, claim, purpose, going, now)
    barred += [
        (one, waits[one.id].reason) for one in going if one.id in waits and waits[one.id].until is None
    ]
    later = tuple(
        (one, waits[one.id]) for one in going if one.id in waits and waits[one.id].until is not None
    )
    rest = [one for one in going if one.id not in waits]
    local = tuple((one, box) for one in rest if (box := mailbox_of(tx, one.address)) is not None)
    here = {one.id for one, _ in local}
    away = [one for one in rest if one.id not in here]
    kept = tuple(one for one in away if captures or _is_captured(claim, one))
    outside = tuple(one for one in away if one not in kept)
    marks = Marks(address_keys.secret(tx), claim.mailbox.id, claim.message.sender, purpose.topic)
    seen = rechecking.see(tx, purpose)
    return Consignment(claim, raw, True, local, tuple(barred), later, outside, kept, marks, seen)


def _is_captured(claim: Claim, delivery: StoredDelivery) -> bool:
    return claim.mailbox.deliver == "capture" and not is_released(delivery)


def _intact(claim: Claim, revision: StoredRevision, raw: bytes) -> bool:
    """The bytes and the envelope are those that were approved, or released by the policy."""
    digest = digest_of(raw, revision.envelope)
    return digest == claim.message.digest and digest in {
        claim.message.approved_digest,
        claim.message.released_digest,
    }
