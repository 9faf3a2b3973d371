"""What a claim needs to be handed over: the approved bytes, and which way each of its recipients goes. Reads only."""

from __future__ import annotations

from dataclasses import dataclass

from multimail.core.digest import digest_of
from multimail.core.model import Mailbox, MessageClass
from multimail.ports.records import Claim, StoredDelivery, StoredRevision
from multimail.ports.store import Tx
from multimail.services import facts
from multimail.services.inbound_mailboxes import mailbox_of
from multimail.services.settling import is_released


@dataclass(frozen=True, slots=True)
class Consignment:
    """A claimed mail. Each of its deliveries is in exactly one of the four lists, unless it is not `intact`.

    `local` go into a mailbox of this server, `barred` have opted out since, with the reason, `outside` go to the
    transport, `kept` stay here because nothing may leave.
    """

    claim: Claim
    raw: bytes = b""
    intact: bool = False
    local: tuple[tuple[StoredDelivery, Mailbox], ...] = ()
    barred: tuple[tuple[StoredDelivery, str], ...] = ()
    outside: tuple[StoredDelivery, ...] = ()
    kept: tuple[StoredDelivery, ...] = ()


def consignment(tx: Tx, claim: Claim, *, captures: bool) -> Consignment:
    """Gather it. `captures` says that the way out is none: whatever is not for this server is kept."""
    revision = tx.revisions.get(claim.message.id, claim.message.revision)
    raw = tx.revisions.raw(claim.message.id, claim.message.revision)
    if revision is None or raw is None or not _intact(claim, revision, raw):
        return Consignment(claim)
    barred = _barred(tx, claim, revision)
    out = {delivery.id for delivery, _ in barred}
    rest = [one for one in claim.deliveries if one.id not in out]
    local = tuple((one, box) for one in rest if (box := mailbox_of(tx, one.address)) is not None)
    here = {one.id for one, _ in local}
    away = [one for one in rest if one.id not in here]
    kept = tuple(one for one in away if captures or _is_captured(claim, one))
    outside = tuple(one for one in away if one not in kept)
    return Consignment(claim, raw, True, local, tuple(barred), outside, kept)


def _is_captured(claim: Claim, delivery: StoredDelivery) -> bool:
    return claim.mailbox.deliver == "capture" and not is_released(delivery)


def _intact(claim: Claim, revision: StoredRevision, raw: bytes) -> bool:
    """The bytes and the envelope are those that were approved, or released by the policy."""
    digest = digest_of(raw, revision.envelope)
    return digest == claim.message.digest and digest in {
        claim.message.approved_digest,
        claim.message.released_digest,
    }


def _barred(tx: Tx, claim: Claim, revision: StoredRevision) -> list[tuple[StoredDelivery, str]]:
    """Recipients who opted out since, with the reason: recipients may go, none may come."""
    claimed = MessageClass(revision.envelope["class"]) if revision.envelope["class"] else None
    left_out = facts.left_out(tx, claim.mailbox, claim.message, claimed)
    return [(one, left_out[one.address]) for one in claim.deliveries if one.address in left_out]
