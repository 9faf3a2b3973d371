"""The text of a raw mail with every transfer encoding undone, for looking through it rather than reading it.

What is found by this is certain to be there; structure, character sets and damage do not matter to it. Total on any
bytes.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from typing import Final

from multimail.mime import words

_BASE64: Final = re.compile(rb"(?:^[A-Za-z0-9+/]{4,}={0,2}[ \t]*(?:\r?\n|\Z))+", re.MULTILINE)
_DEEPEST: Final = 3
"""Mails in mails, each in base64."""


def texts(raw: bytes) -> Iterator[str]:
    """Everything that may be read in the mail, some of it several times over."""
    yield from _texts(raw, 0)


def _texts(raw: bytes, depth: int) -> Iterator[str]:
    yield from _read(raw)
    if b"=" in raw:
        undone = binascii.a2b_qp(raw)
        if undone != raw:
            yield from _read(undone)
    if b"=?" in raw:
        yield words.decoded(raw.decode("utf-8", "surrogateescape"), set())
    if depth < _DEEPEST:
        for found in _BASE64.finditer(raw):
            inner = _decoded(found[0])
            if inner:
                yield from _texts(inner, depth + 1)


def _read(data: bytes) -> Iterator[str]:
    """In the character sets that most mail is written in."""
    if data.isascii():
        yield data.decode("ascii")
        return
    yield data.decode("utf-8", "replace")
    yield data.decode("cp1252", "replace")
    if b"\0" in data:
        yield data.decode("utf-16", "replace")


def _decoded(block: bytes) -> bytes:
    joined = b"".join(block.split()).rstrip(b"=")
    try:
        return binascii.a2b_base64(joined[: len(joined) // 4 * 4] + _rest(joined))
    except binascii.Error:
        return b""


def _rest(joined: bytes) -> bytes:
    rest = joined[len(joined) // 4 * 4 :]
    return rest + b"=" * (-len(rest) % 4) if len(rest) > 1 else b""
