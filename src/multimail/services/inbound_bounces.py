"""Bounces: a delivery status notification about mail that this mailbox sent moves that mail to `bounced`.

Believed is only what comes from the null sender and names a Message-ID of this mailbox together with a recipient
that the mail was handed over for; whatever else looks like a bounce is mail like any other.
"""

from __future__ import annotations

from typing import Final

from multimail.core.addresses import normalise
from multimail.core.lifecycle import OUTBOUND
from multimail.core.model import Mailbox
from multimail.core.times import Micros
from multimail.mime.bounces import Bounce, BouncedRecipient
from multimail.ports.records import Event, StoredMessage
from multimail.ports.store import Tx

_LEFT: Final = ("sent", "unknown")
"""States of a delivery that a bounce can be about: it was handed over, or may have been."""


def apply(tx: Tx, box: Mailbox, bounce: Bounce, now: Micros) -> bool:
    """Move the deliveries that were returned, and their mail; False when the bounce is about none of ours."""
    message = _returned(tx, box, bounce)
    failed = {normalise(one.address): one for one in bounce.recipients if one.is_permanent}
    if message is None or not failed:
        return False
    statuses = [
        one.status
        for delivery in tx.deliveries.of(message.id)
        if (one := failed.get(normalise(delivery.address))) is not None
        and any(tx.deliveries.move([delivery.id], old, "bounced", now, detail=_detail(one)) for old in _LEFT)
    ]
    if not statuses:
        return False
    if "bounced" in OUTBOUND.moves[message.status]:
        message = tx.messages.move(message, "bounced", now)
    data = {"count": len(statuses), "codes": sorted({one for one in statuses if one})}
    tx.events.add(Event("message.bounced", now, box.id, message.id, message.thread_id, data=data))
    return True


def _returned(tx: Tx, box: Mailbox, bounce: Bounce) -> StoredMessage | None:
    """The mail of this mailbox that came back."""
    if not bounce.original_message_id:
        return None
    for named in tx.threads.named(box.id, (bounce.original_message_id,)):
        found = tx.messages.get(named.message_id) if named.message_id else None
        if found is not None and found.direction == "outbound":
            return found
    return None


def _detail(one: BouncedRecipient) -> str:
    return " ".join(filter(None, (one.status, one.diagnostic)))[:300]
