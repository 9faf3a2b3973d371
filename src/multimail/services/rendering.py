"""Rendering a draft into the bytes that will leave, with the envelope and the digest that a person approves."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from multimail.core.addresses import Address
from multimail.core.digest import digest_of
from multimail.core.message_class import believed, of_mailbox
from multimail.core.model import (
    AttachmentMeta,
    Draft,
    Filled,
    Mailbox,
    MessageClass,
    Purpose,
    Recipient,
    RecipientKind,
)
from multimail.core.own_link import SLOT
from multimail.core.times import Micros
from multimail.mime.compose import Attachment, Outgoing, compose
from multimail.mime.footer import Sender, legal
from multimail.ports.records import StoredRevision


@dataclass(frozen=True, slots=True)
class Rendered:
    """A revision ready to be stored."""

    raw: bytes
    envelope: dict[str, Any]
    digest: str
    attachments: tuple[AttachmentMeta, ...]


def render(
    draft: Draft, box: Mailbox, files: Sequence[Attachment], header_id: str, now: Micros, links: str = ""
) -> Rendered:
    """Compose the mail. Equal inputs give equal bytes and so an equal digest.

    `links` is what a recipient's own unsubscribe link begins with; the token in it is a slot, filled when the mail
    is handed over. Without it the mail names no link.
    """
    raw = compose(_outgoing(draft, box, files, links, (header_id, now)))
    metas = tuple(
        AttachmentMeta(
            position,
            one.filename,
            one.content_type,
            len(one.content),
            hashlib.sha256(one.content).hexdigest(),
        )
        for position, one in enumerate(files, start=1)
    )
    envelope = _envelope(draft, header_id, now, metas)
    return Rendered(raw, envelope, digest_of(raw, envelope), metas)


def _outgoing(
    draft: Draft, box: Mailbox, files: Sequence[Attachment], links: str, known: tuple[str, Micros]
) -> Outgoing:
    by_kind = {
        kind: tuple(Address(one.address, one.name) for one in draft.recipients if one.kind is kind)
        for kind in RecipientKind
    }
    system = draft.message_class is MessageClass.SYSTEM
    header_id, now = known
    return Outgoing(
        sender=Address(draft.sender, draft.sender_name),
        to=by_kind[RecipientKind.TO],
        cc=by_kind[RecipientKind.CC],
        reply_to=(Address(draft.reply_to),) if draft.reply_to else (),
        subject=draft.subject,
        body=draft.body,
        message_id=header_id,
        date=now,
        in_reply_to=draft.in_reply_to,
        references=draft.references,
        attachments=tuple(files),
        headers=draft.headers,
        list_unsubscribe="" if system else f"mailto:{draft.sender}?subject=UNSUBSCRIBE",
        unsubscribe_link=f"{links}{SLOT}" if links and not system else "",
        auto_submitted="auto-generated" if system else "",
        footer="" if system else _footer(draft, box, f"{links}{SLOT}" if links else ""),
    )


def _footer(draft: Draft, box: Mailbox, link: str) -> str:
    """The mailbox's signature; under commercial mail also what the law wants said and its author did not say."""
    if believed(draft.message_class, of_mailbox(box.metadata, draft.topic)) is not MessageClass.COMMERCIAL:
        return box.signature
    name = str(box.metadata.get("sender_identity") or box.display_name)
    sender = Sender(name, str(box.metadata.get("physical_address") or ""), box.address)
    text = f"{draft.body}\n\n{box.signature}"
    return "\n\n".join(filter(None, (box.signature.strip(), legal(text, sender, link, draft.headers))))


def _envelope(draft: Draft, header_id: str, now: Micros, metas: Sequence[AttachmentMeta]) -> dict[str, Any]:
    filled = draft.template
    template = {"template": [filled.template_id, filled.plain]} if filled is not None else {}
    purpose = {"topic": draft.topic, "region": draft.region, "recipient_time": draft.recipient_time}
    clocks = (
        {"wall": draft.wall, "times": [list(one) for one in draft.times]} if draft.wall is not None else {}
    )
    return (
        template
        | clocks
        | {name: value for name, value in purpose.items() if value}
        | {
            "sender": [draft.sender, draft.sender_name],
            "recipients": [
                [one.kind.value, one.address, one.name, one.automatic] for one in draft.recipients
            ],
            "reply_to": draft.reply_to,
            "subject": draft.subject,
            "body": hashlib.sha256(draft.body.encode("utf-8", "surrogatepass")).hexdigest(),
            "header_id": header_id,
            "thread_id": draft.thread_id,
            "in_reply_to": draft.in_reply_to,
            "references": list(draft.references),
            "headers": [list(pair) for pair in draft.headers],
            "scheduled_at": draft.scheduled_at,
            "class": draft.message_class,
            "tags": list(draft.tags),
            "rendered_at": now,
            "attachments": [[one.filename, one.content_type, one.size, one.sha256] for one in metas],
        }
    )


def purpose_in(envelope: Mapping[str, Any]) -> Purpose:
    """What the mail of a revision is for."""
    claimed = MessageClass(envelope["class"]) if envelope["class"] else None
    return Purpose(claimed, envelope.get("topic", ""), envelope.get("region", ""))


def recipients_in(envelope: Mapping[str, Any]) -> tuple[Recipient, ...]:
    """The recipients a revision was rendered for."""
    return tuple(
        Recipient(address, RecipientKind(kind), name, automatic)
        for kind, address, name, automatic in envelope["recipients"]
    )


def draft_of(revision: StoredRevision, template: Draft) -> Draft:
    """The draft behind a stored revision; `template` gives what no revision changes."""
    envelope = revision.envelope
    return replace(
        template,
        sender=envelope["sender"][0],
        sender_name=envelope["sender"][1],
        recipients=recipients_in(envelope),
        subject=revision.subject,
        body=revision.body,
        reply_to=envelope["reply_to"],
        message_class=MessageClass(envelope["class"]) if envelope["class"] else None,
        scheduled_at=envelope["scheduled_at"],
        thread_id=envelope["thread_id"],
        in_reply_to=envelope["in_reply_to"],
        references=tuple(envelope["references"]),
        headers=tuple((name, value) for name, value in envelope["headers"]),
        tags=tuple(envelope["tags"]),
        template=Filled(*envelope["template"]) if "template" in envelope else None,
        topic=envelope.get("topic", ""),
        region=envelope.get("region", ""),
        recipient_time=envelope.get("recipient_time", False),
        wall=envelope.get("wall"),
    )
