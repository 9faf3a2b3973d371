"""Whom a call about one person means: an address or a contact, known by the key that survives both."""

from __future__ import annotations

from dataclasses import dataclass

from multimail.core.addresses import normalise, parse_address
from multimail.core.errors import Problem
from multimail.ports.store import Tx
from multimail.services import address_keys
from multimail.services.context import Call


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody: the normalised address, its key, and the contact if there is one."""

    address: str
    key: bytes
    contact_id: str | None = None


def named(tx: Tx, call: Call, email: str | None, contact_id: str | None, *, make: bool = True) -> Person:
    """The person. With `make` an address that is no contact becomes one, so that records say whose they are.

    Contacts that are known from held mail only are not there for agents; asking by address tells nothing of them.
    """
    if contact_id:
        contact = tx.contacts.get(contact_id)
        if contact is None or (contact.hidden and call.principal.is_agent):
            raise Problem(
                "not_found", "There is no such contact that this key may see.", field="contact_id",
                advice="search_contacts lists contacts with their ids.",
            )  # fmt: skip
        if email and normalise(email) != contact.address:
            raise Problem(
                "contradiction", "contact_id and email name different people.", field="email",
                advice="Give one of the two.",
            )  # fmt: skip
        return Person(contact.address, address_keys.address_key(tx, contact.address), contact.id)
    if not email:
        raise Problem("invalid", "Name the person.", field="email", advice="Give an email or a contact_id.")
    given = parse_address(email, field="email")
    address = normalise(given.address)
    found = tx.contacts.by_address(address)
    if make and (found is None or found.hidden):
        found = tx.contacts.ensure(call.new_id("contact"), address, given.name, call.now)
    return Person(address, address_keys.address_key(tx, address), found.id if found else None)
