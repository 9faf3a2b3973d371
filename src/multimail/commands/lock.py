"""Who is the resident of a data folder: the lock is the truth, the file beside it only says where it is."""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from multimail.core.errors import Problem
from multimail.wiring.folder import write_private

LOCK: Final = "resident.lock"
FILE: Final = "resident.json"
_LOOKS_LAST: Final = 0.25
_BETWEEN_LOOKS: Final = 0.01


@dataclass(frozen=True, slots=True)
class Resident:
    """What a resident says about itself. `started_by` is `person` or `door`."""

    pid: int
    version: str
    started_by: str
    smtp_port: int
    http_port: int
    base_url: str
    transport: str


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Be the resident, or raise `already_exists`. The lock ends with the process, however it ends."""
    descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not _acquired(descriptor):
            raise Problem("already_exists", "This data folder has a resident process already.")
        # What a killed one left behind says nothing any more.
        (folder / FILE).unlink(missing_ok=True)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        try:
            yield
        finally:
            (folder / FILE).unlink(missing_ok=True)
    finally:
        os.close(descriptor)


def _acquired(descriptor: int) -> bool:
    """Whoever only looks holds the lock for a moment; that is not a resident."""
    until = time.monotonic() + _LOOKS_LAST
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                return False
            time.sleep(_BETWEEN_LOOKS)
        else:
            return True


def publish(folder: Path, resident: Resident) -> None:
    """Say where the resident is; only the holder of the lock does."""
    write_private(folder / FILE, json.dumps(asdict(resident), indent=1).encode())


def is_held(folder: Path) -> bool:
    """Whether a resident runs on the folder, wherever in its life it is."""
    try:
        descriptor = os.open(folder / LOCK, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def find(folder: Path) -> Resident | None:
    """The resident that runs and has said where it is; None while there is none, or it still starts."""
    if not is_held(folder):
        return None
    try:
        resident = Resident(**json.loads((folder / FILE).read_text("utf-8")))
        holder = int((folder / LOCK).read_text("ascii"))
    except (OSError, ValueError, TypeError):
        # Not written yet, or by another version: whoever needs more than the lock waits, or asks it to stop.
        return None
    return resident if resident.pid == holder else None


def holder(folder: Path) -> int | None:
    """The process that holds the lock."""
    try:
        return int((folder / LOCK).read_text("ascii")) if is_held(folder) else None
    except (OSError, ValueError):
        return None


def crashed(folder: Path) -> bool:
    """Whether the last resident ended without being asked to: it left its file behind."""
    return (folder / FILE).exists() and not is_held(folder)
