"""From stored values of mail and contacts to the contract's views, with text from outside made harmless to show.

Bodies leave as plain strings: fencing them off is the business of surfaces that talk to a model.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from multimail.contract.contacts import ContactView, InteractionRow
from multimail.contract.reading import AttachmentRow, MessageView
from multimail.core.addresses import normalise
from multimail.core.model import AttachmentMeta, RecipientKind
from multimail.core.text import CLEAN, Counts, neutralise, truncate_bytes
from multimail.core.times import Micros, to_datetime
from multimail.ports.reading import Contact, Interaction, Listed, Opened
from multimail.ports.records import StoredMessage


@dataclass(frozen=True, slots=True)
class Body:
    """A body as it is shown: how many bytes of it were cut, and what was made visible in it."""

    text: str
    cut: int = 0
    counts: Counts = CLEAN


def shown(text: str) -> str:
    """Text from outside with whatever acts or hides made visible."""
    return neutralise(text)[0]


def body(text: str, max_bytes: int) -> Body:
    """A body for a view, at most so many bytes of UTF-8."""
    visible, counts = neutralise(text)
    kept, cut = truncate_bytes(visible, max_bytes)
    return Body(kept, cut, counts)


def moment(at: Micros | None) -> datetime | None:
    """A time for a view."""
    return None if at is None else to_datetime(at)


def rows(page: Sequence[Listed]) -> list[dict[str, Any]]:
    """The messages of a list as values of `MessageRow`s. A view that takes them all at once checks them in half the
    time that row by row takes, and nearly all are clean, so one look at all their texts is enough to know."""
    texts = (
        text for one in page for text in (one.sender, one.sender_name, one.subject, one.preview, *one.to)
    )
    joined = " ".join(texts)
    show = str if neutralise(joined)[0] is joined else shown
    return [_row(one, show) for one in page]


def _row(listed: Listed, show: Callable[[str], str]) -> dict[str, Any]:
    return {
        "message_id": listed.id,
        "thread_id": listed.thread_id,
        "mailbox_id": listed.mailbox_id,
        "direction": listed.direction,
        "status": listed.status,
        "sender": show(listed.sender),
        "sender_name": show(listed.sender_name) or None,
        "to": [show(one) for one in listed.to],
        "subject": show(listed.subject),
        "preview": show(listed.preview),
        "tags": list(listed.tags),
        "metadata": listed.metadata or None,
        "received_at": to_datetime(listed.created_at),
        "scheduled_at": moment(listed.scheduled_at),
        "has_attachments": listed.has_attachments,
        "has_replies": listed.has_replies,
        "new_sender": listed.new_sender or None,
    }


def message_view(opened: Opened, body: Body, recipients: list[dict[str, Any]] | None = None) -> MessageView:
    """A message with its body. `recipients` says what became of each, for mail that went out."""
    message = opened.message
    named = {
        kind: [shown(one.address) for one in opened.recipients if one.kind is kind] for kind in RecipientKind
    }
    outbound = message.direction == "outbound"
    return MessageView(
        message_id=message.id,
        thread_id=message.thread_id,
        mailbox_id=message.mailbox_id,
        direction=message.direction,
        status=message.status,
        sender=shown(message.sender),
        sender_name=shown(message.sender_name) or None,
        to=named[RecipientKind.TO],
        cc=named[RecipientKind.CC] or None,
        bcc=named[RecipientKind.BCC] or None,
        subject=shown(message.subject),
        preview=shown(message.preview),
        body=body.text,
        body_cut=body.cut or None,
        tags=list(opened.tags),
        metadata=message.metadata or None,
        received_at=to_datetime(message.created_at),
        scheduled_at=moment(message.scheduled_at),
        has_attachments=message.has_attachments,
        has_replies=message.has_replies,
        attachments=[attachment_row(one) for one in opened.attachments],
        oversight_mode=message.mode,
        recipients=recipients,
        delivery=message.delivery,
        revision=message.revision if outbound else None,
        digest=message.digest,
        **_examined(message, body.counts),
    )


def _examined(message: StoredMessage, counts: Counts) -> dict[str, Any]:
    """What a reader should know before believing the mail."""
    return {
        "new_sender": message.new_sender or None,
        "reply_to": shown(message.reply_to) or None,
        "reply_to_changed": _answers_go_elsewhere(message) or None,
        "hidden_text": message.hidden_text or _counted(counts) or None,
        "headers": _headers(message),
        "authentication": message.authentication or None,
        "problems": list(message.problems) or None,
    }


def attachment_row(meta: AttachmentMeta) -> AttachmentRow:
    """An attachment as a handle."""
    return AttachmentRow(
        position=meta.position,
        filename=shown(meta.filename),
        content_type=shown(meta.content_type),
        size=meta.size,
        sha256=meta.sha256,
        inline=meta.inline,
    )


def contact_view(contact: Contact, interactions: list[Interaction] | None = None) -> ContactView:
    """A contact, with its log where that was asked for."""
    return ContactView(
        contact_id=contact.id,
        email=shown(contact.address),
        name=shown(contact.name),
        tags=list(contact.tags),
        metadata=contact.metadata,
        last_contacted=moment(contact.last_contacted),
        last_inbound=moment(contact.last_inbound),
        replied=contact.replied,
        interaction_count=contact.interaction_count,
        thread_count=contact.thread_count,
        latest_thread_id=contact.latest_thread_id,
        created_at=to_datetime(contact.created_at),
        interactions=None if interactions is None else [_interaction_row(one) for one in interactions],
    )


def _interaction_row(interaction: Interaction) -> InteractionRow:
    return InteractionRow(
        kind=interaction.kind,
        message_id=interaction.message_id,
        thread_id=interaction.thread_id,
        mailbox_id=interaction.mailbox_id,
        mailbox_deleted=interaction.mailbox_deleted or None,
        at=to_datetime(interaction.at),
    )


def _answers_go_elsewhere(message: StoredMessage) -> bool:
    if message.direction == "outbound" or not message.reply_to:
        return False
    return normalise(message.reply_to) != normalise(message.sender)


def _headers(message: StoredMessage) -> dict[str, str] | None:
    found = {
        "Message-ID": message.header_id,
        "In-Reply-To": message.in_reply_to,
        "References": message.header_refs,
    }
    return {name: shown(value) for name, value in found.items() if value} or None


def _counted(counts: Counts) -> dict[str, int]:
    found = {
        "control": counts.controls,
        "escape": counts.escapes,
        "bidi": counts.bidi,
        "zero_width": counts.invisible,
    }
    return {kind: number for kind, number in found.items() if number}
