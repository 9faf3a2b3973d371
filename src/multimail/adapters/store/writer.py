"""The writer: one thread with one connection, which commits whatever waits as one group.

Every work of several runs inside a savepoint of its own, so a work that fails undoes only itself. What has
entered the queue is done, whether or not somebody still waits for it: a cancelled caller tears nothing. Callers
hear of their result only after the commit.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from asyncio import AbstractEventLoop, Future
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, Final, Literal

from multimail.adapters.store import dialect, failures
from multimail.adapters.store.repositories import Transaction
from multimail.adapters.store.turnstile import Turnstile
from multimail.adapters.store.tx import Statement
from multimail.adapters.store.work import call
from multimail.core.errors import Problem
from multimail.core.failpoints import hit

_LARGEST_GROUP: Final = 256
_LONGEST_GROUP: Final = 0.05
"""Seconds after which a group commits and leaves the rest of the queue to the next: other processes wait."""
_BEGIN_SECONDS: Final = dialect.BUSY_MILLISECONDS / 1000
_BEGIN_PAUSE: Final = 0.01
_QUEUE_BOUND: Final = 5_000


@dataclass(slots=True, eq=False)
class Entry:
    """A place in the queue. Without a work it is a barrier: it is answered once all before it is settled."""

    work: Callable[[Transaction], Any] | None
    loop: AbstractEventLoop
    future: Future[Any] | None = None
    kind: Literal["write", "post", "later"] = "write"
    result: Any = None
    error: BaseException | None = None


class Writer:
    """`settle` is called on the writer's thread with the entries of a group that is over, in their order."""

    def __init__(
        self,
        connect: Callable[[], sqlite3.Connection],
        turnstile: Turnstile,
        settle: Callable[[Sequence[Entry]], None],
    ) -> None:
        self._connect = connect
        self._turnstile = turnstile
        self._settle = settle
        self._queue: SimpleQueue[Entry | None] = SimpleQueue()
        self._backlog: deque[Entry] = deque()
        self._connection: sqlite3.Connection | None = None
        self._last: list[Statement] = []
        self._thread: threading.Thread | None = None
        # Each is counted by one thread alone: while they are equal the writer's thread touches nothing.
        self._submitted = self._written = 0

    def submit(self, entry: Entry, *, always: bool = False) -> None:
        """Queue an entry; the thread starts with the first. A queue that is full refuses with `busy`."""
        if not always and self._queue.qsize() >= _QUEUE_BOUND:
            raise Problem("busy", "Too many changes are waiting to be written.")
        self._submitted += 1
        self._queue.put(entry)
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="multimail-writer", daemon=True)
            self._thread.start()

    def at_once(self, entry: Entry) -> bool:
        """Run and commit an entry on the thread of the caller, which spares it the way to another thread and back.

        False, and nothing is done, where it would have to wait: for what is queued, or for another process.
        """
        if self._submitted != self._written or not self._turnstile.free():
            return False
        self._write([entry])
        return True

    def stop(self) -> None:
        """End the thread after everything queued, and wait for that."""
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join()
            self._thread = None
        self._drop_connection()
        self._turnstile.close()

    def _run(self) -> None:
        while self._fill():
            size = min(len(self._backlog), _LARGEST_GROUP)
            group = [self._backlog.popleft() for _ in range(size)]
            ran = self._write(group)
            self._backlog.extendleft(reversed(group[ran:]))
            self._written += ran
            self._settle(group[:ran])

    def _fill(self) -> bool:
        """Move a group's worth from the queue to the backlog, waiting only while both are empty; False at the end.

        The rest stays queued, where its number is what `submit` looks at.
        """
        try:
            while len(self._backlog) < _LARGEST_GROUP:
                entry = self._queue.get(block=not self._backlog)
                if entry is None:
                    # Nothing is queued after it; it comes round again when the backlog is done.
                    if not self._backlog:
                        return False
                    self._queue.put(None)
                    break
                self._backlog.append(entry)
        except Empty:
            pass
        return True

    def _write(self, group: Sequence[Entry]) -> int:
        """Run and commit the first entries of a group; the number of entries that now have their outcome."""
        if not any(entry.work for entry in group):
            return len(group)
        ran = len(group)
        hit("store.before_begin")
        try:
            with self._turnstile:
                connection = self._begin()
                ran = self._run_works(connection, group)
                for sql, params in self._last:
                    connection.execute(sql, params)
                if connection.in_transaction:
                    hit("store.before_commit")
                    connection.execute("COMMIT")
                    hit("store.after_commit")
        except BaseException as error:  # noqa: BLE001 - every caller hears of it, and the thread lives on
            self._drop_connection()
            for entry in group[:ran]:
                entry.result, entry.error = None, failures.of_group(error)
        hit("store.before_answer")
        return ran

    def _begin(self) -> sqlite3.Connection:
        """Get the write lock. SQLite waits for it by itself, but in a few states of the file, such as the
        recovery after a crash, it gives up at once; so the time that counts is ours."""
        if self._connection is None:
            self._connection = self._connect()
        enough = time.monotonic() + _BEGIN_SECONDS
        while True:
            try:
                self._connection.execute(dialect.BEGIN_WRITE)
            except sqlite3.OperationalError as error:
                if not failures.is_busy(error) or time.monotonic() >= enough:
                    raise
                time.sleep(_BEGIN_PAUSE)
            else:
                return self._connection

    def _run_works(self, connection: sqlite3.Connection, group: Sequence[Entry]) -> int:
        self._last = []
        enough = time.monotonic() + _LONGEST_GROUP
        for number, entry in enumerate(group, start=1):
            if entry.work is not None:
                self._attempt(connection, entry, entry.work, alone=len(group) == 1)
                hit("store.after_work")
                if time.monotonic() > enough:
                    return number
        return len(group)

    def _attempt(
        self, connection: sqlite3.Connection, entry: Entry, work: Callable[[Transaction], Any], *, alone: bool
    ) -> None:
        """A work that is alone needs no savepoint, for which SQLite would copy every page that the work changes."""
        if not alone:
            connection.execute("SAVEPOINT work")
        last: list[Statement] = []
        try:
            entry.result = call(work, connection, last)
            if alone and not connection.in_transaction:
                raise RuntimeError("a work has ended the transaction that it is in")
        except BaseException as error:
            if not connection.in_transaction:
                # SQLite has undone the whole group, as it may when the disk is full.
                raise
            connection.execute("ROLLBACK" if alone else "ROLLBACK TO work")
            entry.error = failures.of_work(error)
        else:
            self._last += last
        if not alone:
            connection.execute("RELEASE work")

    def _drop_connection(self) -> None:
        """Closing undoes what is not committed; after a failure a fresh connection is the safe one."""
        if self._connection is not None:
            connection, self._connection = self._connection, None
            connection.close()
