"""What a parsed mail is: frozen values, the limits of parsing and the closed list of problem codes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from multimail.core.times import Micros

PROBLEMS: Final[dict[str, str]] = {
    "bad_address": "An entry of an address header is not a usable address and was left out.",
    "bad_base64": "Base64 was damaged; what could be decoded was kept.",
    "bad_charset": "Text did not fit the character set it named; another was used.",
    "bad_content_type": "A Content-Type could not be read as written.",
    "bad_date": "The Date header could not be understood.",
    "bad_header": "A line of the header is no header field.",
    "bad_message_id": "The Message-ID could not be understood.",
    "bidi_override": "The subject, a name or a file name contains characters that reverse the reading direction.",
    "binary_text": "A part called text is binary; it was kept as an attachment.",
    "control_characters": "A header value contained control characters; they were replaced by spaces.",
    "duplicate_header": "A header that may stand once stands several times; the first one counts.",
    "epilogue": "Text follows the end of the last part; no mail program shows it.",
    "guessed_charset": "The character set was guessed.",
    "header_injection": "An encoded header hid a line break.",
    "missing_boundary": "A multipart does not name its boundary, or the boundary never occurs.",
    "too_deep": "Parts nested deeper than the limit were kept as one opaque attachment.",
    "too_many_addresses": "An address header names more addresses than the limit; the rest was left out.",
    "too_many_headers": "The header is larger than the limit; the rest was left out.",
    "too_many_parts": "Parts beyond the limit were kept as one opaque attachment.",
    "truncated": "A text or the mail is longer than the limit; the rest was left out.",
    "unknown_charset": "A character set is not known.",
    "unknown_encoding": "A Content-Transfer-Encoding is not known; the part was kept as it came.",
    "unsafe_filename": "A file name contained a path or unprintable characters; they were removed.",
    "unterminated": "A multipart has no end; mail may have been cut off.",
}
"""Every code that `ParsedMail.problems` can hold, with its meaning."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of one mail is looked at. Sizes are in bytes before decoding, characters after it."""

    size: int = 128 * 1024 * 1024
    depth: int = 20
    parts: int = 200
    header_size: int = 128 * 1024
    header_count: int = 500
    header_value: int = 32 * 1024
    addresses: int = 1000
    references: int = 50
    text: int = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An address with its display name (RFC 5322 section 3.4); the name is decoded and never trusted."""

    address: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part that is not (only) the text of the mail.

    `position` counts attachments from 0 and is stable for the same bytes and limits. `filename` is never
    empty: a part without a name gets one from its position and type. `inline` says that the sender meant it
    to be shown within the text.
    """

    position: int
    filename: str
    content_type: str
    size: int
    sha256: str
    content_id: str
    inline: bool
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """One mail as values. Message ids are written `<...>`; an absent header is `""`, None or an empty tuple.

    `from_` holds every author; `sender` is the Sender header. `text` is what a person would read, made from
    HTML only where the sender gave no plain text; line ends are `\\n`. `html` is raw and must never be shown.
    """

    message_id: str = ""
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    subject: str = ""
    from_: tuple[Mailbox, ...] = ()
    sender: Mailbox | None = None
    reply_to: tuple[Mailbox, ...] = ()
    to: tuple[Mailbox, ...] = ()
    cc: tuple[Mailbox, ...] = ()
    bcc: tuple[Mailbox, ...] = ()
    date: Micros | None = None
    text: str = ""
    html: str = field(default="", repr=False)
    attachments: tuple[Attachment, ...] = ()
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    names: tuple[str, ...] = field(default=(), repr=False)
    """The names of `headers` in their order, in lower case."""
    content_type: str = "text/plain"
    list_id: str = ""
    list_unsubscribe: str = ""
    auto_submitted: str = ""
    precedence: str = ""
    return_path: str | None = None
    """The address of Return-Path without brackets; `""` is the null sender `<>`, None no such header."""
    problems: tuple[str, ...] = ()

    def first_of(self, content_types: frozenset[str]) -> Attachment | None:
        """The first attachment of one of these types."""
        if not self.attachments:
            return None
        return next((each for each in self.attachments if each.content_type in content_types), None)

    def header(self, name: str) -> str:
        """The decoded value of the first header field of this name, `""` when there is none."""
        lowered = name.lower()
        return self.headers[self.names.index(lowered)][1] if lowered in self.names else ""
