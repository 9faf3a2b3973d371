"""Whatever is left of a person in a data folder: every file as bytes, every value of every row, every word of a search
index, every page of the data file and its log, everything that is compressed or encoded, decoded.

It shares no code with what it checks: it reads the files itself and knows SQLite's and FTS5's formats.
"""

from __future__ import annotations

import base64
import binascii
import email
import email.policy
import json
import quopri
import re
import shutil
import sqlite3
import struct
import tempfile
import zlib
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

_HEADER: Final = 100
_WAL_HEADER: Final = 32
_FRAME_HEADER: Final = 24
_MOST: Final = 1 << 20
_ZLIB: Final = re.compile(rb"[\x08\x18\x28\x38\x48\x58\x68\x78]", re.DOTALL)
_BASE64: Final = re.compile(rb"[A-Za-z0-9+/]{16,}(?:\r?\n[A-Za-z0-9+/]+)*={0,2}")


@dataclass(frozen=True)
class Person:
    """What is looked for. Nobody else in the data uses `words`: in a search index they are the person."""

    texts: tuple[str, ...]
    words: tuple[str, ...]

    def needles(self) -> list[bytes]:
        """Every way in which a text can stand in bytes, in lower case; base64 is decoded before."""
        found: set[bytes] = set()
        for text in self.texts:
            lowered = text.lower()
            for form in (lowered, json.dumps(lowered)[1:-1], _unpunycoded(lowered)):
                found |= {
                    form.encode(name, "ignore") for name in ("utf-8", "latin-1", "utf-16-le", "utf-16-be")
                }
            found.add(quopri.encodestring(lowered.encode(), quotetabs=False).lower())
            found.add(lowered.replace("@", "%40").encode())
            found.add(lowered.replace("@", "=40").encode())
            digits = re.sub(r"\D", "", text)
            if len(digits) > 6:
                found.add(digits.encode())
        return sorted(one for one in found if len(one) > 4)


def _unpunycoded(address: str) -> str:
    local, at, domain = address.rpartition("@")
    try:
        return local + at + domain.encode("ascii").decode("idna") if at else address
    except UnicodeError:
        return address


def find(folder: Path, person: Person) -> dict[str, list[str]]:
    """Where the person is: kinds of places, each with the very places. Empty when there is nothing."""
    found: dict[str, list[str]] = defaultdict(list)
    needles = person.needles()
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        name = str(path.relative_to(folder))
        data = path.read_bytes()
        if data[:15] == b"SQLite format 3":
            _database(path, name, needles, person, found)
        elif name.endswith("-wal"):
            _log(data, name, needles, found)
        elif _holds(data, needles):
            found["file"].append(name)
    return dict(found)


def _database(
    path: Path, name: str, needles: list[bytes], person: Person, found: dict[str, list[str]]
) -> None:
    _pages(path.read_bytes(), name, needles, found)
    with tempfile.TemporaryDirectory() as apart:
        copy = Path(apart) / "copy.db"
        shutil.copy(path, copy)
        log = path.with_name(f"{path.name}-wal")
        if log.exists():
            shutil.copy(log, f"{copy}-wal")
        with closing(sqlite3.connect(copy)) as connection:
            for table, column, value in _values(connection):
                if _holds(_bytes(value), needles):
                    found["row"].append(f"{name}: {table}.{column}")
            for place, words in _segments(connection):
                if any(text.lower() in words for text in person.words):
                    found["search"].append(f"{name}: {place}")
            for place, threes in _letters(connection):
                if any(_threes(text.lower()) <= threes for text in person.words):
                    found["search"].append(f"{name}: {place}")


def _values(connection: sqlite3.Connection) -> Iterator[tuple[str, str, Any]]:
    tables = [
        row[0]
        for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0")
    ]
    for table in tables:
        cursor = connection.execute(f'SELECT * FROM "{table}"')
        names = [one[0] for one in cursor.description]
        for row in cursor:
            yield from ((table, name, value) for name, value in zip(names, row, strict=True))


def _bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


def _segments(connection: sqlite3.Connection) -> Iterator[tuple[str, set[str]]]:
    """The words of each page of each full-text index, and those by which its pages are found."""
    names = connection.execute("SELECT name FROM sqlite_schema WHERE sql LIKE '%using fts5%'").fetchall()
    for (name,) in names:
        for rowid, block in connection.execute(f"SELECT id, block FROM {name}_data WHERE id > 10"):
            yield f"{name}_data {rowid}", _words(block)
        words = {
            bytes(row[0])[1:].decode(errors="replace")
            for row in connection.execute(f"SELECT term FROM {name}_idx")
        }
        yield f"{name}_idx", words


def _letters(connection: sqlite3.Connection) -> Iterator[tuple[str, set[str]]]:
    """What each index of three letters at a time has, all its pages together: nobody's name is in one of them alone."""
    names = connection.execute(
        "SELECT name FROM sqlite_schema WHERE sql LIKE '%using fts5%trigram%'"
    ).fetchall()
    for (name,) in names:
        blocks = connection.execute(f"SELECT block FROM {name}_data WHERE id > 10")
        yield f"{name}_data", set().union(*(_words(row[0]) for row in blocks))


def _threes(word: str) -> set[str]:
    return {word[at : at + 3] for at in range(len(word) - 2)}


def _words(leaf: bytes) -> set[str]:
    """The terms of a leaf of FTS5: each says how much it has in common with the one before."""
    if len(leaf) < 4:
        return set()
    _, size = struct.unpack(">HH", leaf[:4])
    found, at, place, term = set[str](), size, 0, b""
    first = True
    while at < len(leaf):
        step, at = _varint(leaf, at)
        place += step
        kept, start = (0, place) if first else _varint(leaf, place)
        fresh, start = _varint(leaf, start)
        term = term[:kept] + leaf[start : start + fresh]
        found.add(term[1:].decode(errors="replace"))
        first = False
    return found


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for count in range(9):
        if at >= len(data):
            return value, at
        byte = data[at]
        at += 1
        if count == 8:
            return value << 8 | byte, at
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at
    return value, at


def _pages(data: bytes, name: str, needles: list[bytes], found: dict[str, list[str]]) -> None:
    size = struct.unpack(">H", data[16:18])[0]
    size = 65536 if size == 1 else size
    free = _free(data, size)
    for number in range(1, len(data) // size + 1):
        page = data[(number - 1) * size : number * size]
        if not _holds(page, needles):
            continue
        kind = "free page" if number in free else "page" if _holds(_used(page, number), needles) else "slack"
        found[kind].append(f"{name}: page {number}")


def _free(data: bytes, size: int) -> set[int]:
    found, trunk = set[int](), struct.unpack(">I", data[32:36])[0]
    while trunk:
        found.add(trunk)
        page = data[(trunk - 1) * size : trunk * size]
        trunk, count = struct.unpack(">II", page[:8])
        found |= set(struct.unpack(f">{count}I", page[8 : 8 + 4 * count]))
    return found


def _used(page: bytes, number: int) -> bytes:
    """A page of a tree without the gap in its middle; others whole."""
    head = _HEADER if number == 1 else 0
    if page[head] not in {2, 5, 10, 13}:
        return page
    cells, content = struct.unpack(">HH", page[head + 3 : head + 7])
    start = head + (12 if page[head] in {2, 5} else 8) + 2 * cells
    return page[:start] + page[content or len(page) :]


def _log(data: bytes, name: str, needles: list[bytes], found: dict[str, list[str]]) -> None:
    if len(data) < _WAL_HEADER:
        return
    size = struct.unpack(">I", data[8:12])[0]
    for number, at in enumerate(range(_WAL_HEADER, len(data), _FRAME_HEADER + size)):
        if _holds(data[at + _FRAME_HEADER : at + _FRAME_HEADER + size], needles):
            found["log"].append(f"{name}: frame {number}")


def _holds(data: bytes, needles: list[bytes], depth: int = 0) -> bool:
    """Whether anything of it is there, or in what is compressed or encoded there."""
    if any(one in form for form in _forms(data) for one in needles):
        return True
    return depth < 3 and any(_holds(inner, needles, depth + 1) for inner in _inside(data))


def _forms(data: bytes) -> Iterator[bytes]:
    lowered = data.lower()
    yield lowered
    if b"=" in data:
        yield binascii.a2b_qp(data).lower()
        yield re.sub(rb"=\r?\n", b"", lowered)
    if b"=?" in data:
        text = data.decode("latin-1")
        for found in re.finditer(r"(?:=\?[^?\s]+\?[bBqQ]\?[^?\s]*\?=\s*)+", text):
            yield _header(found[0]).lower().encode()
    if b"+" in data or b"(" in data or b" " in data:
        yield re.sub(rb"(?<=\d)[ ().\-/]+(?=\d)", b"", lowered)
    yield re.sub(rb"\s+", b" ", lowered)


def _header(text: str) -> str:
    try:
        return str(email.policy.default.header_factory("subject", text))
    except (LookupError, ValueError):
        return ""


def _inside(data: bytes) -> Iterator[bytes]:
    """What is compressed, wherever it begins, as far as it can be read; and what is in base64."""
    for found in _ZLIB.finditer(data):
        at = found.start()
        pair = data[at : at + 2]
        if len(pair) < 2 or (pair[0] << 8 | pair[1]) % 31 or pair[1] & 0x20:
            continue
        inner = _inflated(data[at:])
        if len(inner) > 8:
            yield inner
    for block in _BASE64.finditer(data):
        joined = b"".join(block[0].split()).rstrip(b"=")
        for start in range(4):
            cut = joined[start : start + (len(joined) - start) // 4 * 4]
            yield base64.b64decode(cut)
            if start == 0:
                rest = joined[len(cut) :]
                yield base64.b64decode(cut + rest + b"=" * (-len(rest) % 4)) if len(rest) > 1 else b""


def _inflated(data: bytes) -> bytes:
    """As much as can be had of what may be cut off."""
    unpacker, out = zlib.decompressobj(), b""
    for start in range(0, min(len(data), _MOST), 64):
        try:
            out += unpacker.decompress(data[start : start + 64])
        except zlib.error:
            break
        if unpacker.eof:
            break
    return out
