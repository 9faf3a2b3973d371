"""Two file locks that let processes write in turn, in front of SQLite's own lock.

SQLite alone lets a busy process starve the others. Here a process waits for its turn with the first lock, and
holds the second while it writes; whoever has just written has to stand in line again. The locks are courtesy:
what is correct stays with SQLite, so a process that cannot get one in time, or has none, writes all the same.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Final

if sys.platform != "win32":
    import fcntl

_PATIENCE: Final = 10.0
_FIRST_PAUSE: Final = 0.00005
_LONGEST_PAUSE: Final = 0.001


class Turnstile:
    """Not reentrant, and used by one thread. The files stay: removing a lock file would split the line."""

    def __init__(self, database: Path, patience: float = _PATIENCE) -> None:
        self._paths = (Path(f"{database}.turn"), Path(f"{database}.hold"))
        self._patience = patience
        self._files: tuple[int, int] | None = None

    def __enter__(self) -> None:
        if sys.platform == "win32":
            return
        turn, hold = self._open()
        deadline = time.monotonic() + self._patience
        if _lock(turn, deadline):
            _lock(hold, deadline)
            fcntl.flock(turn, fcntl.LOCK_UN)

    def __exit__(self, *_: object) -> None:
        if sys.platform != "win32" and self._files is not None:
            fcntl.flock(self._files[1], fcntl.LOCK_UN)

    def close(self) -> None:
        for file in self._files or ():
            os.close(file)
        self._files = None

    def _open(self) -> tuple[int, int]:
        if self._files is None:
            # Descriptors that Python opens are not inherited by programs it starts.
            turn = os.open(self._paths[0], os.O_RDWR | os.O_CREAT, 0o600)
            try:
                hold = os.open(self._paths[1], os.O_RDWR | os.O_CREAT, 0o600)
            except OSError:
                os.close(turn)
                raise
            self._files = (turn, hold)
        return self._files


def _lock(file: int, deadline: float) -> bool:
    if sys.platform == "win32":
        return False
    pause = _FIRST_PAUSE
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                return False
            time.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)
        except OSError:
            # A file system without these locks.
            return False
        else:
            return True
