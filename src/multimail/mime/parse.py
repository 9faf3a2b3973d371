"""`parse`: raw bytes to a `ParsedMail`. Total: every input gives a value, in bounded time and memory."""

from __future__ import annotations

from typing import Final

from multimail.mime import body, headers, mailboxes, structure, words
from multimail.mime.body import Content
from multimail.mime.headers import Fields
from multimail.mime.model import Attachment, Limits, Mailbox, ParsedMail
from multimail.mime.structure import Part

DEFAULT: Final = Limits()
ONCE: Final = frozenset({"from", "sender", "subject", "date", "message-id", "content-type"})


class Header:
    """The fields of one mail by lower-case name, decoded when asked for."""

    def __init__(self, fields: Fields, charset: str, limits: Limits, problems: set[str]) -> None:
        self._charset, self._limits, self._problems = charset, limits, problems
        self._decoded: dict[str, str] = {}
        self._values: dict[str, list[str]] = {}
        self.names = tuple([name.lower() for name, _ in fields])
        for name, (_, value) in zip(self.names, fields, strict=True):
            if name in self._values:
                self._values[name].append(value)
                if name in ONCE:
                    problems.add("duplicate_header")
            else:
                self._values[name] = [value]

    def raw(self, name: str) -> str:
        """The first field of this name as it came, bounded in length."""
        values = self._values.get(name)
        return values[0][: self._limits.header_value] if values else ""

    def text(self, name: str) -> str:
        """The first field of this name, decoded."""
        value = self.raw(name)
        return self.decoded(value) if value else ""

    def decoded(self, value: str) -> str:
        """A value as text, read once however often it is asked for. Most need no decoding at all."""
        if value.isascii() and "=?" not in value and value.isprintable():
            return value.strip()
        text = self._decoded.get(value)
        if text is None:
            text = self._decoded[value] = words.decoded(value, self._problems, self._charset)
        return text

    def mailboxes(self, name: str) -> tuple[Mailbox, ...]:
        """The addresses of all fields of this name (of the first, where only one may stand)."""
        values = self._values.get(name)
        if not values:
            return ()
        joined = values[0] if name in ONCE or len(values) == 1 else ", ".join(values)
        if len(joined) > self._limits.header_value:
            self._problems.add("truncated")
            joined = joined[: self._limits.header_value].rpartition(",")[0]
        return mailboxes.read(joined, self._problems, self._limits.addresses, self._charset)

    def ids(self, name: str) -> tuple[str, ...]:
        """The message ids of all fields of this name."""
        values = self._values.get(name)
        return headers.message_ids(" ".join(values), self._limits.references) if values else ()


def parse(raw: bytes, limits: Limits = DEFAULT) -> ParsedMail:
    """The mail in `raw`; what was wrong with it is in `problems`, never an exception."""
    problems: set[str] = set()
    fields, root, content, segments = read(raw, limits, problems)
    charset = charset_of(root)
    header = Header(fields, charset, limits, problems)
    attachments = tuple(body.attachment(content, position) for position in range(len(content.files)))
    text = body.text_of(segments, problems)
    sender = header.mailboxes("sender")
    longest = limits.header_value
    if root.start > longest and any(len(value) > longest for _, value in fields):
        problems.add("truncated")
    listed = tuple([(name, header.decoded(value[:longest])) for name, value in fields])
    return ParsedMail(
        message_id=_own_id(header, problems),
        in_reply_to=header.ids("in-reply-to"),
        references=header.ids("references"),
        subject=header.text("subject"),
        from_=header.mailboxes("from"),
        sender=sender[0] if sender else None,
        reply_to=header.mailboxes("reply-to"),
        to=header.mailboxes("to"),
        cc=header.mailboxes("cc"),
        bcc=header.mailboxes("bcc"),
        date=_date(header, problems),
        text=text,
        html="\n".join(content.html),
        attachments=attachments,
        headers=listed,
        names=header.names,
        content_type=root.content_type,
        list_id=header.text("list-id"),
        list_unsubscribe=header.text("list-unsubscribe"),
        auto_submitted=header.text("auto-submitted").lower(),
        precedence=header.text("precedence").lower(),
        return_path=_return_path(header),
        problems=tuple(sorted(problems)),
    )


def attachment(raw: bytes, position: int, limits: Limits = DEFAULT) -> Attachment | None:
    """The attachment that `parse` gives this position; the others are not decoded."""
    content = read(raw, limits, set())[2]
    if not 0 <= position < len(content.files):
        return None
    return body.attachment(content, position)


def read(raw: bytes, limits: Limits, problems: set[str]) -> tuple[Fields, Part, Content, list[body.Segment]]:
    """The fields of the header, the tree of parts, what it holds, and the text; nothing is put together yet."""
    if len(raw) > limits.size:
        raw = raw[: limits.size]
        problems.add("truncated")
    if b"\r" in raw and b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    fields, root = structure.build(raw, limits, problems)
    content = Content(raw, limits.text, problems)
    return fields, root, content, body.walk(content, root)


def charset_of(part: Part) -> str:
    """The first character set any part declares: the likely one of raw 8-bit headers."""
    return part.charset or next((name for name in map(charset_of, part.children) if name), "")


def _own_id(header: Header, problems: set[str]) -> str:
    value = header.raw("message-id")
    ids = headers.message_ids(value, 1)
    if value and not ids:
        problems.add("bad_message_id")
    return ids[0] if ids else ""


def _date(header: Header, problems: set[str]) -> int | None:
    value = header.raw("date")
    moment = headers.date(value) if value else None
    if value and moment is None:
        problems.add("bad_date")
    return moment


def _return_path(header: Header) -> str | None:
    if not header.raw("return-path"):
        return None
    found = header.mailboxes("return-path")
    return found[0].address if found else ""
