"""The store: one data file, one writer thread, a few readers, and the connection the event loop keeps.

Everything but `open` is called on the event loop. SQL stands in the nouns next door; this file knows only
transactions.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sqlite3
import sys
from collections.abc import Callable, Hashable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from multimail.adapters.store import dialect, failures
from multimail.adapters.store.backup import Copies
from multimail.adapters.store.migrate import Schema, migrate
from multimail.adapters.store.repositories import Transaction
from multimail.adapters.store.schema import PRODUCT
from multimail.adapters.store.scour import scour
from multimail.adapters.store.turnstile import Turnstile
from multimail.adapters.store.watch import Watch
from multimail.adapters.store.work import snapshot
from multimail.adapters.store.writer import Entry, Writer
from multimail.core.errors import Problem

if TYPE_CHECKING:
    from multimail.adapters.store.readers import Readers

T = TypeVar("T")

_LOG: Final = logging.getLogger(__name__)
_LATER_SECONDS: Final = 0.1
_LATER_ENTRIES: Final = 64


class Store:
    """Any number of stores, in any number of processes, may be open on one file."""

    def __init__(self, path: Path, connection: sqlite3.Connection, readers: int, *, one_caller: bool) -> None:
        self._path = path
        self._connection = connection
        self._size = readers
        self._one_caller = one_caller
        self._readers: Readers | None = None
        self._writer = Writer(partial(dialect.connect_writer, path), Turnstile(path), self._deliver)
        self._watch = Watch(self.version)
        self._posted = 0
        self._later: dict[Hashable, Callable[[Transaction], object]] = {}
        self._later_timer: asyncio.TimerHandle | None = None
        self._open = True

    @classmethod
    def open(
        cls, path: Path, *, readers: int = 3, one_caller: bool = False, schema: Schema = PRODUCT
    ) -> Store:
        """Create the file if need be, bring its schema up to date, and start nothing: no thread, no reader.

        In a process with one caller, who waits for each answer, there is nobody that work on the event loop could
        hold up: all but searches are read there, and what need not wait for its turn is written there, which saves
        the way to a thread and back.
        A folder made here is the owner's alone, and so are the files. Raises `storage_newer` for a file from
        a newer version and `storage_failed` for one that cannot be used.
        """
        try:
            _create(path)
            connection = dialect.connect(path)
        except (OSError, sqlite3.Error) as error:
            raise failures.of_group(error) from error
        try:
            migrate(connection, path, schema)
            dialect.keep_on_the_loop(connection)
        except BaseException as error:
            connection.close()
            raise failures.of_work(error) from error
        return cls(path, connection, readers, one_caller=one_caller)

    async def write(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` with the next group and return its result when that is durable.

        What `work` raises undoes `work` and is raised here. A caller that is cancelled takes nothing back:
        the work is done as a whole or fails as a whole.
        """
        return await self._submit(work)

    def post(self, work: Callable[[Transaction], object]) -> None:
        """Like `write`, without waiting. Every later `read` of this store sees it; a failure is logged."""
        self._refuse_if_closed()
        self._writer.submit(Entry(work, asyncio.get_running_loop(), kind="post"))
        self._posted += 1

    def later(self, work: Callable[[Transaction], object], key: Hashable | None = None) -> None:
        """Write within about 100 ms, and at the latest on `close`; a crash before that loses it.

        No read waits for it. Of several works with one `key` only the last is done.
        """
        self._refuse_if_closed()
        self._later[object() if key is None else key] = work
        if len(self._later) >= _LATER_ENTRIES:
            self._flush()
        elif self._later_timer is None:
            self._later_timer = asyncio.get_running_loop().call_later(_LATER_SECONDS, self._flush)

    async def read(self, work: Callable[[Transaction], T], *, search: bool = False) -> T:
        """Run `work` on a reader's thread, in one snapshot that contains whatever was posted before."""
        self._refuse_if_closed()
        if self._posted:
            await self._submit(None)
            self._refuse_if_closed()
        if self._one_caller and not search:
            return self.instant(work)
        if self._readers is None:
            # A door that only writes, or only looks up keys, never pays for this import.
            from multimail.adapters.store.readers import Readers  # noqa: PLC0415

            self._readers = Readers(self._path, self._size)
        return await self._readers.run(work, search=search)

    def instant(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` right here, in one snapshot. It blocks the loop: only look-ups by primary key."""
        self._refuse_if_closed()
        try:
            return snapshot(work, self._connection)
        except sqlite3.Error as error:
            raise failures.of_work(error) from error

    def version(self) -> int:
        """A number that is another one after every commit, by whomever; it says nothing else."""
        self._refuse_if_closed()
        number: int = self._connection.execute("PRAGMA data_version").fetchone()[0]
        return number

    async def changed(self, since: int, timeout: float) -> int:  # noqa: ASYNC109 - a result, not an error
        """Wait until `version()` is not `since`, at most `timeout` seconds; returns the version then."""
        return await self._watch.changed(since, timeout)

    def copies(self, folder: Path) -> Copies:
        """See `ports.store.Store.copies`."""
        return Copies(self._path, folder, Store.open)

    async def scour(self) -> bool:
        """See `ports.store.Store.scour`."""
        self._refuse_if_closed()
        try:
            return await asyncio.to_thread(scour, self._path)
        except (OSError, sqlite3.Error) as error:
            raise failures.of_group(error) from error

    async def close(self) -> None:
        """Write what is queued, then close everything. Calls after that are refused with `unavailable`."""
        if not self._open:
            return
        self._flush()
        self._open = False
        self._watch.close()
        if self._readers is not None:
            await self._readers.close()
        await asyncio.to_thread(self._shut)

    def _shut(self) -> None:
        self._writer.stop()
        # Last, because it keeps the file open: it is here that SQLite empties the write-ahead log.
        self._connection.close()

    async def _submit(self, work: Callable[[Transaction], T] | None) -> T:
        self._refuse_if_closed()
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        entry = Entry(work, loop, future)
        if self._one_caller and self._writer.at_once(entry):
            self._settle([entry])
        else:
            self._writer.submit(entry, always=work is None)
        return await future

    def _flush(self) -> None:
        if self._later_timer is not None:
            self._later_timer.cancel()
            self._later_timer = None
        works, self._later = self._later, {}
        loop = asyncio.get_running_loop()
        for work in works.values():
            self._writer.submit(Entry(work, loop, kind="later"), always=True)

    def _deliver(self, entries: Sequence[Entry]) -> None:
        """On the writer's thread: hand the outcome to the loops that asked, one call each."""
        for loop in {entry.loop for entry in entries}:
            mine = [entry for entry in entries if entry.loop is loop]
            try:
                loop.call_soon_threadsafe(self._settle, mine)
            except RuntimeError:
                _LOG.debug("the event loop of %d callers is closed", len(mine))

    def _settle(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            if entry.future is None:
                self._posted -= entry.kind == "post"
            if entry.future is None or entry.future.done():
                _log_unheard(entry)
            elif entry.error is not None:
                entry.future.set_exception(entry.error)
            else:
                entry.future.set_result(entry.result)
        if self._open:
            self._watch.look()

    def _refuse_if_closed(self) -> None:
        if not self._open:
            raise Problem("unavailable", "The data file is closed.")


def _log_unheard(entry: Entry) -> None:
    """An error that no caller is left to hear of."""
    if entry.error is not None:
        name = getattr(entry.work, "__qualname__", repr(entry.work))
        _LOG.error("a write failed and nobody waits for it: %s", name, exc_info=entry.error)


def _create(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        # Never opened when it exists: closing it again would drop the locks this process may have on it.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)
    else:
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make the new name in the folder as durable as the commits in the file will be."""
    if sys.platform != "win32":
        file = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(file)
        finally:
            os.close(file)
