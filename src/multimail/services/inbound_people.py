"""What an arriving mail says about its author: the contact, its log, and the wish to receive no more."""

from __future__ import annotations

from typing import Final

from multimail.ports.reading import Interaction
from multimail.ports.records import Event, NewMessage
from multimail.ports.store import Tx
from multimail.services.context import Services
from multimail.services.inbound_mail import Arrival

_UNSUBSCRIBED: Final = "unsubscribed"


def note(tx: Tx, services: Services, message: NewMessage, arrival: Arrival) -> None:
    """Note the mail with its author's contact. Held mail leaves traces that agents do not see.

    Who asks to receive no more is heard at once, held or not: a request must not wait for a reviewer.
    """
    now = message.created_at
    contact = tx.contacts.ensure(
        services.ids.new("contact", now),
        arrival.author,
        arrival.sender_name,
        now,
        hidden=message.held_from_agents,
    )
    tx.contacts.interacted(
        contact.id,
        Interaction(
            "received",
            now,
            message.mailbox_id,
            message.id,
            message.thread_id,
            hidden=message.held_from_agents,
        ),
    )
    if arrival.unsubscribes and tx.tags.add("contact", contact.id, (_UNSUBSCRIBED,), "", now):
        tx.events.add(
            Event("contact.unsubscribed", now, message.mailbox_id, message.id, message.thread_id, contact.id)
        )
