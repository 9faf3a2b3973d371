"""What the further names of `names` look like in a schema, by the kind of view.

A text is the name of the field whose schema a name shares. A test sends every example and finds no name that is
missing here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, get_args

from multimail.contract.administration import MailboxList, MailboxView
from multimail.contract.contacts import ContactList, ContactView, InteractionRow
from multimail.contract.reading import (
    MessageList,
    MessageRow,
    MessageView,
    TagResult,
    ThreadView,
    WaitResult,
)
from multimail.contract.reviews import DecisionView, PendingItem, PendingList
from multimail.contract.sending import CancelResult, SendResult
from multimail.contract.shapes import View

Schema = dict[str, Any]
Names = Mapping[str, Schema | str]

REF: Final = "#/components/schemas/"
NAMED: Final = ".named"
"""What is added to the name of a schema for the form with all names."""

_TEXT: Final[Schema] = {"type": "string"}
_TIME: Final[Schema] = {"type": "string", "format": "date-time"}
_TEXTS: Final[Schema] = {"type": "array", "items": _TEXT}
_FEW: Final[Schema] = {"anyOf": [_TEXT, _TEXTS]}


def _maybe(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


_SCHEDULED: Final[Names] = {"scheduled_at": _maybe(_TIME), "send_at": _maybe(_TIME)}
_RECIPIENTS: Final[Names] = {"to": _FEW, "to_list": _TEXTS, "recipients": {"type": "array"}}
_MAILS: Final[Schema] = {"type": "array", "items": {"$ref": f"{REF}MessageView{NAMED}"}}

_ALWAYS: Final[Mapping[type, Names]] = {
    MessageRow: {
        **_RECIPIENTS, **_SCHEDULED, "from": "sender", "unread": {"type": "boolean"}, "created_at": "received_at",
        "timestamp": "received_at", "metadata": {"type": "object"}, "opened_at": _maybe(_TIME),
    },
    MessageView: {"body_text": "body", "markdown": "body", "body_markdown": "body"},
    MessageList: {"emails": "messages"},
    WaitResult: {"emails": "messages"},
    ThreadView: {"emails": "messages"},
    PendingItem: {
        **_RECIPIENTS, **_SCHEDULED, "body_text": "body", "markdown": "body", "body_markdown": "body",
        "draft_body": "body", "from": "sender", "timestamp": "created_at", "received_at": "created_at",
        "status_detail": "status", "original": _maybe({"$ref": f"{REF}MessageView{NAMED}"}),
        "thread": {
            "type": "object",
            "properties": {"thread_id": _TEXT, "messages": _MAILS, "emails": _MAILS},
            "required": ["thread_id", "messages", "emails"],
        },
    },
    PendingList: {"messages": "pending", "emails": "pending"},
    SendResult: {
        **_RECIPIENTS, **_SCHEDULED, "status_detail": "status", "effective_mode": "oversight_mode",
        "requested_mode": _maybe(_TEXT), "original_message_id": _maybe(_TEXT), "warnings": _TEXTS, "message": _TEXT,
    },
    DecisionView: {
        **_SCHEDULED, "action": "decision", "note": _maybe(_TEXT), "reason": _maybe(_TEXT),
        "rejection_note": _maybe(_TEXT),
    },
    CancelResult: {"reason": _maybe(_TEXT)},
    TagResult: {"id": "target", "tag_map": {"type": "object", "additionalProperties": _TEXT}},
    ContactView: {
        "last_contacted": _maybe(_TIME), "last_inbound": _maybe(_TIME), "latest_thread_id": _maybe(_TEXT),
    },
    ContactList: {"items": "contacts", "results": "contacts"},
    InteractionRow: {"mailbox_deleted": {"type": "boolean"}, "timestamp": "at"},
    MailboxView: {"email": "address"},
    MailboxList: {"items": "mailboxes"},
}  # fmt: skip
_SOMETIMES: Final[Mapping[type, Names]] = {
    TagResult: {"message_id": _TEXT, "thread_id": _TEXT, "contact_id": _TEXT, "email_id": _TEXT},
}


def always(view: type[View]) -> dict[str, Schema | str]:
    """Names that every answer of this kind carries besides its fields, and fields that are never left out."""
    found: dict[str, Schema | str] = {}
    first = next(iter(view.model_fields), "")
    if first.endswith("_id") and view.model_fields[first].is_required():
        found["id"] = first
    if first == "message_id":
        found["email_id"] = first
    if "cursor" in view.model_fields and not view.model_fields["cursor"].is_required():
        found["cursor"] = _maybe(_TEXT)
    for kind in reversed(view.__mro__):
        found |= _ALWAYS.get(kind, {})
    return found


def sometimes(view: type[View]) -> Names:
    """Names that are there where they apply, such as that of an id which there may not be."""
    first = next(iter(view.model_fields), "")
    named = first.endswith("_id") and not view.model_fields[first].is_required()
    return {**({"id": _TEXT} if named else {}), **_SOMETIMES.get(view, {})}


def inner_views(annotation: Any) -> Iterator[type[View]]:
    """The views that an annotation holds: itself, or in a list or an optional."""
    if isinstance(annotation, type) and issubclass(annotation, View):
        yield annotation
    for part in get_args(annotation):
        yield from inner_views(part)
