"""Contacts: searching them, and keeping name and data. They belong to the account; their log to its mailboxes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from multimail.contract.contacts import (
    ContactInspection,
    ContactList,
    ContactView,
    FieldRow,
    InspectContact,
    ManageContacts,
    SearchContacts,
)
from multimail.core.addresses import normalise, parse_address
from multimail.core.errors import Problem
from multimail.core.provenance import NAME, Field, metadata_field
from multimail.core.tags import read_tags
from multimail.core.times import to_datetime
from multimail.ports.contacts import ContactSearch
from multimail.ports.reading import Contact, Sight
from multimail.ports.records import Event
from multimail.ports.store import Tx
from multimail.services import access, contact_data, contact_fields, convert, cursors
from multimail.services.consenting import REGION_KEYS
from multimail.services.contact_filters import contact_search, sight_of
from multimail.services.context import Call
from multimail.services.tagging import permitted

_LOG: Final = 20
"""Interactions of each contact of a page; one contact alone shows more."""
_LOG_OF_ONE: Final = 100


def search_contacts(tx: Tx, call: Call, request: SearchContacts) -> ContactList:
    """A page of contacts, the longest known first; where only times are asked for, in their order."""
    if request.mailbox:
        access.mailbox(tx, call.principal, request.mailbox)
    search = contact_search(call, request)
    if search.order:
        after_id, after_at = cursors.last_moment(request, "contact")
        search = replace(search, after_id=after_id, after_at=after_at)
    else:
        search = replace(search, after_id=cursors.last_id(request, "contact"))
    found = tx.contacts.search(replace(search, limit=request.limit + 1))
    page = found[: request.limit]
    log = (_LOG_OF_ONE if len(page) == 1 else _LOG) if request.include_interactions else 0
    return ContactList(
        contacts=[_view(tx, one, search.sight, log) for one in page],
        count=len(page),
        cursor=_behind(request, search, page[-1]) if len(found) > len(page) else None,
    )


def _behind(request: SearchContacts, search: ContactSearch, last: Contact) -> str:
    """Where the next page begins."""
    if not search.order:
        return cursors.after(request, last.id)
    contacted = last.last_contacted if last.last_contacted is not None else last.noted
    return cursors.after_moment(
        request, last.id, contacted if search.order.endswith("contacted") else last.last_inbound
    )


def inspect_contact(tx: Tx, call: Call, request: InspectContact) -> ContactInspection:
    """One contact, as far as the caller sees it, with who said what of it."""
    contact = _named(tx, call, request)
    sight = sight_of(call)
    (found,) = tx.contacts.search(ContactSearch(sight=sight, contact_id=contact.id, limit=1))
    return ContactInspection(
        contact=_view(tx, found, sight, _LOG_OF_ONE),
        fields=[field_row(name, one) for name, one in contact_fields.of_contact(tx, found).items()],
    )


def field_row(name: str, known: contact_fields.Known) -> FieldRow:
    """A field with who said it, and what was said with authority where that is something else."""
    evidence = known.evidence
    other = evidence is not None and evidence.value != known.value
    return FieldRow(
        field=name,
        value=known.value,
        source=known.said.source.value,
        by=known.said.by or None,
        at=to_datetime(known.said.at) if known.said.at else None,
        evidence=evidence.value if evidence and other else None,
        evidence_source=evidence.said.source.value if evidence and other else None,
    )


def only_reads(request: ManageContacts) -> bool:
    """Whether a request changes nothing."""
    return request.action in ("search", "get") and not request.upsert


def manage_contacts(tx: Tx, call: Call, request: ManageContacts) -> ContactList:
    """Carry out one action; changes answer the contact as a page of one."""
    action = "upsert" if request.upsert else request.action
    if action == "search":
        return search_contacts(tx, call, request).model_copy(update={"action": action})
    if action in ("upsert", "add"):
        return _put(tx, call, request, action)
    contact = _named(tx, call, request)
    if action == "delete":
        return _delete(tx, call, contact, request)
    if action == "update":
        _update(tx, call, contact, request)
    return _one(tx, call, contact.id, action, _LOG_OF_ONE if request.include_interactions else 0)


def _put(tx: Tx, call: Call, request: ManageContacts, action: str) -> ContactList:
    if not request.email:
        raise Problem("invalid", "A contact needs an email.", field="email", advice="Like ann@example.com.")
    given = parse_address(request.email, field="email")
    there = _seen(call, tx.contacts.by_address(given.address))
    if there is not None and action == "add":
        raise Problem(
            "already_exists",
            f"{convert.shown(there.address)} is a contact already.",
            field="email",
            advice="Use the action upsert or update.",
        )
    if there is None:
        address = normalise(given.address)
        there = tx.contacts.ensure(call.new_id("contact"), address, given.name, call.now)
        tx.events.add(_event(call, "contact.created", there))
        _written(tx, call, None, there._replace(name=there.name or address.rpartition("@")[0]), request)
    else:
        _update(tx, call, there, request)
    return _one(tx, call, there.id, action, 0)


def _update(tx: Tx, call: Call, contact: Contact, request: ManageContacts) -> None:
    if _written(tx, call, contact, contact, request) != contact:
        tx.events.add(_event(call, "contact.updated", contact))


def _written(
    tx: Tx, call: Call, before: Contact | None, contact: Contact, request: ManageContacts
) -> Contact:
    """Keys that are given replace or, as null, clear; the others stay. Tags are added. Who said it is written down."""
    merged = {**contact.metadata, **(request.metadata or {})}
    metadata = {key: value for key, value in merged.items() if value is not None}
    contact_data.check_metadata(metadata)
    name = contact.name if request.name is None else contact_data.checked_name(request.name)
    after = contact._replace(name=name, metadata=metadata)
    tx.contacts.save(after, call.now)
    if metadata.get("timezone") != contact.metadata.get("timezone"):
        tx.pace.wake(call.now, contact.address)
    given = [*([NAME] if request.name is not None else []), *map(metadata_field, request.metadata or {})]
    contact_fields.note(tx, before, after, contact_fields.said_by(call), given)
    if request.tags:
        _add_tags(tx, call, contact, request.tags)
    return after


def _add_tags(tx: Tx, call: Call, contact: Contact, given: list[str]) -> None:
    tags = permitted(call.principal, read_tags(given))
    added = tx.tags.add("contact", contact.id, tags, call.principal.id, call.now)
    if added:
        tx.events.add(_event(call, "tags.changed", contact, added=added, removed=[]))


def _delete(tx: Tx, call: Call, contact: Contact, request: ManageContacts) -> ContactList:
    """Name, data and log go at once. Who opted out of mail stays protected from it, and whoever may not say where
    somebody is takes no region's law from them by it."""
    said = contact_fields.said_by(call)
    regions = {} if said.source.is_evidence else contact_fields.known(tx, [contact.address], REGION_KEYS)
    kept = {
        metadata_field(key): Field(said, known.evidence)
        for key, known in regions.get(contact.address, {}).items()
        if known.evidence is not None
    }
    tx.contacts.delete(contact.id, kept)
    tx.webhook_deliveries.forget_contact(contact.id)
    tx.events.add(_event(call, "contact.deleted", contact))
    return ContactList(contacts=[], count=0, action=request.action, deleted=True)


def _one(tx: Tx, call: Call, contact_id: str, action: str, log: int) -> ContactList:
    sight = sight_of(call)
    found = tx.contacts.search(ContactSearch(sight=sight, contact_id=contact_id, limit=1))
    return ContactList(
        contacts=[_view(tx, one, sight, log) for one in found], count=len(found), action=action
    )


def _named(tx: Tx, call: Call, request: ManageContacts | InspectContact) -> Contact:
    if request.contact_id:
        found = _seen(call, tx.contacts.get(request.contact_id))
        if found is not None and request.email and normalise(request.email) != found.address:
            raise Problem(
                "contradiction",
                "contact_id and email name different contacts.",
                field="email",
                advice="A contact keeps its address: give one of the two.",
            )
    elif request.email:
        found = _seen(call, tx.contacts.by_address(parse_address(request.email, field="email").address))
    else:
        raise Problem("invalid", "Name the contact.", field="email", advice="Give its email or contact_id.")
    if found is None:
        raise Problem(
            "not_found",
            "There is no such contact that this key may see.",
            field="contact_id" if request.contact_id else "email",
            advice="The action upsert creates contacts.",
        )
    return found


def _seen(call: Call, contact: Contact | None) -> Contact | None:
    """To agents, contacts known from held mail only are not there."""
    return None if contact is not None and contact.hidden and call.principal.is_agent else contact


def _view(tx: Tx, contact: Contact, sight: Sight, log: int) -> ContactView:
    lines = tx.contacts.interactions(contact.id, log, sight) if log else None
    return convert.contact_view(contact, lines)


def _event(call: Call, kind: str, contact: Contact, **data: Any) -> Event:
    return Event(kind, call.now, contact_id=contact.id, principal_id=call.principal.id, data=data)
