"""Files of stored mail as they are handed out whole: an attachment, or the raw mail itself."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from multimail.contract.reading import DownloadAttachment
from multimail.core.errors import Problem
from multimail.core.model import AttachmentMeta
from multimail.ports.store import Tx
from multimail.services import access, attachments, convert
from multimail.services.context import Call

_DIGITS: Final = 9
RAW_TYPE: Final = "message/rfc822"


@dataclass(frozen=True, slots=True)
class File:
    """A file with its name as it may be shown. The content type is what the mail says, and so is not to be believed.

    `content` is None where only the description was asked for.
    """

    filename: str
    content_type: str
    size: int
    sha256: str
    content: bytes | None


def attachment(tx: Tx, call: Call, message_id: str, which: str, *, with_content: bool) -> File:
    """The attachment at a position from 1, or with a name; a name of digits is meant where no such position is."""
    message = access.message(tx, call.principal, message_id)
    found = tx.messages.attachments(message.id)
    meta = attachments.chosen(found, _request(found, message.id, which))
    content = attachments.content_of(tx, message, meta) if with_content else None
    return File(convert.shown(meta.filename), meta.content_type, meta.size, meta.sha256, content)


def _request(found: list[AttachmentMeta], message_id: str, which: str) -> DownloadAttachment:
    number = int(which) if which.isascii() and which.isdecimal() and len(which) <= _DIGITS else 0
    if number in {one.position for one in found}:
        return DownloadAttachment(message_id=message_id, position=number)
    return DownloadAttachment(message_id=message_id, filename=which)


def raw_mail(tx: Tx, call: Call, message_id: str) -> File:
    """The mail as it came, or as it will leave. `not_found` once its bytes were erased."""
    message = access.message(tx, call.principal, message_id)
    raw = tx.revisions.raw(message.id, message.revision)
    if raw is None:
        raise Problem("not_found", "The bytes of this mail are not stored any more.", field="message_id")
    return File(f"{message.id}.eml", RAW_TYPE, len(raw), sha256(raw).hexdigest(), raw)
