"""The text of a raw mail with every transfer encoding undone, for looking through it rather than reading it.

What is found by this is certain to be there; structure, character sets and damage do not matter to it. Total on any
bytes.
"""

from __future__ import annotations

import binascii
import html
import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from multimail.mime import words

_BASE64: Final = re.compile(rb"(?:^[A-Za-z0-9+/]{4,}={0,2}[ \t]*(?:\r?\n|\Z))+", re.MULTILINE)
_DEEPEST: Final = 3
"""Mails in mails, each in base64, and archives in them."""
_ZIP: Final = b"PK\x03\x04"
_FILE: Final = re.compile(rb"PK\x03\x04.{4}\x08\0.{20}", re.DOTALL)
"""The head of a compressed file in a ZIP archive, up to its name; last in it are the lengths of what follows."""
_GZIP: Final = b"\x1f\x8b\x08"
_STREAM: Final = re.compile(rb"stream\r?\n(?=[\x08\x18\x28\x38\x48\x58\x68\x78])")
_LONGEST: Final = 32 << 20
"""Bytes that are unpacked of one archive; what would come after them is not looked at."""
_MARKED: Final = re.compile(r"</|<[bB][rR]|&[#a-zA-Z]")
_TAG: Final = re.compile(r"<[^<>]{0,2000}>")


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
        for inner in _packed(raw):
            yield from _texts(inner, depth + 1)
        for found in _BASE64.finditer(raw):
            inner = _decoded(found[0])
            if inner:
                yield from _texts(inner, depth + 1)


def _packed(data: bytes) -> Iterator[bytes]:
    """What is in a ZIP archive (as documents of word processors are), a gzip file or the streams of a PDF."""
    if _ZIP in data:
        yield from _zipped(data)
    if data.startswith(_GZIP):
        yield _inflated(data, 31)
    if data.startswith(b"%PDF"):
        yield from (_inflated(data[found.end() :], 15) for found in _STREAM.finditer(data))


def _zipped(data: bytes) -> Iterator[bytes]:
    """Each file by its own head, so that a damaged archive is read as far as it goes. What is not compressed in it is
    read where it stands."""
    left = _LONGEST
    for found in _FILE.finditer(data):
        names = int.from_bytes(data[found.end() - 4 : found.end() - 2], "little")
        more = int.from_bytes(data[found.end() - 2 : found.end()], "little")
        inner = _inflated(data[found.end() + names + more :], -15, left)
        left -= len(inner)
        yield inner
        if left <= 0:
            return


def _inflated(data: bytes, window: int, most: int = 0) -> bytes:
    with suppress(zlib.error):
        return zlib.decompressobj(window).decompress(data, most or _LONGEST)
    return b""


def _read(data: bytes) -> Iterator[str]:
    """As it stands, and as it is shown where it is HTML."""
    for text in _decodings(data):
        yield text
        if b"\0" not in data and _MARKED.search(text):
            yield from (html.unescape(_TAG.sub(between, text)) for between in ("", " "))


def _decodings(data: bytes) -> Iterator[str]:
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
