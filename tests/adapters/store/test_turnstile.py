"""The turnstile: one at a time, in turn, and never a reason to stop writing."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest

from multimail.adapters.store.turnstile import Turnstile

BOUND = 20.0


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """What another process does while it is between the two locks, or has been stopped there."""
    file = os.open(path, os.O_RDWR | os.O_CREAT)
    fcntl.flock(file, fcntl.LOCK_EX)
    yield
    os.close(file)


class Writer(Thread):
    """Goes through its own turnstile once, and notes when it is inside."""

    def __init__(self, database: Path, log: list[str], name: str) -> None:
        super().__init__(name=name)
        self.database = database
        self.turnstile = Turnstile(database, patience=BOUND)
        self.log = log
        self.start()

    def run(self) -> None:
        with self.turnstile as inside:
            self.log.append(self.name if inside else "outside")
        self.turnstile.close()


def in_line(writer: Writer) -> bool:
    """Whether the writer's second thread holds the turn, waiting for the hold."""
    if not vars(writer.turnstile)["_waiting"]:
        return False
    file = os.open(f"{writer.database}.turn", os.O_RDWR | os.O_CREAT)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(file)
    return False


def entered(turnstile: Turnstile) -> bool:
    """Go through once; one that was not let in gives its second thread a moment to come back."""
    with turnstile as inside:
        pass
    if not inside:
        Event().wait(0.005)
    return inside


def test_nobody_enters_while_another_is_inside(path: Path) -> None:
    path.parent.mkdir()
    log: list[str] = []
    with Turnstile(path) as inside:
        other = Writer(path, log, "other")
        while not in_line(other):
            assert other.is_alive()
        log.append("leaving")
    other.join(BOUND)

    assert inside
    assert log == ["leaving", "other"]


def test_who_has_written_stands_behind_who_waits(path: Path) -> None:
    path.parent.mkdir()
    log: list[str] = []
    mine = Turnstile(path, patience=BOUND)
    with mine:
        other = Writer(path, log, "other")
        while not in_line(other):
            assert other.is_alive()
    with mine:
        log.append("mine")
    other.join(BOUND)
    mine.close()

    assert log == ["other", "mine"]


@pytest.mark.parametrize("lock", ["turn", "hold"])
def test_one_that_never_comes_on_is_passed_by_and_the_line_recovers(path: Path, lock: str) -> None:
    path.parent.mkdir()
    mine = Turnstile(path, patience=0.01)
    with locked(Path(f"{path}.{lock}")):
        assert [entered(mine), entered(mine)] == [False, False]
    other = Turnstile(path, patience=0.01)
    assert any(entered(other) for _ in range(1000))
    assert any(entered(mine) for _ in range(1000))
    other.close()
    mine.close()


def test_without_lock_files_writing_goes_on(path: Path) -> None:
    nowhere = Turnstile(path / "missing" / "folder", patience=0.01)
    with nowhere as inside:
        assert not inside
    nowhere.close()


def test_a_program_started_while_inside_does_not_keep_the_lock(path: Path) -> None:
    path.parent.mkdir()
    with Turnstile(path):
        child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, close_fds=False)
    with Turnstile(path, patience=0.01) as inside:
        assert inside
    child.communicate(b"\n", timeout=BOUND)
