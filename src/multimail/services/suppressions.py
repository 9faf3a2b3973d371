"""The operations on suppression: looking it up, adding to it, and lifting it, which is an operator's and kept."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from multimail.contract.suppression import (
    CheckSuppression,
    ClassOutcome,
    ListSuppressions,
    SuppressAddress,
    SuppressionCheck,
    SuppressionList,
    SuppressionMatrix,
    SuppressionRow,
    SuppressionTable,
    SuppressionView,
    SuppressResult,
    UnsuppressAddress,
    UnsuppressResult,
)
from multimail.core import ids
from multimail.core.addresses import normalise, parse_address
from multimail.core.errors import Problem
from multimail.core.message_class import clean_topic
from multimail.core.model import MessageClass
from multimail.core.suppression import CLASSES, REASONS, SENTENCES, barring, bars, class_name, matrix
from multimail.core.text import typed_line
from multimail.core.times import Micros, from_datetime, to_datetime
from multimail.ports.records import Event
from multimail.ports.store import Tx
from multimail.ports.suppression import Suppression, SuppressionSearch
from multimail.services import access, address_keys, cursors, suppressing
from multimail.services.context import Call
from multimail.services.convert import moment, shown
from multimail.services.suppressing import Ban

_PREFIX: Final = "sup"
_TAGS: Final = {"manual": "suppressed", "unsubscribe": "unsubscribed"}
"""The tag of a contact that means the same as a record."""
_AGAIN: Final = "mail_again"
"""The tag that keeps why somebody may be written to again."""
SOURCE: Final = "operator"
_SHORTEST: Final = 3


def list_suppressions(tx: Tx, call: Call, request: ListSuppressions) -> SuppressionList:
    """A page of records, newest first. Who is limited to some mailboxes sees theirs."""
    within = access.mailbox_ids(tx, call.principal, request.mailbox)
    last = cursors.last_id(request, _PREFIX)
    search = SuppressionSearch(
        request.reason or "",
        normalise(request.query),
        within,
        request.lifted,
        _number(last) if last else None,
        request.limit + 1,
    )
    found = tx.suppressions.search(search)
    page = found[: request.limit]
    return SuppressionList(
        suppressions=[_view(tx, one) for one in page],
        count=len(page),
        totals=tx.suppressions.counts(within, call.now),
        cursor=cursors.after(request, _id(page[-1])) if len(found) > len(page) else None,
    )


def suppress_address(tx: Tx, call: Call, request: SuppressAddress) -> SuppressResult:
    """What was approved and has not left goes without this address from now on."""
    address = normalise(parse_address(request.address, field="address").address)
    box_id, topic = _scope(tx, call, request.mailbox), clean_topic(request.topic)
    until = _until(call, request)
    note = typed_line(request.note.strip(), "note")
    ban = Ban(
        request.reason,
        SOURCE,
        address=address,
        mailbox_id=box_id,
        topic=topic,
        evidence={"note": note} if note else {},
        by=call.principal.id,
        expires_at=until,
    )
    changed = suppressing.suppress(tx, ban, call.now)
    return SuppressResult(
        address=address,
        reason=request.reason,
        mailbox_id=box_id or None,
        topic=topic or None,
        expires_at=request.expires_at,
        suppressed=True,
        repeated=None if changed else True,
    )


def unsuppress_address(tx: Tx, call: Call, request: UnsuppressAddress) -> UnsuppressResult:
    """Lift what is named, with the reason why. An erased person is written to again only where that is said."""
    address = normalise(parse_address(request.address, field="address").address)
    topic = None if request.topic is None else clean_topic(request.topic)
    box_id = None if request.mailbox is None else access.mailbox(tx, call.principal, request.mailbox).id
    note = _why(request.note)
    wanted = {*(request.reasons or REASONS)} - ({"erasure"} if not request.erasure else set())
    records = tx.suppressions.unlifted(address_keys.address_key(tx, address))
    lifted = [
        one
        for one in records
        if one.reason in wanted
        and (box_id is None or one.mailbox_id == box_id)
        and (topic is None or one.topic == topic)
    ]
    for one in lifted:
        _mine(call, one)
    removed = _untag(tx, call, address, wanted, note) if box_id is None and topic is None else []
    tx.suppressions.lift([one.seq for one in lifted], call.now, call.principal.id, note)
    reasons = _ordered(one.reason for one in lifted)
    if lifted or removed:
        _tell(tx, call, address, reasons, removed)
    still = _ordered(one.reason for one in records if one not in lifted and _holds(one, call.now))
    return UnsuppressResult(address=address, lifted=reasons, tags_removed=removed, still=still)


def check_suppression(tx: Tx, call: Call, request: CheckSuppression) -> SuppressionCheck:
    """By the same table and the same records as every way out."""
    address = normalise(parse_address(request.address, field="address").address)
    box, topic = access.mailbox(tx, call.principal, request.mailbox), clean_topic(request.topic)
    reasons = suppressing.reasons(tx, box, topic, [address], call.now).get(address, ())
    tags = [one for one in tx.contacts.tags_of_addresses([address]).get(address, ()) if one in _TAGS.values()]
    classes = [_outcome(one, reasons, tags) for one in CLASSES]
    return SuppressionCheck(
        address=address,
        mailbox_id=box.id,
        topic=topic or None,
        suppressed=any(one.suppressed for one in classes),
        classes=classes,
        reasons=_ordered(reasons),
        tags=sorted(tags),
    )


def suppression_table(tx: Tx, call: Call, request: SuppressionTable) -> SuppressionMatrix:
    """The table itself."""
    return SuppressionMatrix(
        rows=[
            SuppressionRow(reason=reason, why=SENTENCES[reason], bars=classes) for reason, classes in matrix()
        ]
    )


def _outcome(message_class: MessageClass | None, reasons: Iterable[str], tags: list[str]) -> ClassOutcome:
    reason = barring(reasons, message_class)
    if "unsubscribed" in tags and bars("unsubscribe", message_class):
        reason = "unsubscribed"
    if "suppressed" in tags:
        reason = "suppressed"
    return ClassOutcome(
        message_class=class_name(message_class),
        suppressed=bool(reason),
        reason=reason or None,
        why=SENTENCES[reason] if reason else None,
    )


def _why(text: str) -> str:
    note = typed_line(text.strip(), "note")
    if len(note) < _SHORTEST:
        advice = "Such as: wrote on Monday that she wants it again."
        raise Problem("invalid", "It needs a reason.", field="note", advice=advice)
    return note


def _scope(tx: Tx, call: Call, mailbox: str | None) -> str:
    if mailbox is None:
        access.everything(call.principal)
        return ""
    return access.mailbox(tx, call.principal, mailbox).id


def _mine(call: Call, record: Suppression) -> None:
    """Who is limited to some mailboxes lifts nothing that is about others as well."""
    if not record.mailbox_id:
        access.everything(call.principal)
    elif not call.principal.may_use(record.mailbox_id):
        raise Problem("forbidden", "Some of it is about mailboxes this key may not use.", field="mailbox")


def _until(call: Call, request: SuppressAddress) -> Micros | None:
    if request.expires_at is None:
        return None
    until = from_datetime(request.expires_at)
    if until <= call.now:
        raise Problem("invalid_time", "That is in the past.", field="expires_at", advice="Name a later time.")
    return until


def _untag(tx: Tx, call: Call, address: str, reasons: set[str], note: str) -> list[str]:
    """The tags that mean the same go too, and the reason takes their place on the contact."""
    contact = tx.contacts.by_address(address)
    tags = [tag for reason, tag in _TAGS.items() if reason in reasons]
    if contact is None or call.principal.mailboxes is not None:
        return []
    removed = tx.tags.remove("contact", contact.id, tags)
    if removed:
        tx.tags.add("contact", contact.id, {_AGAIN: note}, call.principal.id, call.now)
        data = {"added": [_AGAIN], "removed": removed}
        tx.events.add(
            Event("tags.changed", call.now, contact_id=contact.id, principal_id=call.principal.id, data=data)
        )
    return removed


def _tell(tx: Tx, call: Call, address: str, reasons: list[str], removed: list[str]) -> None:
    contact = tx.contacts.by_address(address)
    tx.events.add(
        Event(
            "contact.unsuppressed",
            call.now,
            contact_id=contact.id if contact else None,
            principal_id=call.principal.id,
            data={"reasons": reasons} | ({"tags": removed} if removed else {}),
        )
    )


def _ordered(reasons: Iterable[str]) -> list[str]:
    given = set(reasons)
    return [one for one in REASONS if one in given]


def _holds(record: Suppression, now: Micros) -> bool:
    return record.expires_at is None or record.expires_at > now


def _id(record: Suppression) -> str:
    """Records are numbered; the id holds the number."""
    return ids.new_id(_PREFIX, record.made_at, record.seq % (1 << ids.RANDOM_BITS))


def _number(record_id: str) -> int:
    return int.from_bytes(ids.packed(record_id), "big") % (1 << ids.RANDOM_BITS)


def _view(tx: Tx, record: Suppression) -> SuppressionView:
    box = tx.mailboxes.get(record.mailbox_id) if record.mailbox_id else None
    evidence = {name: shown(str(value)) for name, value in record.evidence.items() if name != "note"}
    note = record.lifted_why if record.lifted_at is not None else record.evidence.get("note")
    return SuppressionView(
        suppression_id=_id(record),
        email=shown(record.address) if record.address is not None else None,
        reason=record.reason,
        why=SENTENCES[record.reason],
        mailbox_id=record.mailbox_id or None,
        mailbox=box.address if box is not None else None,
        topic=record.topic or None,
        source=record.source,
        evidence=evidence or None,
        created_at=to_datetime(record.made_at),
        created_by=record.made_by or None,
        expires_at=moment(record.expires_at),
        lifted_at=moment(record.lifted_at),
        lifted_by=record.lifted_by,
        note=shown(str(note)) if note else None,
    )
