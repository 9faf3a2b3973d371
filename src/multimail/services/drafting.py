"""From a request to a complete draft: addresses checked, attachments decoded, copies added, nothing decided."""

from __future__ import annotations

import base64
import binascii
import mimetypes
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from multimail.contract.fields import MAX_SUBJECT
from multimail.contract.sending import AttachmentIn, Sending
from multimail.core.addresses import normalise, parse_address, parse_list
from multimail.core.errors import Problem
from multimail.core.message_class import clean_region, clean_topic
from multimail.core.model import Draft, Mailbox, MessageClass, Mode, Recipient, RecipientKind
from multimail.core.tags import clean_tags
from multimail.core.text import header_safe, typed_line
from multimail.core.times import Micros, from_datetime
from multimail.mime import parse
from multimail.mime.compose import Attachment, validate_headers
from multimail.mime.html import to_markdown
from multimail.ports.store import Tx
from multimail.services import access, uploads
from multimail.services.context import Call

GRACE: Micros = 60_000_000
"""A send time this little in the past means now: clocks differ."""
FURTHEST: Micros = 5 * 366 * 24 * 3_600_000_000
LAST_CLOCK: Micros = 12 * 3_600_000_000
"""How far behind UTC the last clock on earth is."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A draft with its files."""

    draft: Draft
    files: tuple[Attachment, ...] = ()


def draft(
    call: Call, box: Mailbox, operation: str, request: Sending, subject: str, people: tuple[Recipient, ...]
) -> Draft:
    """The part of a draft that all ways of writing share; threading is added by the caller."""
    reply_to = parse_address(request.reply_to, field="reply_to").address if request.reply_to else ""
    given, by_clock = request.scheduled_at, bool(request.send_in_recipient_timezone)
    return Draft(
        operation=operation,
        mailbox_id=box.id,
        sender=box.address,
        sender_name=box.display_name,
        recipients=people,
        subject=header_safe(subject, "subject")[:MAX_SUBJECT],
        body=request.body or (to_markdown(request.html, set()) if request.html else ""),
        reply_to=reply_to,
        message_class=MessageClass(request.message_class) if request.message_class else None,
        requested_mode=request.oversight_mode,
        scheduled_at=None if by_clock else send_time(call, from_datetime(given) if given else None),
        wall=wall_time(call, given) if by_clock else None,
        headers=headers(request),
        topic=clean_topic(request.topic),
        region=clean_region(request.region),
        recipient_time=by_clock,
        tags=clean_tags(request.tags),
        metadata=request.metadata,
    )


def headers(request: Sending) -> tuple[tuple[str, str], ...]:
    """The caller's own headers, checked; priority becomes the standard `Importance`."""
    given = dict(request.headers)
    if request.priority is not None:
        given.setdefault("Importance", request.priority)
    return validate_headers(given.items())


def send_time(call: Call, at: Micros | None) -> Micros | None:
    """The send time, None for now; a time clearly in the past or absurdly far away is a mistake."""
    if at is None:
        return None
    if at < call.now - GRACE or at > call.now + FURTHEST:
        raise Problem(
            "invalid_time",
            "The send time is in the past."
            if at < call.now
            else "The send time is more than five years away.",
            field="scheduled_at",
            advice="Leave scheduled_at out to send now.",
        )
    return at if at > call.now else None


def wall_time(call: Call, given: datetime | None) -> Micros:
    """What the recipients' clocks are to show, as a moment of a clock in UTC; the offset it was written with says
    nothing. Past is what is past on the last clock on earth."""
    if given is None:
        raise Problem(
            "invalid", "There is no time to read on the recipients' clocks.", field="scheduled_at",
            advice="Give scheduled_at, like 2027-03-01T09:00.",
        )  # fmt: skip
    shown = from_datetime(given.replace(tzinfo=UTC))
    send_time(call, shown + LAST_CLOCK)
    return shown


def recipients(
    call: Call, box: Mailbox, to: Sequence[str], cc: Sequence[str] = (), bcc: Sequence[str] = ()
) -> tuple[Recipient, ...]:
    """Checked recipients, each address once (where it stands most visibly), with the mailbox's automatic copies."""
    limit = call.limits.recipients
    if len(to) + len(cc) + len(bcc) > limit:
        raise _too_many(len(to) + len(cc) + len(bcc), limit)
    found: dict[str, Recipient] = {}
    for kind, given in ((RecipientKind.TO, to), (RecipientKind.CC, cc), (RecipientKind.BCC, bcc)):
        for one in parse_list(list(given), field=kind.value):
            found.setdefault(
                normalise(one.address), Recipient(one.address, kind, header_safe(one.name, kind.value))
            )
    if not any(one.kind is RecipientKind.TO for one in found.values()):
        raise Problem(
            "invalid", "There is no recipient in to.", field="to", advice="Give at least one address."
        )
    if len(found) > limit:
        raise _too_many(len(found), limit)
    for kind, given in ((RecipientKind.CC, box.auto_cc), (RecipientKind.BCC, box.auto_bcc)):
        for address in given:
            found.setdefault(normalise(address), Recipient(address, kind, automatic=True))
    return tuple(found.values())


def with_oversight_copy(box: Mailbox, drafted: Draft, mode: Mode) -> Draft:
    """In `monitored`, the draft with its hidden copy to the oversight address."""
    address = box.oversight_address
    here = {normalise(one.address) for one in drafted.recipients}
    if mode is not Mode.MONITORED or not address or normalise(address) in here:
        return drafted
    copy = Recipient(address, RecipientKind.BCC, automatic=True)
    return replace(drafted, recipients=(*drafted.recipients, copy))


def _too_many(count: int, limit: int) -> Problem:
    return Problem(
        "too_many_recipients",
        f"{count} recipients; one mail may have {limit}.",
        field="to",
        advice="Send several mails, or use a list address.",
    )


def files(tx: Tx, call: Call, given: Sequence[AttachmentIn]) -> tuple[Attachment, ...]:
    """Attachments as bytes; `too_large` before anything is decoded needlessly."""
    limit = call.limits.message_bytes
    encoded = sum(len(one.content_base64 or "") for one in given)
    if encoded * 3 // 4 > limit:
        raise _too_large(encoded * 3 // 4, limit)
    found = tuple(_file(tx, call, one, position) for position, one in enumerate(given))
    size = sum(len(one.content) for one in found)
    if size > limit:
        raise _too_large(size, limit)
    return found


def _too_large(size: int, limit: int) -> Problem:
    return Problem(
        "too_large",
        f"The attachments have {size:,} bytes; a mail may have {limit:,}.",
        field="attachments",
        advice="Send a link instead, or several mails.",
    )


def _file(tx: Tx, call: Call, given: AttachmentIn, index: int) -> Attachment:
    field = f"attachments.{index}"
    if sum(one is not None for one in (given.content_base64, given.message_id, given.upload_id)) != 1:
        raise Problem(
            "invalid", "Give either content_base64, or message_id with position, or upload_id.", field=field
        )
    if given.message_id is not None:
        return stored_file(tx, call, given.message_id, given.position or 1, field)
    if given.upload_id is not None:
        return uploads.attached(tx, call, given, field)
    if not given.filename:
        raise Problem("invalid", "An attachment needs a filename.", field=f"{field}.filename")
    try:
        content = base64.b64decode(given.content_base64 or "", validate=True)
    except (binascii.Error, ValueError):
        raise Problem("invalid", "content_base64 is not base64.", field=f"{field}.content_base64") from None
    name = typed_line(given.filename, f"{field}.filename")
    guessed = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Attachment(name, typed_line(given.content_type, f"{field}.content_type") or guessed, content)


def stored_file(tx: Tx, call: Call, message_id: str, position: int, field: str) -> Attachment:
    """An attachment of a message the caller may see; positions count from 1, in the parser from 0."""
    message = access.message(tx, call.principal, message_id)
    raw = tx.revisions.raw(message.id, message.revision)
    found = parse.attachment(raw, position - 1) if raw is not None else None
    if found is None:
        raise Problem("not_found", f"{message_id} has no attachment {position}.", field=f"{field}.position")
    return Attachment(found.filename, found.content_type, found.content)


def all_files(raw: bytes) -> tuple[Attachment, ...]:
    """Every attachment of a raw mail, for forwarding and for rendering an edited draft again."""
    found = parse.parse(raw).attachments
    return tuple(Attachment(one.filename, one.content_type, one.content) for one in found)
