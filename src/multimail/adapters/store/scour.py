"""Overwriting what deleted rows may have left in the data file, outside everything that SQLite still reads.

`secure_delete` overwrites a row where it stood. But balancing a tree moves rows between pages, and where they were
before they may go on standing in the unused middle of a page until something needs the room; and older versions of
pages stand in the write-ahead log until it is emptied. VACUUM would write everything anew and stop all writers for as
long. Here the log is emptied, and only unused bytes are overwritten, in the file itself: a few pages at a time.

Why nothing can be lost by it:

- It happens with the write lock and with an empty log. Then the file is all there is, for everybody: nobody else may
  write, a checkpoint has nothing to move, and a reader of an older moment would have kept the log from being emptied.
- A page is touched only when `btree` can account for each byte of it. A byte that no cell, no pointer and no free block
  has means nothing to SQLite, so whoever reads it meanwhile, maps it, or has kept the page as it was reads the same.
- Interrupted anywhere, some of these bytes are zero and others are not. The bytes beside them are written back as they
  were: that is as SQLite itself trusts disks (`SQLITE_POWERSAFE_OVERWRITE`).
- A commit ends each piece, so that no connection goes on with a page as it was and writes the leftovers back.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from multimail.adapters.store import btree, dialect
from multimail.adapters.store.btree import Shape

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
        file = _file(path)
        soiled = list(_soiled(file))
        for start in range(0, len(soiled), _PIECE):
            if not _overwritten(connection, path, file, soiled[start : start + _PIECE], enough):
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
    connection: sqlite3.Connection, path: Path, file: int, pages: Sequence[int], enough: float
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
        _overwrite(file, pages)
        # Changes nothing, but is a commit: no connection goes on with a page as it was.
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        connection.execute(f"PRAGMA user_version = {version}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return True


def _overwrite(file: int, pages: Sequence[int]) -> None:
    shape = Shape.of(file)
    if shape is None:
        return
    free = btree.free_pages(file, shape)
    for number in pages:
        at = (number - 1) * shape.size
        page = os.pread(file, shape.size, at)
        for start, end in btree.unused(page, number, shape, free):
            if page[start:end].strip(b"\0"):
                os.pwrite(file, bytes(end - start), at + start)


def _soiled(file: int) -> Iterator[int]:
    """Numbers of pages where unused bytes are not zero, seen from afar: others write meanwhile."""
    shape = Shape.of(file)
    if shape is None:
        return
    size, free = shape.size, btree.free_pages(file, shape)
    for first in range(1, os.fstat(file).st_size // size + 1, _AT_ONCE):
        block = os.pread(file, size * _AT_ONCE, (first - 1) * size)
        for place in range(0, len(block) - size + 1, size):
            number, page = first + place // size, block[place : place + size]
            spans = [(free[number], size)] if number in free else btree.gaps(page, number, shape)
            if any(page[start:end].strip(b"\0") for start, end in spans):
                yield number


def _file(path: Path) -> int:
    """The data file, open for as long as this process lives: closing it would drop the locks that SQLite has on it."""
    with _opening:
        found = path.stat()
        key = (found.st_dev, found.st_ino)
        if key not in _open:
            _open[key] = os.open(path, os.O_RDWR)
        return _open[key]
