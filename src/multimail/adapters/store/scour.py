"""Overwriting what deleted rows may have left in the data file, outside everything that SQLite still reads.

`secure_delete` overwrites a row where it stood. But balancing a tree moves rows between pages, and where they were
before they may go on standing in the unused middle of a page until something needs the room; and older versions of
pages stand in the write-ahead log until it is emptied. VACUUM would write everything anew and stop all writers for as
long. Here the log is emptied, and only unused bytes are overwritten, in the file itself: a few pages at a time, while
this thread has the write lock and the log is empty, so that the file is all there is. Those bytes mean nothing to
SQLite; a commit at the end of each piece makes every connection forget the pages it remembers.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from multimail.adapters.store import dialect

_PATIENCE: Final = 20.0
"""Seconds in all to wait for readers who still look at what the log holds."""
_WAIT_MILLISECONDS: Final = 50
"""So long readers are waited for at a time: writers wait as long."""
_PAUSE: Final = 0.02
_LAST_FRAMES: Final = 20
"""Pages that may be moved while nobody can write."""
_PIECE: Final = 200
"""Pages overwritten in one turn of the write lock."""
_AT_ONCE: Final = 256
"""Pages read at once."""
_TREES: Final = {2: 12, 5: 12, 10: 8, 13: 8}
"""Kinds of pages of trees, with the length of their head."""
_MOST_PAGES: Final = 2 << 24
"""With more, the first byte of other pages might look like a kind of tree: then nothing is touched."""
_FIRST_HEAD: Final = 100
_FIRST_FREE: Final = 32
"""Where the file says which page begins the list of free ones."""

_open: dict[tuple[int, int], int] = {}
_opening: Final = threading.Lock()


def scour(path: Path) -> bool:
    """Empty the log and overwrite what is unused; False when readers would not let go of the log in time.

    Blocks its thread, and writers for some ten milliseconds at a time.
    """
    enough = time.monotonic() + _PATIENCE
    connection = dialect.connect(path)
    try:
        connection.execute(f"PRAGMA busy_timeout = {_WAIT_MILLISECONDS}")
        if not _emptied(connection, enough):
            return False
        size = int(connection.execute("PRAGMA page_size").fetchone()[0])
        file = _file(path)
        soiled = list(_soiled(file, size))
        for start in range(0, len(soiled), _PIECE):
            if not _overwritten(connection, path, (file, size), soiled[start : start + _PIECE], enough):
                return False
            # Little at a time, and under no lock: whoever writes meanwhile waits for the same disk.
            os.fsync(file)
        return _emptied(connection, enough)
    finally:
        connection.close()


def _emptied(connection: sqlite3.Connection, enough: float) -> bool:
    """Move all of the log into the file and cut it to nothing.

    Nearly all is moved while others write; what is left for the moment in which they cannot is next to nothing.
    """
    while True:
        _, frames, moved = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        busy = True
        if frames - moved <= _LAST_FRAMES:
            with suppress(sqlite3.OperationalError):
                busy = bool(connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0])
        if not busy:
            return True
        if time.monotonic() > enough:
            return False
        time.sleep(_PAUSE)


def _overwritten(
    connection: sqlite3.Connection, path: Path, file: tuple[int, int], pages: Sequence[int], enough: float
) -> bool:
    """Overwrite the unused bytes of these pages, once nobody writes and the file is all there is."""
    log = Path(f"{path}-wal")
    while True:
        if not _emptied(connection, enough):
            return False
        try:
            connection.execute(dialect.BEGIN_WRITE)
        except sqlite3.OperationalError:
            if time.monotonic() > enough:
                return False
            time.sleep(_PAUSE)
            continue
        if not log.exists() or log.stat().st_size == 0:
            break
        # Somebody wrote in between.
        connection.execute("ROLLBACK")
    try:
        free = free_pages(*file)
        for number in pages:
            _overwrite(*file, number, free)
        # Changes nothing, but is a commit: no connection goes on with a page as it was.
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        connection.execute(f"PRAGMA user_version = {version}")
    finally:
        connection.execute("COMMIT")
    return True


def _overwrite(file: int, size: int, number: int, free: Mapping[int, int]) -> None:
    page = os.pread(file, size, (number - 1) * size)
    for start, end in _unused(page, number, free):
        if page[start:end].strip(b"\0"):
            os.pwrite(file, bytes(end - start), (number - 1) * size + start)


def _soiled(file: int, size: int) -> Iterator[int]:
    """Numbers of pages where unused bytes are not zero."""
    count = os.fstat(file).st_size // size
    if count >= _MOST_PAGES:
        return
    free = free_pages(file, size)
    for first in range(1, count + 1, _AT_ONCE):
        block = os.pread(file, size * _AT_ONCE, (first - 1) * size)
        for place in range(0, len(block) - size + 1, size):
            number = first + place // size
            page = block[place : place + size]
            if any(page[start:end].strip(b"\0") for start, end in _unused(page, number, free)):
                yield number


def free_pages(file: int, size: int) -> dict[int, int]:
    """The pages that hold nothing, each with where its unused bytes begin: behind the list of others, if it has it."""
    found: dict[int, int] = {}
    trunk = int.from_bytes(os.pread(file, 4, _FIRST_FREE), "big")
    while trunk and trunk not in found:
        page = os.pread(file, size, (trunk - 1) * size)
        count = int.from_bytes(page[4:8], "big")
        if len(page) < size or count > size // 4 - 2:
            return {}
        found[trunk] = 8 + 4 * count
        leaves = (int.from_bytes(page[at : at + 4], "big") for at in range(8, 8 + 4 * count, 4))
        found |= dict.fromkeys(leaves, 0)
        trunk = int.from_bytes(page[:4], "big")
    return found


def _unused(page: bytes, number: int, free: Mapping[int, int]) -> list[tuple[int, int]]:
    return [(free[number], len(page))] if number in free else unused(page, number)


def unused(page: bytes, number: int) -> list[tuple[int, int]]:
    """Where in the page no row and no pointer is: the middle, and what is free between rows. Empty for a page that
    is none of a tree, or is not as it should be."""
    head = _FIRST_HEAD if number == 1 else 0
    length = _TREES.get(page[head])
    if length is None:
        return []
    cells = int.from_bytes(page[head + 3 : head + 5], "big")
    content = int.from_bytes(page[head + 5 : head + 7], "big") or 65536
    start = head + length + 2 * cells
    pointers = [
        int.from_bytes(page[at : at + 2], "big") for at in range(head + length, min(start, len(page)), 2)
    ]
    if not start <= content <= len(page) or any(not content <= one < len(page) for one in pointers):
        return []
    return [(start, content), *_free_blocks(page, int.from_bytes(page[head + 1 : head + 3], "big"), content)]


def _free_blocks(page: bytes, first: int, content: int) -> list[tuple[int, int]]:
    """What is behind the four bytes by which the chain of free blocks goes on."""
    found: list[tuple[int, int]] = []
    at = first
    while at:
        following = int.from_bytes(page[at : at + 2], "big")
        size = int.from_bytes(page[at + 2 : at + 4], "big")
        if at < content or size < 4 or at + size > len(page) or (following and following < at + size):
            return []
        found.append((at + 4, at + size))
        at = following
    return found


def _file(path: Path) -> int:
    """The data file, open for as long as this process lives: closing it would drop the locks that SQLite has on it."""
    with _opening:
        found = path.stat()
        key = (found.st_dev, found.st_ino)
        if key not in _open:
            _open[key] = os.open(path, os.O_RDWR)
        return _open[key]
