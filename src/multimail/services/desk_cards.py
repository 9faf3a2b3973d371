"""Contact cards: whom a waiting mail goes to, or came from, and what happened between them and its mailbox."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from multimail.contract.desk import CardEvent, ContactCard
from multimail.core.addresses import listed, normalise
from multimail.core.caution_people import Person
from multimail.core.model import Recipient
from multimail.core.times import to_datetime
from multimail.ports.contacts import ContactSearch
from multimail.ports.reading import Sight
from multimail.ports.records import StoredMessage
from multimail.ports.store import Tx
from multimail.services import convert
from multimail.services.context import Call
from multimail.services.convert import shown

SHOWN: Final = 5
COUNTED: Final = 1_000
Kind = Literal["to", "cc", "bcc", "automatic", "sender", "reply_to"]


def cards(tx: Tx, call: Call, message: StoredMessage, people: Mapping[str, Person]) -> list[ContactCard]:
    """One for each recipient in header order; of arriving mail, for its sender and where answers to it go."""
    if message.direction == "inbound":
        return _of_arrival(tx, call, message)
    return [
        _card(tx, call, message, (one.address, one.name, _kind(one)), people.get(one.address))
        for one in tx.messages.recipients(message.seq)
    ]


def _kind(one: Recipient) -> Kind:
    return "automatic" if one.automatic else one.kind.value


def _of_arrival(tx: Tx, call: Call, message: StoredMessage) -> list[ContactCard]:
    found = [_card(tx, call, message, (message.sender, message.sender_name, "sender"), None)]
    if message.reply_to and normalise(message.reply_to) != normalise(message.sender):
        found.append(_card(tx, call, message, (message.reply_to, "", "reply_to"), None))
    return found


def _card(
    tx: Tx, call: Call, message: StoredMessage, who: tuple[str, str, Kind], person: Person | None
) -> ContactCard:
    address, name, kind = who
    sight = Sight((message.mailbox_id,), see_hidden=not call.principal.is_agent)
    contacts = tx.contacts.search(ContactSearch(sight=sight, email=normalise(address), limit=1))
    contact = contacts[0] if contacts else None
    log = tx.contacts.interactions(contact.id, COUNTED, sight) if contact else []
    # Of this mailbox only: what other mailboxes know of the contact is not for everybody who reviews here.
    log = [one for one in log if one.message_id != message.id and one.kind != "read"]
    sent = sum(one.kind in {"sent", "replied"} for one in log)
    known = person.known if person else bool(tx.desk.known(message.mailbox_id, [address]))
    return ContactCard(
        address=shown(address),
        name=shown(name or (contact.name if contact else "")),
        kind=kind,
        contact_id=contact.id if contact else None,
        tags=list(contact.tags) if contact else [],
        known_since=to_datetime(log[-1].at) if log else None,
        last_contacted=convert.moment(max((one.at for one in log if one.kind != "received"), default=None)),
        last_inbound=convert.moment(max((one.at for one in log if one.kind == "received"), default=None)),
        sent_count=sent,
        received_count=len(log) - sent,
        interactions=[
            CardEvent(
                kind=one.kind, at=to_datetime(one.at), message_id=one.message_id, thread_id=one.thread_id
            )
            for one in log[:SHOWN]
        ],
        new=not known,
        trusted=person.trusted if person else _is_trusted(tx, message, address),
        notes=[f"Resembles {person.resembles}, and is another domain."]
        if person and person.resembles
        else [],
    )


def _is_trusted(tx: Tx, message: StoredMessage, address: str) -> bool:
    box = tx.mailboxes.get(message.mailbox_id)
    return box is not None and listed(box.trusted, address)
