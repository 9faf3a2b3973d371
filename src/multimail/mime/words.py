"""Header values to text: RFC 2047 encoded words, raw 8-bit bytes, unfolding and control characters."""

from __future__ import annotations

import binascii
import re
from typing import Final

from multimail.mime import charset, transfer

# A payload may hold a question mark although it must not; its length is bounded to keep matching linear.
WORD: Final = re.compile(
    r"=\?([^?\s]{1,60})\?[ \t]?([bBqQ])[ \t]?\?([^?]{0,1000}+|(?:[^?]|\?(?!=)){0,1000})\?="
)
SPACES: Final = re.compile(r"[ \t\r\n]+")
CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
HARMFUL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]")
BIDI: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
PASSES: Final = 2


def decoded(value: str, problems: set[str], fallback: str = "") -> str:
    """A header value as one line of text.

    `value` is a slice of the header read with `surrogateescape`; `fallback` is the charset to try for raw
    8-bit bytes that are no UTF-8. Broken and doubly encoded words are decoded as far as they go.
    """
    if value.isascii() and "=?" not in value:
        return _one_line(value, problems)
    text = value if value.isascii() else repaired(value, fallback, problems)
    for _ in range(PASSES):
        if "=?" not in text:
            break
        before, text = text, _without_words(text, problems)
        if text is before:
            break
        if "\n" in text or "\r" in text:
            text = _marked_break(text, problems)
    if text.isprintable():
        return text.strip()
    if BIDI.search(text):
        problems.add("bidi_override")
    return _one_line(text, problems)


def repaired(value: str, fallback: str, problems: set[str]) -> str:
    """`value` with raw bytes that were no UTF-8 read in the fallback charset, else as windows-1252."""
    if value.isascii():
        return value
    try:
        value.encode()
    except UnicodeEncodeError:
        raw = value.encode("utf-8", "surrogateescape")
        if charset.codec_of(fallback) in {None, "ascii", "utf-8"}:
            problems.add("guessed_charset")
            fallback = "cp1252"
        return charset.decode(raw, fallback, problems)
    return value


def _without_words(text: str, problems: set[str]) -> str:
    """Neighbouring words of one charset are joined as bytes first: some mailers cut within a character."""
    out: list[str] = []
    pending: list[bytes] = []
    name, end = "", 0
    for found in WORD.finditer(text):
        between = text[end : found.start()]
        joined = bool(pending) and not between.strip(" \t\r\n")
        if pending and (not joined or found[1].lower() != name):
            out.append(charset.decode(b"".join(pending), name, problems))
            pending = []
        if not joined:
            out.append(between)
        name, end = found[1].lower(), found.end()
        pending.append(_payload(found[2], found[3], problems))
    if not pending:
        return text
    out.append(charset.decode(b"".join(pending), name, problems))
    out.append(text[end:])
    return "".join(out)


def _payload(encoding: str, payload: str, problems: set[str]) -> bytes:
    data = payload.encode("utf-8", "replace")
    if encoding in "bB":
        return transfer.from_base64(data, problems)
    return binascii.a2b_qp(data, header=True)


def _marked_break(text: str, problems: set[str]) -> str:
    """A line break inside an encoded word is an attack only where a header field could follow it."""
    if re.search(r"[\r\n]+[!-9;-~]+:", text):
        problems.add("header_injection")
    return text


def _one_line(text: str, problems: set[str]) -> str:
    if text.isprintable() or CONTROL.search(text) is None:
        return text.strip()
    if HARMFUL.search(text):
        problems.add("control_characters")
    return SPACES.sub(" ", CONTROL.sub(" ", text)).strip()
