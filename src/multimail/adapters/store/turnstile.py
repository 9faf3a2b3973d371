"""Two file locks that let processes write in turn, in front of SQLite's own lock.

SQLite alone lets a busy process starve the others. Here a process waits for its turn with the first lock, and
holds the second while it writes; whoever has just written has to stand in line again. The locks are courtesy:
what is correct stays with SQLite, so a process that cannot get them in time, or has none, writes all the same.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Final

if sys.platform != "win32":
    import fcntl

_PATIENCE: Final = 10.0


class Turnstile:
    """Used by one thread, and not reentrant. The files stay: removing a lock file would split the line.

    The kernel keeps the line and wakes the next process at once, but waiting for it has no time limit. So a
    second thread does the waiting, only when there is a line; while it waits in vain, for a process that was
    stopped at the wrong moment, writing goes on without it.
    """

    def __init__(self, database: Path, patience: float = _PATIENCE) -> None:
        self._paths = (Path(f"{database}.turn"), Path(f"{database}.hold"))
        self._patience = patience
        self._files: tuple[int, int] | None = None
        self._line: SimpleQueue[Lock | None] = SimpleQueue()
        self._thread: Thread | None = None
        self._state = Lock()
        self._inside = self._waiting = self._wanted = False

    def free(self) -> bool:
        """Take the turn for the `with` that follows, unless that means to wait or there are no locks."""
        if sys.platform == "win32" or self._waiting:
            return False
        self._inside = self._inside or self._pass(fcntl.LOCK_NB)
        return self._inside

    def __enter__(self) -> bool:
        """Whether this process now has its turn."""
        if sys.platform == "win32" or self._waiting:
            return False
        return self.free() or self._wait()

    def __exit__(self, *_: object) -> None:
        with self._state:
            if self._inside:
                self._inside = False
                self._leave()

    def close(self) -> None:
        """A thread that still waits in vain is left to end with the process."""
        if self._waiting:
            return
        if self._thread is not None:
            self._line.put(None)
            self._thread.join()
            self._thread = None
        for file in self._files or ():
            os.close(file)
        self._files = None

    def _wait(self) -> bool:
        if self._thread is None:
            self._thread = Thread(target=self._stand_in_line, name="multimail-turnstile", daemon=True)
            self._thread.start()
        answered = Lock()
        answered.acquire()
        self._waiting = self._wanted = True
        self._line.put(answered)
        answered.acquire(timeout=self._patience)
        with self._state:
            self._wanted = False
            return self._inside

    def _stand_in_line(self) -> None:
        while (answered := self._line.get()) is not None:
            passed = self._pass(0)
            with self._state:
                self._waiting = False
                self._inside = passed and self._wanted
                if passed and not self._wanted:
                    self._leave()
            answered.release()

    def _pass(self, flags: int) -> bool:
        """Take the turn, then the hold, and give the turn to the next; False where that cannot be."""
        if sys.platform == "win32":
            return False
        try:
            turn, hold = self._open()
            fcntl.flock(turn, fcntl.LOCK_EX | flags)
            try:
                fcntl.flock(hold, fcntl.LOCK_EX | flags)
            finally:
                fcntl.flock(turn, fcntl.LOCK_UN)
        except OSError:
            # Somebody is before us, or this file system knows no such locks.
            return False
        return True

    def _leave(self) -> None:
        if sys.platform != "win32" and self._files is not None:
            fcntl.flock(self._files[1], fcntl.LOCK_UN)

    def _open(self) -> tuple[int, int]:
        if self._files is None:
            # Descriptors that Python opens are not inherited by programs it starts.
            turn = os.open(self._paths[0], os.O_RDWR | os.O_CREAT, 0o600)
            try:
                self._files = (turn, os.open(self._paths[1], os.O_RDWR | os.O_CREAT, 0o600))
            except OSError:
                os.close(turn)
                raise
        return self._files
