"""The operation `trust_recipient`: one address onto a mailbox's trusted list, beside an approval."""

from __future__ import annotations

from dataclasses import replace

from multimail.contract.desk import TrustRecipient, TrustResult
from multimail.core.addresses import listed, normalise, parse_address
from multimail.core.lifecycle import HELD
from multimail.ports.records import Event
from multimail.ports.store import Tx
from multimail.services import access, cautions
from multimail.services.context import Call

_EXAMINED_AGAIN = 200


def trust_recipient(tx: Tx, call: Call, request: TrustRecipient) -> TrustResult:
    """From now on in `gated_send`, mail to this address alone goes at once. What waits keeps waiting."""
    box = access.mailbox(tx, call.principal, request.mailbox)
    address = normalise(parse_address(request.address, field="address").address)
    covered = listed(box.trusted, address)
    if not covered:
        tx.mailboxes.save(replace(box, trusted=(*box.trusted, address)))
        contact = tx.contacts.by_address(address)
        known = contact.id if contact and not contact.hidden else None
        data = {"settings": ["trusted"], "added": 1}
        tx.events.add(
            Event(
                "mailbox.updated",
                call.now,
                box.id,
                contact_id=known,
                principal_id=call.principal.id,
                data=data,
            )
        )
        for message_id in tx.desk.waiting_for(box.id, address, sorted(HELD), _EXAMINED_AGAIN):
            message = tx.messages.get(message_id)
            if message is not None:
                cautions.keep(tx, message, call.now)
    return TrustResult(
        mailbox=box.address, mailbox_id=box.id, address=address, trusted=True, repeated=covered or None
    )
