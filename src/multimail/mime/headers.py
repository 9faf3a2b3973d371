"""The header block: finding its end in damaged mail, its fields, message ids and dates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.utils import mktime_tz, parsedate_tz
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from multimail.core.times import Micros
    from multimail.mime.model import Limits

BLANK: Final = re.compile(rb"\n\r?\n")
FIELDS: Final = re.compile(r"^([!-9;-~]+)[ \t]*:(.*)", re.MULTILINE)
FOLD: Final = re.compile(r"\n[ \t]")
RAW_FIELD: Final = re.compile(rb"[!-9;-~]+[ \t]*:")
ENVELOPE: Final = re.compile(rb">?From [^\r\n]*\r?\n")
BRACKETED: Final = re.compile(r"<([^<>]{1,1100})>")
BARE_ID: Final = re.compile(r"[^\s<>,;\"']+@[^\s<>,;\"']+")
LONGEST_ID: Final = 998
LATEST: Final = 253402300799

Fields = list[tuple[str, str]]


def split(raw: bytes, start: int, end: int, limits: Limits, problems: set[str]) -> tuple[Fields, int]:
    """The fields of the header at `start` and where the body begins.

    Values are unfolded and otherwise as they came; bytes that are no UTF-8 are surrogates. A header without
    the empty line after it ends at the first line that can be no field.
    """
    if raw.startswith((b"\n", b"\r\n"), start, end):
        return [], start + (2 if raw[start] == 13 else 1)
    blank = BLANK.search(raw, start, end)
    stop, body = (blank.start() + 1, blank.end()) if blank else (end, end)
    if stop - start <= limits.header_size:
        fields = _fields(_text(raw[start:stop]))
        if fields is not None and len(fields) <= limits.header_count:
            return fields, body
    return _slowly(raw, start, end, limits, problems)


def _text(block: bytes) -> str:
    text = block.decode("utf-8", "surrogateescape")
    return FOLD.sub(" ", "\n".join(text.split("\r\n")))


def _fields(text: str) -> Fields | None:
    """All fields of an unfolded block, or None when a line of it is no field."""
    found = FIELDS.findall(text)
    lines = text.count("\n") + (not text.endswith("\n"))
    if len(found) < lines and len(found) < sum(map(bool, text.split("\n"))):
        return None
    return [(name, value.strip(" \t\r")) for name, value in found]


def _slowly(raw: bytes, start: int, end: int, limits: Limits, problems: set[str]) -> tuple[Fields, int]:
    """Line by line: finds where a damaged header ends, and keeps a huge one within the limits."""
    kept: list[bytes] = []
    room, fields, at = limits.header_size, 0, start
    for line, after in _lines(raw, start, end):
        if not line.strip(b"\r\n"):
            at = after
            break
        kind = _kind(line, kept)
        if kind in {"body", "stray"}:
            problems.add("bad_header")
        if kind == "body":
            break
        at = after
        fields += kind == "field"
        if len(line) > room or fields > limits.header_count:
            problems.add("too_many_headers")
        if room > 0 and fields <= limits.header_count and kind != "envelope":
            kept.append(_mended(line[:room], kind, bool(kept)))
        room -= len(line)
    return _fields(_text(b"".join(kept))) or [], at


def _mended(line: bytes, kind: str, follows: bool) -> bytes:
    """A stray line as what it was meant to be: the rest of the field before it, or a first field."""
    if kind != "stray":
        return line
    return b" " + line if follows else line.lstrip()


def _kind(line: bytes, kept: list[bytes]) -> str:
    """What a line within a header is. A parameter that lost its indentation continues the field before it."""
    if line[:1] in b" \t":
        if kept:
            return "fold"
        return "stray" if RAW_FIELD.match(line.lstrip()) else "body"
    if RAW_FIELD.match(line):
        return "field"
    if not kept and ENVELOPE.match(line):
        return "envelope"
    if kept and kept[-1].rstrip().endswith(b";") and b"=" in line:
        return "stray"
    return "body"


def _lines(raw: bytes, start: int, end: int) -> Iterator[tuple[bytes, int]]:
    while start < end:
        after = raw.find(b"\n", start, end) + 1 or end
        yield raw[start:after], after
        start = after


def message_ids(value: str, most: int) -> tuple[str, ...]:
    """Message ids in order, each as `<...>` without inner blanks, no two alike.

    Of more than `most`, the first (the thread's root) and the last ones are kept.
    """
    found = ["".join(inner.split()) for inner in BRACKETED.findall(value)] or BARE_ID.findall(value)
    ids = tuple(dict.fromkeys([f"<{inner}>" for inner in found if inner and len(inner) <= LONGEST_ID]))
    if len(ids) > most:
        return ids[:1] + ids[len(ids) - most + 1 :]
    return ids


def date(value: str) -> Micros | None:
    """The time a Date header names; without a zone it is taken as UTC."""
    try:
        parts = parsedate_tz(value[:200])
        if parts is None:
            return None
        seconds = mktime_tz(parts)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if not 0 <= seconds <= LATEST:
        return None
    return int(seconds) * 1_000_000
