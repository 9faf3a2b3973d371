"""Content-Transfer-Encoding (RFC 2045 section 6) undone leniently: damage costs as little content as possible."""

from __future__ import annotations

import binascii
import re
from typing import Final

IDENTITY: Final = frozenset({"", "7bit", "8bit", "binary", "7-bit", "8-bit"})
NOT_BASE64: Final = bytes(
    set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=")
)
SPACE: Final = b" \t\r\n\v\f"
WORDS: Final = re.compile(rb"\s*\S+[ \t]+\S")


def undone(data: bytes, encoding: str, text: bool, problems: set[str]) -> bytes:
    """The content of a part. `text` lets base64 that is plainly readable text pass as it is."""
    if not encoding:
        return data
    name = encoding.strip().lower().partition(";")[0].strip().strip("\"'")
    if name in IDENTITY:
        return data
    if name == "quoted-printable":
        return binascii.a2b_qp(data)
    if name == "base64":
        return _readable_or_base64(data, text, problems)
    problems.add("unknown_encoding")
    return data


def from_base64(data: bytes, problems: set[str]) -> bytes:
    """Decoded base64; foreign characters are skipped, a half quantum at the end is dropped."""
    stripped = data.translate(None, SPACE)
    clean = stripped.translate(None, NOT_BASE64)
    if len(clean) != len(stripped):
        problems.add("bad_base64")
    body = clean.rstrip(b"=")
    if b"=" in body:
        problems.add("bad_base64")
        return b"".join(_quanta(chunk, problems) for chunk in body.split(b"=") if chunk)
    return _quanta(body, problems)


def _quanta(body: bytes, problems: set[str]) -> bytes:
    rest = len(body) % 4
    if rest == 1:
        problems.add("bad_base64")
        body = body[:-1]
        rest = 0
    return binascii.a2b_base64(body + b"=" * (-rest % 4))


def _readable_or_base64(data: bytes, text: bool, problems: set[str]) -> bytes:
    if text and WORDS.match(data, 0, 4096):
        problems.add("bad_base64")
        return data
    return from_base64(data, problems)
