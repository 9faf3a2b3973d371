"""Uploaded files: kept for a day for the principal that brought them, attached as often as it likes."""

from __future__ import annotations

import mimetypes
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from multimail.contract.sending import AttachmentIn
from multimail.contract.streams import UploadView
from multimail.core.errors import Problem
from multimail.core.text import typed_line
from multimail.core.times import Micros, to_datetime
from multimail.mime.compose import Attachment
from multimail.ports.store import Tx
from multimail.ports.uploads import StoredUpload
from multimail.services.context import Call

UNKNOWN_TYPE: Final = "application/octet-stream"
_LONGEST_NAME: Final = 255


@dataclass(frozen=True, slots=True)
class Received:
    """A file that was read to its end. An empty content type is one that nobody named."""

    filename: str
    content_type: str
    sha256: str
    content: bytes | bytearray


def upload_file(tx: Tx, call: Call, received: Received) -> UploadView:
    """Keep a file. `too_many_uploads` beyond what one principal may have waiting."""
    if not received.filename or len(received.filename) > _LONGEST_NAME:
        raise Problem(
            "invalid",
            f"An upload needs a file name of at most {_LONGEST_NAME} characters.",
            field="filename",
            advice='Send Content-Disposition: attachment; filename="name.pdf", or ?filename=name.pdf.',
        )
    name = typed_line(received.filename, "filename")
    _check_room(tx, call, len(received.content))
    stored = StoredUpload(
        id=call.new_id("upload"),
        principal_id=call.principal.id,
        filename=name,
        content_type=received.content_type or mimetypes.guess_type(name)[0] or UNKNOWN_TYPE,
        size=len(received.content),
        sha256=received.sha256,
        created_at=call.now,
        expires_at=call.now + call.limits.uploads_for,
    )
    tx.uploads.add(stored, received.content)
    return UploadView(
        upload_id=stored.id,
        filename=stored.filename,
        content_type=stored.content_type,
        size=stored.size,
        sha256=stored.sha256,
        expires_at=to_datetime(stored.expires_at),
    )


def upload_once(tx: Tx, call: Call, received: Received) -> str:
    """Keep a file unless it waits already, so that a form that is sent twice attaches the same; the id it has."""
    there = tx.uploads.same(call.principal.id, received.sha256, received.filename, call.now)
    return there.id if there else upload_file(tx, call, received).upload_id


def waiting(tx: Tx, principal_id: str, ids: Sequence[str], now: Micros) -> list[StoredUpload]:
    """Those of the files that this principal may still attach, each once."""
    found = [tx.uploads.get(one) for one in dict.fromkeys(ids)]
    return [one for one in found if one and one.principal_id == principal_id and now < one.expires_at]


def _check_room(tx: Tx, call: Call, size: int) -> None:
    limits = call.limits
    count, held = tx.uploads.held(call.principal.id, call.now)
    most = max(limits.upload_bytes, limits.message_bytes)
    if count >= limits.uploads or held + size > most:
        raise Problem(
            "too_many_uploads",
            f"{count} files with {held:,} bytes wait; one key may have {limits.uploads} with {most:,}.",
            advice="Send them, or wait: each is forgotten a day after it came.",
        )


def attached(tx: Tx, call: Call, given: AttachmentIn, field: str) -> Attachment:
    """An uploaded file as an attachment: only for the principal that brought it, and only in time."""
    upload_id = given.upload_id or ""
    found = tx.uploads.get(upload_id)
    mine = found is not None and found.principal_id == call.principal.id and call.now < found.expires_at
    content = tx.uploads.content(upload_id) if mine else None
    if found is None or content is None:
        raise Problem(
            "not_found",
            f"There is no uploaded file {upload_id[:40]!r} of this key.",
            field=f"{field}.upload_id",
            advice="Files are kept for a day: upload it again.",
        )
    name = typed_line(given.filename, f"{field}.filename") or found.filename
    kind = typed_line(given.content_type, f"{field}.content_type") or found.content_type
    return Attachment(name, kind, content)
