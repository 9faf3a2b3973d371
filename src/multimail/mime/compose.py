"""An outgoing mail rendered to the bytes that will leave: deterministic, without a clock, Bcc never written.

The boundary comes from a digest of the content, so equal mails are equal bytes; what is rendered at admission
is what a person approves, and `finalise` changes its Date line and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import Final

from multimail.core.addresses import Address
from multimail.core.errors import Problem
from multimail.core.text import typed_line
from multimail.core.times import Micros
from multimail.mime import encode, markdown

MAX_HEADERS: Final = 50
MAX_HEADER_VALUE: Final = 4_000
ONE_CLICK: Final = "List-Unsubscribe=One-Click"
"""RFC 8058 section 3.1: that one POST to the link is enough."""

_HEADER_NAME: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9\-]{0,74}[A-Za-z0-9])?")
_ALLOWED: Final = re.compile(r"(?:x-(?!multimail-).+|list-.+|precedence|importance)", re.IGNORECASE)
_WAY_OUT: Final = re.compile(r"<\s*(?:https?://|mailto:)[^<>\s]+\s*>", re.IGNORECASE)
_KEYWORD: Final = re.compile(r"[A-Za-z\-]{1,40}")
_CONTENT_TYPE: Final = re.compile(
    r"([a-z0-9][a-z0-9!#$&^_.+\-]{0,126}/[a-z0-9][a-z0-9!#$&^_.+\-]{0,126})(;\s*charset=\"?[a-z0-9_\-]{1,40}\"?)?",
    re.IGNORECASE,
)
_ANY_TYPE: Final = "application/octet-stream"
_DATE_LINE: Final = re.compile(rb"^date:[^\r\n]*\r\n(?:[ \t][^\r\n]*\r\n)*", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to send."""

    filename: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A mail to render. `body` and `footer` are markdown; blind copies are the envelope's and not here.

    `headers` come from `validate_headers`; `list_unsubscribe` is a `mailto:` URI and `unsubscribe_link` a URL that
    takes a POST (RFC 8058), used unless the caller's headers have their own; `auto_submitted` is a keyword of
    RFC 3834 section 5.
    """

    sender: Address
    subject: str
    body: str
    message_id: str
    date: Micros
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    list_unsubscribe: str = ""
    unsubscribe_link: str = ""
    auto_submitted: str = ""
    footer: str = ""


def compose(mail: Outgoing) -> bytes:
    """The whole mail with CRLF line ends, fit for servers without 8BITMIME.

    Raises `header_injection` or `invalid_address` for values that would break the header; these are the last
    line of defence, whoever accepts the values refuses them earlier.
    """
    text, html = _alternatives(mail)
    mark = _mark(mail, text, html)
    head = _header(mail).encode("utf-8", "replace")
    alternative = _multipart(
        "alternative", f"=_a{mark}", [encode.text_part("plain", text), encode.text_part("html", html)]
    )
    if not mail.attachments:
        return head + alternative
    parts = [alternative, *map(_attachment_part, mail.attachments)]
    return head + _multipart("mixed", f"=_m{mark}", parts)


def finalise(raw: bytes, date: Micros) -> bytes:
    """The mail with this Date; every other byte stays. A mail without a Date line gets one in front."""
    end = raw.find(b"\r\n\r\n")
    head = raw[: end + 2] if end >= 0 else raw
    line = encode.date(date).encode("ascii")
    found = _DATE_LINE.search(head)
    if found is None:
        return line + raw
    return raw[: found.start()] + line + raw[found.end() :]


def needs_smtputf8(raw: bytes) -> bool:
    """Whether a composed mail's header is not ASCII, which only an address in it can bring about (RFC 6532)."""
    return not raw.partition(b"\r\n\r\n")[0].isascii()


def validate_headers(headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """The caller's own headers, checked: `X-*` but not ours, `List-*`, `Precedence`, `Importance`, each once."""
    checked: dict[str, tuple[str, str]] = {}
    for name, value in headers:
        field = f"headers.{name[:80]}"
        typed_line(name, "headers")
        typed_line(value, field)
        if not _HEADER_NAME.fullmatch(name) or not _ALLOWED.fullmatch(name):
            advice = "Allowed are X-* (except X-MultiMail-*), List-*, Precedence and Importance."
            raise Problem(
                "header_not_allowed", f"{name[:80]!a} may not be set by a caller.", field=field, advice=advice
            )
        if name.lower() in checked:
            raise Problem(
                "header_not_allowed", f"{name} is given twice.", field=field, advice="Give it once."
            )
        _check_value(name.lower(), value, field)
        checked[name.lower()] = (name, value.strip())
    if len(checked) > MAX_HEADERS:
        raise Problem(
            "header_not_allowed", f"More than {MAX_HEADERS} headers.", field="headers", advice="Give fewer."
        )
    return tuple(checked.values())


def _check_value(name: str, value: str, field: str) -> None:
    """Headers with a grammar of their own cannot carry encoded words, so their values must be ASCII."""
    text = value.strip()
    if not text or len(text) > MAX_HEADER_VALUE:
        raise Problem(
            "invalid", f"The value is empty or longer than {MAX_HEADER_VALUE} characters.", field=field
        )
    if name in ("precedence", "importance") and not _KEYWORD.fullmatch(text):
        raise Problem("invalid", "The value is one word.", field=field, advice="For instance bulk, or high.")
    _check_unsubscribe(name, text, field)
    words = text.split(" ")
    if name.startswith("list-") and not (
        text.isascii() and text.isprintable() and max(map(len, words)) <= encode.LONGEST_TOKEN
    ):
        advice = "Percent-encode what is not ASCII, and keep each URL below 900 characters."
        raise Problem(
            "invalid",
            "The value has characters that cannot stand in this header.",
            field=field,
            advice=advice,
        )


def _check_unsubscribe(name: str, text: str, field: str) -> None:
    """A caller's own way out takes the place of ours, so it has to be one (RFC 2369, RFC 8058 section 3.1)."""
    if name == "list-unsubscribe" and not _WAY_OUT.search(text):
        advice = "Such as <https://example.com/u/1>, <mailto:news@example.com>, or leave it out."
        raise Problem("invalid", "This header names no way to unsubscribe.", field=field, advice=advice)
    if name == "list-unsubscribe-post" and text != ONE_CLICK:
        advice = f"Write {ONE_CLICK}, or leave it out."
        raise Problem("invalid", "This header has one possible value.", field=field, advice=advice)


def _header(mail: Outgoing) -> str:
    if not encode.is_message_id(mail.message_id):
        raise Problem("header_injection", "The Message-ID is malformed.", field="message_id")
    lines = [encode.date(mail.date), encode.mailboxes("From", (mail.sender,))]
    for name, addresses in (("To", mail.to), ("Cc", mail.cc), ("Reply-To", mail.reply_to)):
        if addresses:
            lines.append(encode.mailboxes(name, addresses))
    if not mail.to and not mail.cc:
        lines.append("To: undisclosed-recipients:;\r\n")
    lines += [
        encode.unstructured("Subject", mail.subject),
        encode.message_ids("Message-ID", (mail.message_id,)),
        encode.message_ids("In-Reply-To", (mail.in_reply_to,)),
        encode.message_ids("References", mail.references),
        encode.structured("Auto-Submitted", mail.auto_submitted) if mail.auto_submitted else "",
        *_own_headers(mail),
        "MIME-Version: 1.0\r\n",
    ]
    return "".join(lines)


def _own_headers(mail: Outgoing) -> list[str]:
    lines = []
    names = {name.lower() for name, _ in mail.headers}
    ways = [f"<{one}>" for one in (mail.unsubscribe_link, mail.list_unsubscribe) if one]
    if ways and "list-unsubscribe" not in names:
        lines.append(encode.structured("List-Unsubscribe", ", ".join(ways)))
        if mail.unsubscribe_link and "list-unsubscribe-post" not in names:
            lines.append(encode.structured("List-Unsubscribe-Post", ONE_CLICK))
    for name, value in mail.headers:
        if not _HEADER_NAME.fullmatch(name):
            raise Problem("header_injection", f"{name[:80]!a} is no header name.", field="headers")
        write = encode.structured if name.lower().startswith("list-") else encode.unstructured
        lines.append(write(name, value))
    return lines


def _alternatives(mail: Outgoing) -> tuple[str, str]:
    """Plain text and HTML."""
    text, body = markdown.both(mail.body)
    text = text.rstrip("\r\n")
    if mail.footer:
        below, below_html = _footer(mail.footer)
        text, body = f"{text}\n\n-- \n{below.strip()}", f"{body}<hr>\n{below_html}"
    head = '<!DOCTYPE html>\n<html>\n<head><meta charset="utf-8"></head>\n<body>\n'
    return f"{text}\n", f"{head}{body}</body>\n</html>\n"


@lru_cache(maxsize=64)
def _footer(footer: str) -> tuple[str, str]:
    """A mailbox's footer is the same below all its mail, and nobody's but the operator's text."""
    return markdown.both(footer)


def _mark(mail: Outgoing, text: str, html: str) -> str:
    """The tail of every boundary. Their head `=_` can stand in neither quoted-printable nor base64."""
    digest = blake2b(mail.message_id.encode(), digest_size=15)
    for part in (text, html, *(attachment.filename for attachment in mail.attachments)):
        digest.update(part.encode("utf-8", "replace"))
    return digest.hexdigest()


def _multipart(subtype: str, boundary: str, parts: Iterable[bytes]) -> bytes:
    line = b"--" + boundary.encode("ascii")
    head = f'Content-Type: multipart/{subtype};\r\n boundary="{boundary}"\r\n\r\n'.encode("ascii")
    # The line break before a delimiter belongs to the delimiter (RFC 2046 5.1.1): parts keep their own last one.
    return head + b"".join(line + b"\r\n" + part + b"\r\n" for part in parts) + line + b"--\r\n"


def _attachment_part(attachment: Attachment) -> bytes:
    """A file stays what it is byte for byte: base64, except for a mail, which RFC 2046 5.2.1 forbids to encode."""
    found = _CONTENT_TYPE.fullmatch(attachment.content_type.strip())
    kind, charset = (found[1].lower(), found[2] or "") if found else (_ANY_TYPE, "")
    whole_mail = kind == "message/rfc822" and encode.is_seven_bit(attachment.content)
    if kind.startswith(("multipart/", "message/")) and not whole_mail:
        kind, charset = _ANY_TYPE, ""
    head = (
        f"Content-Type: {kind}{charset}\r\n"
        f"Content-Transfer-Encoding: {'7bit' if whole_mail else 'base64'}\r\n"
        f"Content-Disposition: attachment{encode.parameter('filename', attachment.filename)}\r\n\r\n"
    ).encode("ascii")
    return head + (attachment.content if whole_mail else encode.base64_lines(attachment.content))
