"""Backups: copies of the data file by SQLite itself, and the list of erasures beside them."""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import re
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

from multimail.adapters.store import dialect
from multimail.core.errors import Problem
from multimail.ports.erasure import Proof

if TYPE_CHECKING:
    from multimail.ports.store import Store

LIST: Final = "erasures.json"
_NAME: Final = re.compile(r"mail-\d{8}T\d{6}(?:-\d+)?Z\.db")
_PARTLY: Final = re.compile(r"\.mail-.*\.partly")
_LEFT: Final = ("", "-wal", "-shm", "-journal", ".turn", ".hold", ".migrate")
"""Endings of the files that belong to one copy."""


class Copies:
    """See `ports.store.Copies`."""

    def __init__(self, database: Path, folder: Path, open_store: Callable[[Path], Store]) -> None:
        self._database = database
        self._folder = folder
        self._open_store = open_store

    @property
    def folder(self) -> str:
        return str(self._folder)

    def names(self) -> list[str]:
        if not self._folder.is_dir():
            return []
        return sorted(one.name for one in self._folder.iterdir() if _NAME.fullmatch(one.name))

    async def make(self, name: str) -> int:
        if not _NAME.fullmatch(name):
            raise ValueError(f"no name of a backup: {name!r}")
        try:
            return await asyncio.to_thread(self._make, name)
        except OSError as error:
            raise Problem(
                "storage_failed", f"The backup cannot be written: {error.strerror or error}.", field="to"
            ) from error

    def _make(self, name: str) -> int:
        """VACUUM INTO copies one snapshot into pages of its own: nothing that was deleted is copied."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        partly = self._folder / f".{name}.partly"
        made = _held(partly)
        try:
            with closing(dialect.connect(self._database)) as connection:
                connection.execute("VACUUM INTO ?", (str(partly),))
            with closing(dialect.connect(partly)) as connection:
                # The one thing that is not copied, and that whoever opens it relies on.
                dialect.use_wal(connection)
            _sync(partly)
            partly.rename(self._folder / name)
        finally:
            _discard(partly)
            os.close(made)
        _sync(self._folder)
        return (self._folder / name).stat().st_size

    def unfinished(self) -> bool:
        there = self._folder.iterdir() if self._folder.is_dir() else ()
        begun = [one for one in there if _PARTLY.fullmatch(one.name)]
        return bool([one for one in begun if not _abandoned(one)])

    def remove(self, name: str) -> None:
        for ending in _LEFT:
            (self._folder / f"{name}{ending}").unlink(missing_ok=True)

    def opened(self, name: str) -> Store:
        if name not in self.names():
            raise Problem("not_found", f"There is no backup {name!r}.")
        return self._open_store(self._folder / name)

    def proofs(self) -> list[Proof]:
        path = self._folder / LIST
        return read_proofs(path) if path.exists() else []

    def list_proofs(self, proofs: Sequence[Proof]) -> None:
        path = self._folder / LIST
        text = json.dumps([asdict(one) for one in proofs], indent=1)
        if path.exists() and path.read_text("utf-8") == text:
            return
        fresh = self._folder / f".{LIST}.partly"
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
        _sync(self._folder)


def _held(partly: Path) -> int:
    """Make the file anew, and keep it locked for as long as it is open: so it is known that somebody is at it."""
    while True:
        _discard(partly)
        file = os.open(partly, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        fcntl.flock(file, fcntl.LOCK_EX)
        if partly.exists() and partly.stat().st_ino == os.fstat(file).st_ino:
            return file
        # Taken for a forgotten one in the moment before the lock.
        os.close(file)


def _abandoned(partly: Path) -> bool:
    """Remove what somebody began who was killed; False while somebody is at it."""
    with suppress(FileNotFoundError):
        file = os.open(partly, os.O_RDWR)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _discard(partly)
        except BlockingIOError:
            return False
        finally:
            os.close(file)
    return True


def _discard(file: Path) -> None:
    for ending in _LEFT:
        file.with_name(f"{file.name}{ending}").unlink(missing_ok=True)


def clear(database: Path) -> None:
    """Remove what `put_back` left behind when it was killed. Only for the resident of the folder."""
    _discard(_fresh(database))


def _fresh(database: Path) -> Path:
    return database.with_name(f".{database.name}.restored")


def read_proofs(path: Path) -> list[Proof]:
    """The erasures in such a list; `invalid` for a file that is none."""
    try:
        rows = json.loads(path.read_bytes())
        if not isinstance(rows, list):
            raise TypeError("no list")
        return [Proof(str(one["id"]), str(one["key"]), int(one["asked_at"])) for one in rows]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Problem("invalid", f"{path} is no list of erasures.", field="erasures") from error


def is_account(path: Path) -> bool:
    """Whether the file is a copy of an account: looked at, and in no way changed."""
    if not path.is_file():
        return False
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True)) as connection:
            return (
                connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'messages'").fetchone()
                is not None
            )
    except sqlite3.Error:
        return False


def put_back(file: Path, database: Path) -> None:
    """Let a copy of the file take the place of the data file, which nobody has open. A crash leaves the one or the
    other, whole."""
    clear(database)
    fresh = _fresh(database)
    shutil.copyfile(file, fresh)
    fresh.chmod(0o600)
    log = file.with_name(f"{file.name}-wal")
    if log.exists() and log.stat().st_size:
        # Somebody had the copy open: what was written then is still in its log.
        shutil.copyfile(log, fresh.with_name(f"{fresh.name}-wal"))
        with closing(dialect.connect(fresh)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    _sync(fresh)
    for ending in _LEFT[1:3]:
        database.with_name(f"{database.name}{ending}").unlink(missing_ok=True)
    fresh.replace(database)
    _sync(database.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
