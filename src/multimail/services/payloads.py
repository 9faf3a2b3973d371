"""What an event says to those outside: one body that serves every reader, built from the rows when it is needed.

The log holds ids and codes; addresses, subjects and texts are read here, so what was erased is not told. Whether a
viewer may see an event, and under which name, is decided here for webhooks and for the stream of events alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from multimail.contract.fields import iso
from multimail.core import notices
from multimail.core.model import RecipientKind
from multimail.core.tags import written
from multimail.core.times import to_datetime
from multimail.ports.reading import APPEARANCES, Opened, Sight
from multimail.ports.records import Event, StoredMessage
from multimail.ports.store import Tx
from multimail.services import access, convert
from multimail.services.decision_views import name_of

LONGEST_BODY: Final = 1_048_576
"""Bytes of a mail's text in one body; what is cut is counted in `body_cut`."""
_FOR_PEOPLE: Final = ("mailbox.", "message.set_aside", "notice.")
_ARRIVED: Final = "message.received"


@dataclass(frozen=True, slots=True)
class Notice:
    """An event as one viewer may see it: its name for this viewer, and the mail it is about."""

    event: Event
    name: str
    message: StoredMessage | None = None


def notice(tx: Tx, event: Event, sight: Sight) -> Notice | None:
    """The event for a viewer of these mailboxes, or None when it does not exist for this viewer.

    Who does not see held mail sees it arrive when it is let through, not when it came.
    """
    name = notices.name_of(event.kind)
    if name is None or not _open_to(event, sight):
        return None
    if event.message_id is None:
        return Notice(event, name) if _target_seen(tx, event, sight) else None
    message = tx.messages.get(event.message_id)
    if message is None or not access.visible(message, sight.mailbox_ids, see_held=sight.see_hidden):
        return None
    if not sight.see_hidden and message.direction == "inbound" and event.kind in APPEARANCES:
        return Notice(event, _ARRIVED, message) if tx.inbox.position_of(message.id) == event.seq else None
    return Notice(event, name, message)


def payload(tx: Tx, event: Event, sight: Sight) -> dict[str, Any] | None:
    """The whole body for a viewer, or None when this viewer may not see the event.

    Every key is always there, null where it does not apply. `message.to` is a text only where the mail has exactly
    one recipient, Cc and Bcc counted; otherwise it is a list. Bcc is counted and never named.
    """
    seen = notice(tx, event, sight)
    return body(tx, seen, sight) if seen is not None else None


def body(tx: Tx, seen: Notice, sight: Sight) -> dict[str, Any]:
    """The body of a notice."""
    known = _head(tx, seen)
    head = known | _nothing() | known
    if seen.message is not None:
        return head | _of_message(tx, seen, seen.message, sight)
    return head | _of_target(tx, seen.event)


_INNER: Final = ("message_id", "thread_id", "from", "to", "subject", "scheduled_at", "status", "digest")
_OUTER: Final = (
    *("email_id", "original_message_id", "sender", "recipient_count", "body_text", "body_cut", "direction"),
    *("delivery", "decision", "bounce_code", "diagnostic", *_INNER),
)


def _nothing() -> dict[str, Any]:
    """All that a mail would say, of none."""
    empty: dict[str, Any] = dict.fromkeys(_OUTER)
    return empty | {"tags": [], "metadata": {}, "message": dict.fromkeys(_INNER), "data": {}}


def _head(tx: Tx, seen: Notice) -> dict[str, Any]:
    event = seen.event
    box = tx.mailboxes.get(event.mailbox_id) if event.mailbox_id else None
    return {
        "event": seen.name,
        "type": notices.type_of(seen.name),
        "event_type": seen.name,
        "id": notices.event_id(event.seq),
        "timestamp": iso(to_datetime(event.at)),
        "mailbox": box.address if box else None,
        "mailbox_id": event.mailbox_id,
        "principal_id": event.principal_id,
        "thread_id": event.thread_id,
        "contact_id": event.contact_id,
        "contact": _contact(tx, event),
        "detail": event.data,
    }


def _of_message(tx: Tx, seen: Notice, message: StoredMessage, sight: Sight) -> dict[str, Any]:
    opened = tx.inbox.open([message])[0]
    text = convert.body(opened.body, LONGEST_BODY)
    to = _named(opened, RecipientKind.TO)
    known = {
        "message_id": message.id,
        "thread_id": message.thread_id,
        "from": convert.shown(message.sender),
        "subject": convert.shown(message.subject),
        "scheduled_at": iso(to_datetime(message.scheduled_at)) if message.scheduled_at is not None else None,
        "status": _status(seen, message),
        "digest": message.digest,
        "direction": message.direction,
        "original_message_id": _original(tx, message, sight),
        "delivery": message.delivery,
        "tags": list(opened.tags),
        "metadata": message.metadata,
        "recipient_count": len(opened.recipients),
    }
    facts = known | {"has_attachments": message.has_attachments, "cc": _named(opened, RecipientKind.CC)}
    addressed = to[0] if len(to) == 1 == sum(not one.automatic for one in opened.recipients) else to
    written = {"body_text": text.text, "body_cut": text.cut or None}
    return {
        **known,
        **written,
        **_returned(tx, seen, opened),
        "email_id": message.id,
        "sender": known["from"],
        "to": addressed,
        "decision": _decision(tx, seen),
        "message": facts | written | {"id": message.id, "to": addressed, "new_sender": message.new_sender},
        "data": facts | {"email_id": message.id, "to": to},
    }


def _status(seen: Notice, message: StoredMessage) -> str:
    """The state this event led to; where it does not say, the present one."""
    return notices.status_after(seen.name, seen.event.data) or message.status


def _named(opened: Opened, kind: RecipientKind) -> list[str]:
    return [convert.shown(one.address) for one in opened.recipients if one.kind is kind and not one.automatic]


def _original(tx: Tx, message: StoredMessage, sight: Sight) -> str:
    """The mail that this one answers, if the viewer sees it; else the mail itself."""
    answered = tx.messages.get(message.answers) if message.answers else None
    if answered is None or not access.visible(answered, sight.mailbox_ids, see_held=sight.see_hidden):
        return message.id
    return answered.id


def _decision(tx: Tx, seen: Notice) -> dict[str, Any] | None:
    """Who decided what with which note: only an event of a decision has one."""
    event = seen.event
    if not event.kind.startswith("oversight."):
        return None
    made = [one for one in tx.decisions.of(event.message_id or "") if one.at <= event.at]
    if not made:
        return None
    last = made[-1]
    return {
        "decision": last.decision,
        "note": convert.shown(last.note) or None,
        "decided_by": name_of(tx, last.principal_id),
        "decided_at": iso(to_datetime(last.at)),
        "revision": last.revision,
        "digest": last.digest,
        "diff": convert.shown(last.diff) or None,
    }


def _returned(tx: Tx, seen: Notice, opened: Opened) -> dict[str, Any]:
    """For mail that came back: the code and words of a recipient who is no secret."""
    if seen.name != "message.bounced":
        return {"bounce_code": None, "diagnostic": None}
    secret = {one.address for one in opened.recipients if one.kind is RecipientKind.BCC}
    details = [
        one.detail
        for one in tx.deliveries.of(opened.message.id)
        if one.status == "bounced" and one.address not in secret
    ]
    codes = seen.event.data.get("codes") or [None]
    return {"bounce_code": codes[0], "diagnostic": convert.shown(details[0]) if details else None}


def _contact(tx: Tx, event: Event) -> dict[str, Any] | None:
    contact = tx.contacts.get(event.contact_id) if event.contact_id else None
    if contact is None:
        return None
    return {
        "contact_id": contact.id,
        "email": convert.shown(contact.address),
        "name": convert.shown(contact.name),
        "tags": _tags(tx, "contact", contact.id),
        "metadata": contact.metadata,
    }


def _of_target(tx: Tx, event: Event) -> dict[str, Any]:
    """What an event about a contact or thread adds."""
    if event.contact_id:
        about = _contact(tx, event) or {"contact_id": event.contact_id, "tags": [], "metadata": {}}
        return {"tags": about["tags"], "metadata": about["metadata"], "data": about}
    if event.thread_id:
        tags = _tags(tx, "thread", event.thread_id)
        return {"tags": tags, "data": {"thread_id": event.thread_id, "tags": tags}}
    return {}


def _tags(tx: Tx, kind: str, target: str) -> list[str]:
    return [written(one.tag, one.value) for one in tx.tags.of(kind, target)]


def _open_to(event: Event, sight: Sight) -> bool:
    """Whether the viewer may know of such events at all; what concerns the whole account concerns everybody."""
    if not sight.see_hidden and event.kind.startswith(_FOR_PEOPLE):
        return False
    return event.mailbox_id is None or sight.mailbox_ids is None or event.mailbox_id in sight.mailbox_ids


def _target_seen(tx: Tx, event: Event, sight: Sight) -> bool:
    if event.contact_id:
        contact = tx.contacts.get(event.contact_id)
        return contact is None or sight.see_hidden or not contact.hidden
    if event.thread_id:
        return tx.inbox.thread_facts(event.thread_id, sight.see_hidden) is not None
    if sight.mailbox_ids is not None and event.kind.startswith("sending.") and "campaign" in event.data:
        return bool(tx.reputation.totals(event.data["campaign"], sight.mailbox_ids))
    return True
