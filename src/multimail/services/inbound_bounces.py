"""Bounces: a returned mail moves the delivery that it is about to `bounced`, and may bar its recipient.

Two ways of knowing the delivery. Mail that came to the keyed envelope sender of one is about that one: only this is
held against the recipient, and counted. Else a report from the null sender is believed as far as it names a
Message-ID of this mailbox together with a recipient that the mail was handed over for, and changes nothing but the
state of that mail. Whatever else looks like a bounce is mail like any other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from multimail.core.addresses import normalise
from multimail.core.lifecycle import OUTBOUND
from multimail.core.model import Mailbox
from multimail.core.times import Micros
from multimail.mime.bounces import Bounce, BouncedRecipient, Classified
from multimail.ports.records import Event, StoredDelivery, StoredMessage
from multimail.ports.store import Tx
from multimail.services import leaving, reputation_counts, returns
from multimail.services.returns import Found

_LEFT: Final = ("sent", "unknown")
"""States of a delivery that a bounce can be about: it was handed over, or may have been."""
_KEYED: Final = "envelope_sender"


@dataclass(frozen=True, slots=True)
class Came:
    """A mail that may be a return, in a mailbox that it came to, at the addresses it was sent to.

    `by_notification` says that it came from the null sender.
    """

    message_id: str
    box: Mailbox
    addressed: tuple[str, ...]
    classified: Classified
    by_notification: bool
    now: Micros


def apply(tx: Tx, came: Came) -> bool:
    """Move the deliveries that were returned, and their mail; False when it returns none of ours."""
    if not came.classified.is_bounce:
        return False
    bound = leaving.returned_to(tx, came.addressed)
    if bound:
        return sum(_bound(tx, came, one) for one in dict.fromkeys(bound)) > 0
    return came.by_notification and _named(tx, came)


def find(tx: Tx, delivery_id: str) -> tuple[StoredMessage, StoredDelivery] | None:
    """A delivery with its mail."""
    for message_id in tx.deliveries.messages_of([delivery_id]):
        message = tx.messages.get(message_id)
        for one in tx.deliveries.of(message_id):
            if message is not None and one.id == delivery_id:
                return message, one
    return None


def _bound(tx: Tx, came: Came, delivery_id: str) -> bool:
    """Of a mail that came to the envelope sender of this delivery."""
    known = find(tx, delivery_id)
    if known is None or known[0].mailbox_id != came.box.id:
        return False
    message, delivery = known
    if delivery.status not in (*_LEFT, "bounced"):
        return False
    if not came.classified.is_final:
        return True
    kind = "hard" if came.classified.kind == "hard" else "soft"
    found = Found(message, delivery, came.classified.reason, _KEYED, came.message_id)
    if kind == "hard":
        returns.hard(tx, found, came.now)
    reputation_counts.returned(tx, delivery.id, "hard" if kind == "hard" else "soft", came.now)
    if kind == "soft":
        returns.soft(tx, found, came.now)
    said = _about(came.classified, delivery.address)
    if _move(tx, delivery, _detail(said, came.classified.reason), came.now):
        _moved(tx, came, message, {said.status} if said else set(), 1)
    return True


def _named(tx: Tx, came: Came) -> bool:
    """Of a report that came to the mailbox itself."""
    bounce = came.classified.bounce
    message = _returned(tx, came.box, bounce) if bounce else None
    if bounce is None or message is None:
        return False
    failed = {normalise(one.address): one for one in bounce.recipients if one.is_final}
    statuses = [
        one.status
        for delivery in tx.deliveries.of(message.id)
        if (one := failed.get(normalise(delivery.address))) is not None
        and _move(tx, delivery, _detail(one, came.classified.reason), came.now)
    ]
    if not statuses:
        return False
    _moved(tx, came, message, set(statuses), len(statuses))
    return True


def _move(tx: Tx, delivery: StoredDelivery, detail: str, now: Micros) -> bool:
    return any(tx.deliveries.move([delivery.id], old, "bounced", now, detail=detail) for old in _LEFT)


def _moved(tx: Tx, came: Came, message: StoredMessage, statuses: set[str], count: int) -> None:
    if "bounced" in OUTBOUND.moves[message.status]:
        message = tx.messages.move(message, "bounced", came.now)
    data = {
        "count": count,
        "codes": sorted(filter(None, statuses)),
        "bounce_type": came.classified.kind,
        "reason": came.classified.reason,
    }
    tx.events.add(Event("message.bounced", came.now, came.box.id, message.id, message.thread_id, data=data))


def _returned(tx: Tx, box: Mailbox, bounce: Bounce) -> StoredMessage | None:
    """The mail of this mailbox that came back."""
    if not bounce.original_message_id:
        return None
    for named in tx.threads.named(box.id, (bounce.original_message_id,)):
        found = tx.messages.get(named.message_id) if named.message_id else None
        if found is not None and found.direction == "outbound":
            return found
    return None


def _about(classified: Classified, address: str) -> BouncedRecipient | None:
    """What is said of this recipient; a mail that was passed on comes back from another address."""
    recipients = classified.bounce.recipients if classified.bounce else ()
    same = (one for one in recipients if normalise(one.address) == normalise(address))
    return next(same, recipients[0] if recipients else None)


def _detail(said: BouncedRecipient | None, reason: str) -> str:
    words = " ".join(filter(None, (said.status, said.diagnostic))) if said else ""
    return (words or reason)[:300]
