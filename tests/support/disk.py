"""Disks that a test fills up and makes room on again, under a server that runs."""

from __future__ import annotations

import ctypes
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

_SIZE = 32 * 1024 * 1024
_LAZY = 2


class Disk(Protocol):
    """`code` and `reply` are what a server says that has no more room."""

    code: str
    reply: str

    def fill(self, pid: int) -> None: ...
    def clear(self, pid: int) -> None: ...


class SmallDisk:
    """A file system in memory: what does not fit gets ENOSPC. Mounting takes an administrator."""

    code, reply = "storage_full", "452"

    def __init__(self, folder: Path) -> None:
        self._ballast = folder / "ballast"

    def fill(self, pid: int) -> None:
        with self._ballast.open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(bytes(64 * 1024))
        with self._ballast.open("ab", buffering=0) as file, suppress(OSError):
            while True:
                file.write(bytes(512))

    def clear(self, pid: int) -> None:
        self._ballast.unlink()


class ShortFiles:
    """No file may grow beyond what it has: for whoever may not mount. SQLite calls that an I/O error."""

    code, reply = "storage_failed", "451"

    def __init__(self, folder: Path) -> None:
        self._log = folder / "data" / "multimail.db-wal"

    def fill(self, pid: int) -> None:
        size = self._log.stat().st_size
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    def clear(self, pid: int) -> None:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


@contextmanager
def small_disk(folder: Path) -> Iterator[Disk]:
    """The real thing where this user may mount it, else the next best."""
    libc = ctypes.CDLL(None, use_errno=True)
    target = os.fsencode(folder)
    if libc.mount(b"tmpfs", target, b"tmpfs", 0, f"size={_SIZE}".encode()) != 0:
        yield ShortFiles(folder)
        return
    try:
        yield SmallDisk(folder)
    finally:
        libc.umount2(target, _LAZY)


@contextmanager
def short_files(folder: Path) -> Iterator[Disk]:
    """The next best, for any user."""
    yield ShortFiles(folder)
