"""An arriving mail as the filing needs it: parsed, hashed and compressed before any transaction begins.

Pure and total: every input gives a value, and every text in it can be stored.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections import Counter
from typing import Any, Final, NamedTuple

from multimail.core.addresses import normalise
from multimail.core.digest import digest_of
from multimail.core.envelope import Envelope
from multimail.core.model import AttachmentMeta, Recipient, RecipientKind
from multimail.core.text import CLEAN, neutralise
from multimail.core.threading import normalise_subject
from multimail.mime import bounces, quoting
from multimail.mime.bounces import Bounce, Classified
from multimail.mime.hidden import hidden_characters, hidden_text
from multimail.mime.model import Mailbox, ParsedMail
from multimail.mime.parse import parse
from multimail.mime.unsubscribe import READ, asks_to_stop

_LEVEL: Final = 1
"""zlib level of raw mail: it is written far more often than read, and the lowest keeps most of the gain."""
_OPENING: Final = 700
_ENOUGH: Final = 300
_LINES: Final = 5
# What hops add on the way (RFC 5321 section 4.4): the same mail by another way has others.
_TRACE: Final = re.compile(
    rb"\n(?=[AaDdRrXx])(?i:received|return-path|delivered-to|x-original-to|x-received|received-spf"
    rb"|authentication-results|arc-[a-z-]{1,40})[ \t]*:.*(?=\n)(?:\n[ \t].*(?=\n))*"
)
_KINDS: Final = ((RecipientKind.TO, "to"), (RecipientKind.CC, "cc"), (RecipientKind.BCC, "bcc"))


class Arrival(NamedTuple):
    """One mail on its way into mailboxes. `returned` says whether it is a return of mail, or automatic otherwise.

    `identity` are Message-ID and content hash; it is None for a mail that has neither Message-ID nor Date,
    which cannot be told from a second one that says the same. `ancestors` are the ids it names, nearest first.
    `named` are the recipients its header names and `people` its author and those of them who are seen, normalised.
    `hops` are the servers it passed through (one Received header each, RFC 5321 section 6.3); a mail
    `is_empty` when nothing at all could be read from it. From `packed` on the values are plain.
    """

    envelope: Envelope
    recipients: tuple[Recipient, ...]
    attachments: tuple[AttachmentMeta, ...]
    returned: Classified
    packed: bytes
    digest: str
    identity: tuple[str, str] | None
    header_id: str
    ancestors: tuple[str, ...]
    in_reply_to: str
    header_refs: str
    sender: str
    sender_name: str
    author: str
    reply_to: str
    subject: str
    base_subject: str
    text: str
    preview: str
    named: frozenset[str]
    people: frozenset[str]
    hidden: dict[str, int]
    unsubscribes: bool
    auto_submitted: str
    problems: tuple[str, ...]
    hops: int
    is_empty: bool

    @property
    def bounce(self) -> Bounce | None:
        """What it says as a notification: only the null sender's counts."""
        return self.returned.bounce if self.envelope.is_notification else None

    @property
    def origin(self) -> dict[str, Any]:
        """What the peer claimed: kept with the mail, covered by its digest."""
        return _origin(self.envelope)


def read(envelope: Envelope) -> Arrival:
    """Parse a mail and work out what does not depend on the mailboxes it goes to."""
    mail = parse(envelope.raw)
    author = _author(mail, envelope)
    header_id = storable(mail.message_id)
    answered, references = _storable(mail.in_reply_to), _storable(mail.references)
    subject, text = storable(mail.subject), storable(mail.text)
    own = _own_opening(text)
    recipients = _recipients(mail)
    returned = bounces.classify(mail, envelope.sender)
    bounce = returned.bounce if envelope.is_notification else None
    return Arrival(
        envelope=envelope,
        packed=zlib.compress(envelope.raw, _LEVEL),
        digest=digest_of(envelope.raw, _origin(envelope)),
        identity=(header_id, content_hash(envelope.raw)) if header_id or mail.date is not None else None,
        header_id=header_id,
        ancestors=tuple(dict.fromkeys((*_returned(bounce), *answered[::-1], *references[::-1]))),
        in_reply_to=" ".join(answered),
        header_refs=" ".join(references),
        sender=author.address,
        sender_name=author.name,
        author=normalise(author.address),
        reply_to=storable(mail.reply_to[0].address) if mail.reply_to else "",
        subject=subject,
        base_subject=normalise_subject(subject),
        text=text,
        preview=quoting.one_line(own or text.strip()),
        recipients=tuple(recipients.values()),
        named=frozenset(recipients),
        people=_people(normalise(author.address), recipients),
        attachments=tuple(_attachments(mail)),
        hidden=_hidden(mail, text),
        returned=returned,
        unsubscribes=bounce is None and bool(author.address) and asks_to_stop(subject, own),
        auto_submitted=mail.auto_submitted,
        problems=mail.problems,
        hops=mail.names.count("received"),
        is_empty=not (mail.headers or text or mail.attachments),
    )


def content_hash(raw: bytes) -> str:
    """The same for a mail offered again, whichever way it came: trace headers do not count."""
    end = raw.find(b"\r\n\r\n")
    head, rest = (raw[: end + 2], raw[end + 2 :]) if end >= 0 else (raw, b"")
    hashed = hashlib.sha256(_TRACE.sub(b"", b"\n" + head)[1:])
    hashed.update(rest)
    return hashed.hexdigest()[:32]


def storable(text: str) -> str:
    """The text without what no database takes: lone surrogates, which header bytes that are no UTF-8 become, and
    NUL, of which a picture is kept."""
    if "\0" in text:
        text = text.replace("\0", "\u2400")
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    return text


def _storable(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(storable, texts))


def _returned(bounce: Bounce | None) -> tuple[str, ...]:
    """A bounce belongs to what it returns, even where it names it in no header of its own."""
    return (storable(bounce.original_message_id),) if bounce and bounce.original_message_id else ()


def _origin(envelope: Envelope) -> dict[str, Any]:
    return {"sender": envelope.sender, "peer": envelope.peer, "helo": envelope.helo}


def _author(mail: ParsedMail, envelope: Envelope) -> Mailbox:
    """The first author; a mail that names none is whose the envelope says it is."""
    found = mail.from_[0] if mail.from_ else mail.sender or Mailbox(envelope.sender)
    return Mailbox(storable(found.address), storable(found.name))


def _own_opening(text: str) -> str:
    """What the author wrote himself, as far as a preview and an opt-out are read from it; looking for quotes in
    all of a mail costs."""
    if len(text) > _OPENING:
        own = quoting.own_text(text[:_OPENING].rpartition("\n")[0])
        if len(own) >= _ENOUGH and len([line for line in own.split("\n") if line.strip()]) >= _LINES:
            return own
    return quoting.own_text(text[:READ])


def _recipients(mail: ParsedMail) -> dict[str, Recipient]:
    found: dict[str, Recipient] = {}
    for kind, field in _KINDS:
        for one in getattr(mail, field):
            address = storable(one.address)
            found.setdefault(normalise(address), Recipient(address, kind, storable(one.name)))
    return found


def _people(author: str, recipients: dict[str, Recipient]) -> frozenset[str]:
    seen = (name for name, one in recipients.items() if one.visible)
    return frozenset((author, *seen) if author else seen)


def _attachments(mail: ParsedMail) -> list[AttachmentMeta]:
    return [
        AttachmentMeta(
            one.position + 1,
            storable(one.filename),
            storable(one.content_type),
            one.size,
            one.sha256,
            one.inline,
        )
        for one in mail.attachments
    ]


def _hidden(mail: ParsedMail, text: str) -> dict[str, int]:
    found = hidden_characters(text) if text.isascii() or neutralise(text)[1] is not CLEAN else {}
    if mail.html:
        found |= Counter(one.reason for one in hidden_text(mail.html))
    return found
