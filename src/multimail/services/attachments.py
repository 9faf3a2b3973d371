"""Handing out attachments: the handle always, the content when it is small enough."""

from __future__ import annotations

import base64

from multimail.contract.reading import AttachmentView, DownloadAttachment
from multimail.core.errors import Problem
from multimail.core.model import AttachmentMeta
from multimail.mime import parse
from multimail.ports.records import StoredMessage
from multimail.ports.store import Tx
from multimail.services import access, convert
from multimail.services.context import Call


def download_attachment(tx: Tx, call: Call, request: DownloadAttachment) -> AttachmentView:
    """One attachment of a message, by position or by a name that only one of them has."""
    message = access.message(tx, call.principal, request.message_id)
    access.belongs(tx, call.principal, message.mailbox_id, request.mailbox)
    meta = chosen(tx.messages.attachments(message.id), request)
    content = b"" if meta.size > request.max_bytes else content_of(tx, message, meta)
    inline = meta.size <= request.max_bytes and len(content) <= request.max_bytes
    return AttachmentView(
        **convert.attachment_row(meta).model_dump(),
        message_id=message.id,
        content_base64=base64.b64encode(content).decode("ascii") if inline else None,
        text=_text(meta, content) if inline else None,
        note=None if inline else f"{meta.size} bytes: ask again with max_bytes of at least that.",
    )


def chosen(found: list[AttachmentMeta], request: DownloadAttachment) -> AttachmentMeta:
    """The one that is meant; `not_found` when none is, `invalid` when several are."""
    if request.position is None and request.filename is None:
        matching = found
    else:
        matching = [one for one in found if _is_meant(one, request)]
    if len(matching) == 1:
        return matching[0]
    field = "filename" if request.filename is not None and request.position is None else "position"
    if not matching:
        have = ", ".join(f"{one.position} {convert.shown(one.filename)}" for one in found[:20])
        advice = f"It has: {have}." if have else "This message has no attachments."
        raise Problem("not_found", "There is no such attachment.", field=field, advice=advice)
    positions = ", ".join(str(one.position) for one in matching[:20])
    raise Problem(
        "invalid", f"{len(matching)} attachments fit.", field=field, advice=f"Positions: {positions}."
    )


def _is_meant(one: AttachmentMeta, request: DownloadAttachment) -> bool:
    """A name is meant as it was shown, or as it came."""
    if request.position is not None and one.position != request.position:
        return False
    return request.filename is None or request.filename in (one.filename, convert.shown(one.filename))


def content_of(tx: Tx, message: StoredMessage, meta: AttachmentMeta) -> bytes:
    """Decoded from the raw mail, where positions count from 0."""
    raw = tx.revisions.raw(message.id, message.revision)
    found = parse.attachment(raw, meta.position - 1) if raw is not None else None
    if found is None:
        raise Problem("not_found", "The content of this attachment was erased.", field="position")
    return found.content


def _text(meta: AttachmentMeta, content: bytes) -> str | None:
    if not meta.content_type.startswith("text/"):
        return None
    try:
        return convert.shown(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return None
