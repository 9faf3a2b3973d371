"""Residents that die and are followed by others: a process forks them, and tells what becomes of each."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.support import warm

PROJECT: Final = Path(__file__).parents[2]
PATIENCE_S: Final = 30.0


class Lines:
    """What a process says, line by line, never waited for without end."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._rest = b""

    def next(self) -> str:
        assert self._process.stdout is not None
        until = time.monotonic() + PATIENCE_S
        while b"\n" not in self._rest:
            ready, _, _ = select.select([self._process.stdout], [], [], max(until - time.monotonic(), 0))
            piece = os.read(self._process.stdout.fileno(), 4096) if ready else b""
            if not piece:
                raise AssertionError(f"nothing more was said by {self._process.args!r}")
            self._rest += piece
        line, _, self._rest = self._rest.partition(b"\n")
        return line.decode()


@contextmanager
def party(role: str, log: Path, *arguments: str, **settings: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process of a crash run; at the end of the block it is killed, with whatever it started."""
    with (
        log.open("ab") as complaints,
        warm.start(
            ["-m", f"tests.crash.{role}", *arguments],
            cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=complaints, start_new_session=True,
            env={**_own_environment(), **settings},
        ) as process,
    ):  # fmt: skip
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def _own_environment() -> dict[str, str]:
    return {name: os.environ[name] for name in ("PATH", "LANG", "HOME", "PYTHONPATH") if name in os.environ}


@dataclass(frozen=True, slots=True)
class Residents:
    """One at a time; what they complain about is in `log`."""

    zygote: subprocess.Popen[bytes]
    said: Lines
    log: Path

    def fork(self, fault: str = "", **settings: str) -> int:
        """One more, with these settings besides those of all; its pid."""
        assert self.zygote.stdin is not None
        self.zygote.stdin.write(json.dumps({"settings": settings, "fault": fault}).encode() + b"\n")
        self.zygote.stdin.flush()
        return int(self.until("pid"))

    def until(self, word: str) -> Any:
        """The value of the next line with this word; what else a resident said before it died is old news."""
        while True:
            line = json.loads(self.said.next())
            if word in line:
                return line[word]
            assert "ended" not in line, f"the resident ended with {line}: {self.complaints()}"

    def complaints(self) -> str:
        """The newest."""
        return self.log.read_text("utf-8", "replace")[-3000:]


@contextmanager
def residents(log: Path, settings: Mapping[str, str]) -> Iterator[Residents]:
    """Whoever forks them, for the length of a block."""
    with party("zygote", log, **settings) as zygote:
        yield Residents(zygote, Lines(zygote), log)
