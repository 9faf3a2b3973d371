"""The readers: a few connections that cannot write, each on a thread of its own, opened when first used.

A read is one hop to a thread and back. Searches have a connection to themselves, so that a slow one never keeps
a look-up waiting.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar, cast

import aiosqlite

from multimail.adapters.store import dialect, failures
from multimail.adapters.store.repositories import Transaction
from multimail.adapters.store.work import snapshot
from multimail.core.errors import Problem

T = TypeVar("T")


class Reader(aiosqlite.Connection):
    """A connection that runs whole functions instead of single statements."""

    def __init__(self, path: Path) -> None:
        super().__init__(partial(dialect.connect_reader, path), iter_chunk_size=64)
        self._thread.daemon = True
        self.waiting = 0

    async def run(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` in one snapshot. It runs to its end even when the caller is cancelled."""
        self.waiting += 1
        try:
            return cast("T", await self._execute(self._snapshot, work))  # type: ignore[no-untyped-call]
        except sqlite3.Error as error:
            raise failures.of_work(error) from error
        finally:
            self.waiting -= 1

    def _snapshot(self, work: Callable[[Transaction], T]) -> T:
        return snapshot(work, self._conn)


class Readers:
    """`size` connections: the last one for searches, unless it is the only one."""

    def __init__(self, path: Path, size: int) -> None:
        self._path = path
        self._slots: list[Reader | None] = [None] * size
        self._opening = asyncio.Lock()
        self._closed = False

    async def run(self, work: Callable[[Transaction], T], *, search: bool) -> T:
        slot = len(self._slots) - 1 if search else self._quietest()
        # Shielded: a reader that opens for a caller who goes away belongs to the next one, and has to be closed.
        reader = self._slots[slot]
        if reader is None:
            reader = await asyncio.shield(self._open(slot))
        return await reader.run(work)

    async def close(self) -> None:
        """Finish what runs, then close for good."""
        self._closed = True
        async with self._opening:
            for slot, reader in enumerate(self._slots):
                if reader is not None:
                    self._slots[slot] = None
                    await reader.close()

    def _quietest(self) -> int:
        """The point reader with the shortest line; one that is open before one that is not."""
        points = range(max(1, len(self._slots) - 1))
        return min(points, key=lambda slot: (self._line(slot), self._slots[slot] is None))

    def _line(self, slot: int) -> int:
        reader = self._slots[slot]
        return 0 if reader is None else reader.waiting

    async def _open(self, slot: int) -> Reader:
        async with self._opening:
            if self._closed:
                raise Problem("unavailable", "The data file is closed.")
            reader = self._slots[slot]
            if reader is None:
                reader = Reader(self._path)
                try:
                    await reader
                except sqlite3.Error as error:
                    raise failures.of_work(error) from error
                self._slots[slot] = reader
            return reader
