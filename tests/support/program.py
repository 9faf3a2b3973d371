"""The program as people run it: in processes of its own, on folders of its own, on a terminal where that matters."""

from __future__ import annotations

import atexit
import os
import pty
import select
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from multimail.commands import lock
from tests.support.warm import start

PROJECT = Path(__file__).resolve().parents[2]
COMMAND = ("-m", "multimail")
LIMIT_S = 60.0


def environment(data: Path, **more: str) -> dict[str, str]:
    """What a process of ours needs, and nothing of the person's who runs the tests."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    own = {
        "HOME": str(data.parent),
        "MULTIMAIL_DATA": str(data),
        "MULTIMAIL_HTTP_PORT": "0",
        "MULTIMAIL_SMTP_PORT": "0",
    }
    return {**kept, **own, "MULTIMAIL_START_RESIDENT": "no", "PYTHONWARNINGS": "error", **more}


def run(
    data: Path, *arguments: str, typed: str = "", cold: bool = False, **more: str
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, its output in pipes. A cold one imports the program itself, as a person's does."""
    pipe = subprocess.PIPE
    with start(
        [*COMMAND, *arguments], cold=cold, cwd=data.parent, env=environment(data, **more), text=True,
        stdin=pipe, stdout=pipe, stderr=pipe,
    ) as process:  # fmt: skip
        try:
            out, errors = process.communicate(typed, timeout=LIMIT_S)
        except BaseException:
            process.kill()
            raise
    return subprocess.CompletedProcess(arguments, process.returncode, out, errors)


@contextmanager
def serving(
    data: Path, *arguments: str, limit_s: float = LIMIT_S, cold: bool = False, **more: str
) -> Iterator[Serving]:
    """`multimail serve` until the block ends; it is killed at the latest after `limit_s`."""
    process = start(
        [*COMMAND, *(arguments or ("serve",))], cold=cold, cwd=data.parent, env=environment(data, **more),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True, start_new_session=True,
    )  # fmt: skip
    limit = threading.Timer(limit_s, process.kill)
    limit.start()
    with process:
        try:
            yield Serving(process)
        finally:
            process.kill()
            limit.cancel()


@dataclass
class Serving:
    """A server in a process of its own, and what it said so far."""

    process: subprocess.Popen[str]
    said: str = ""

    def until(self, words: str) -> str:
        """All it said up to the line with these words; the words never come when it ended."""
        assert self.process.stdout is not None
        while words not in self.said:
            line = self.process.stdout.readline()
            if not line:
                assert self.process.stderr is not None
                raise AssertionError(f"{words!r} never came:\n{self.said}{self.process.stderr.read()}")
            self.said += line
        return self.said

    def stop(self, how: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        """Its exit code, and what it complained about."""
        self.process.send_signal(how)
        _, complaints = self.process.communicate(timeout=LIMIT_S)
        return self.process.returncode, complaints


@dataclass
class Terminal:
    """A process whose input and output are a terminal that the test reads and types on."""

    process: subprocess.Popen[bytes]
    end: int
    shown: str = ""
    looked_at: int = 0

    def until(self, words: str) -> str:
        """All that was shown, once these words came after those that were waited for before."""
        limit = time.monotonic() + LIMIT_S
        while (found := self.shown.find(words, self.looked_at)) < 0:
            if not self._read(limit):
                raise AssertionError(f"{words!r} never came:\n{self.shown}")
        self.looked_at = found + len(words)
        return self.shown

    def type(self, line: str) -> None:
        os.write(self.end, f"{line}\n".encode())

    def finish(self) -> int:
        """Read to the end; the exit code."""
        limit = time.monotonic() + LIMIT_S
        while self._read(limit):
            pass
        return self.process.wait(timeout=LIMIT_S)

    def _read(self, limit: float) -> bool:
        ready, _, _ = select.select([self.end], [], [], max(limit - time.monotonic(), 0))
        assert ready, f"nothing more was shown in time:\n{self.shown}"
        try:
            piece = os.read(self.end, 65_536)
        except OSError:
            # Linux says EIO when nobody holds the other end any more.
            return False
        self.shown += piece.decode("utf-8", "replace").replace("\r\n", "\n")
        return bool(piece)


@contextmanager
def terminal(data: Path, *arguments: str, cold: bool = False, **more: str) -> Iterator[Terminal]:
    """A command on a terminal of its own."""
    mine, theirs = pty.openpty()
    process = start(
        [*COMMAND, *arguments], cold=cold, cwd=data.parent, env=environment(data, TERM="dumb", **more), stdin=theirs,
        stdout=theirs, stderr=theirs, start_new_session=True,
    )  # fmt: skip
    os.close(theirs)
    try:
        with process:
            try:
                yield Terminal(process, mine)
            finally:
                process.kill()
    finally:
        os.close(mine)


def operator_key(data: Path) -> str:
    """The key of the account's first operator, as a person gets it.

    A folder that is not there yet becomes a copy of one where a person did so.
    """
    if data.exists():
        return _first_key(data)
    folder, key = _account_with_operator()
    shutil.copytree(folder, data)
    return key


@cache
def _account_with_operator() -> tuple[Path, str]:
    data = Path(tempfile.mkdtemp(prefix="multimail-account-")) / "data"
    atexit.register(shutil.rmtree, data.parent)
    return data, _first_key(data)


def _first_key(data: Path) -> str:
    with terminal(data, "keys", "first", cold=True) as screen:
        assert screen.finish() == 0, screen.shown
    return next(word for word in screen.shown.split() if word.startswith("mm_"))


def resident_of(data: Path) -> lock.Resident:
    """The resident of a folder, once there is one that says where it is."""
    limit = time.monotonic() + LIMIT_S
    while time.monotonic() < limit:
        if (found := lock.find(data)) is not None:
            return found
        time.sleep(0.01)
    raise AssertionError("no resident came up")
