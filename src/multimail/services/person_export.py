"""Everything that is held about one person and was done with it (GDPR Art. 15), page by page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from multimail.contract.person import ExportPerson, HeldMail, PersonExport
from multimail.core.times import to_datetime, to_rfc3339
from multimail.mime import parse
from multimail.ports.contacts import ContactSearch
from multimail.ports.reading import Contact, Sight
from multimail.ports.records import StoredMessage
from multimail.ports.store import Tx
from multimail.services import access, consents, contact_fields, contacts, convert, cursors, people
from multimail.services.context import Call
from multimail.services.people import Person

_LOG: Final = 1_000_000
"""More lines than anybody's log has: the export leaves nothing out."""


def export_person(tx: Tx, call: Call, request: ExportPerson) -> PersonExport:
    """A page; the first has all that is not mail. Only for who may use every mailbox."""
    access.everything(call.principal)
    person = people.named(tx, call, request.email, request.contact_id, make=False)
    after = cursors.last_id(request, "msg")
    ids = tx.person.mails(person.address)
    begin = ids.index(after) + 1 if after in ids else 0
    page = ids[begin : begin + request.limit]
    more = begin + len(page) < len(ids)
    rest: dict[str, Any] = {} if after else _all_but_mail(tx, call, person, ids)
    return PersonExport(
        email=person.address,
        generated_at=to_datetime(call.now),
        messages=[
            _mail(tx, message, person) for one in page if (message := tx.messages.get(one)) is not None
        ],
        messages_total=len(ids),
        cursor=cursors.after(request, page[-1]) if more else None,
        **rest,
    )


def _all_but_mail(tx: Tx, call: Call, person: Person, ids: list[str]) -> dict[str, Any]:
    contact = _contact(tx, person)
    found: dict[str, Any] = {"consents": _consents(tx, call, person)}
    found["channels"] = [
        {"channel": one.name, "wanted": one.wanted, "changed_at": to_rfc3339(one.changed_at)}
        for one in tx.consents.channels(person.key)
    ]
    found |= {kind: [_dated(row) for row in rows] for kind, rows in tx.person.records(person.key).items()}
    targets = [*ids, *((contact.id,) if contact else ())]
    found["events"] = [_timed(one) for one in tx.person.events(contact.id if contact else "", ids)]
    found["calls"] = [_timed(one) for one in tx.person.calls(targets)]
    if contact is None:
        return found
    log = tx.contacts.interactions(contact.id, _LOG, Sight(None, True))
    shown = convert.contact_view(contact, log).model_dump(mode="json", exclude_none=True)
    found["interactions"] = shown.pop("interactions", [])
    tags = tx.tags.of("contact", contact.id)
    found["contact"] = shown | {
        "tags": [f"{one.tag}={one.value}" if one.value else one.tag for one in tags],
        "tag_times": {one.tag: to_rfc3339(one.at) for one in tags},
    }
    found["provenance"] = [
        contacts.field_row(field, known).model_dump(mode="json", exclude_none=True)
        for field, known in contact_fields.of_contact(tx, contact).items()
    ]
    return found


def _contact(tx: Tx, person: Person) -> Contact | None:
    """The contact as a search shows it, with its figures; one that no search finds as it is."""
    if person.contact_id is None:
        return None
    search = ContactSearch(sight=Sight(None, True), contact_id=person.contact_id, limit=1)
    return next(iter(tx.contacts.search(search)), None) or tx.contacts.get(person.contact_id)


def _consents(tx: Tx, call: Call, person: Person) -> list[dict[str, Any]]:
    found = tx.consents.search(consents.of_person(person, _LOG))
    return [consents.view(one, call.now).model_dump(mode="json", exclude_none=True) for one in found]


def _dated(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row with its moments as people write them."""
    return {
        name: to_rfc3339(value) if name == "at" or name.endswith("_at") else value
        for name, value in row.items()
    }


def _timed(row: Mapping[str, Any]) -> dict[str, Any]:
    told = {name: value for name, value in row.items() if name != "seq" and value not in (None, "", {})}
    return told | {"at": to_rfc3339(row["at"])}


def _mail(tx: Tx, message: StoredMessage, person: Person) -> HeldMail:
    """A mail as it is stored: nothing is neutralised, it is the person's own copy of what there is."""
    raw = tx.revisions.raw(message.id, message.revision)
    revision = tx.revisions.get(message.id, message.revision)
    copies = [
        _timed(one | {"at": one["updated_at"]}) for one in tx.person.deliveries(message.id, person.address)
    ]
    files = [
        {"filename": one.filename, "content_type": one.content_type, "size": one.size, "sha256": one.sha256}
        for one in tx.messages.attachments(message.id)
    ]
    tags = tx.tags.of("message", message.id)
    return HeldMail(
        message_id=message.id,
        thread_id=message.thread_id,
        mailbox_id=message.mailbox_id,
        direction=message.direction,
        status=message.status,
        at=to_datetime(message.created_at),
        topic=(revision.envelope.get("topic") or None) if revision else None,
        message_class=message.message_class or None,
        subject=message.subject,
        headers=[list(pair) for pair in parse.parse(raw).headers] if raw is not None else [],
        text=revision.body if revision else None,
        attachments=files,
        deliveries=[{name: value for name, value in one.items() if name != "updated_at"} for one in copies],
        tags=[f"{one.tag}={one.value}" if one.value else one.tag for one in tags],
        metadata=message.metadata,
    )
