"""The harness: a zygote whose residents are killed, a load and a sink that are not, and the books at the end."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections import Counter
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self

from multimail.core.failpoints import FAILPOINTS
from tests.crash.books import Books, balance, open_deliveries
from tests.crash.plan import Plan, prepare
from tests.crash.residents import PATIENCE_S, Lines, party, residents

DURABLE: Final = {"synchronous": 2, "journal_mode": "wal"}
ONCE_A_CONNECTION: Final = frozenset(
    f"smtp_out.before_{verb}" for verb in ("connect", "ehlo", "starttls", "auth", "quit")
)
MAIL: Final = tuple(name for name in FAILPOINTS if not name.startswith("hooks."))
"""The failpoints of what is kept here and of what comes and goes by SMTP; webhooks have a run of their own."""
_IN_USE: Final = 6
"""Sockets that a receiving process has when peers talk to it; four are its own."""
AT_THE_END: Final = "smtp_out.before_quit"
"""Connections are let go after a hundred mails or half a minute, or at once when the resident is to stop."""


@dataclass
class Harness:
    """A run: enter it, do rounds, `finish`."""

    folder: Path
    fault: str = ""
    seed: int = 1
    peers: int = 3
    kills: Counter[str] = field(default_factory=Counter)

    def __enter__(self) -> Self:
        self.plan: Plan = prepare(self.folder, self.peers)
        self._where = self.plan.write()
        self._random = random.Random(self.seed)
        self._stack = ExitStack()
        self._log = self.folder / "log"
        self._sink = self._start("sink")
        assert Lines(self._sink).next() == "listening"
        self._residents = self._stack.enter_context(residents(self._log, self.plan.environment()))
        self._load = self._start("load")
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def kill_at(self, failpoint: str) -> None:
        """One resident that dies there."""
        count = 1 if failpoint in ONCE_A_CONNECTION else self._random.randint(1, self._most(failpoint))
        copies = self._copies_at_sink()
        pid = self._fork(f"{failpoint}:{count}")
        if failpoint == AT_THE_END:
            self._until("ready")
            until = time.monotonic() + PATIENCE_S
            # Who never connected has nothing to take leave of.
            while self._copies_at_sink() == copies and time.monotonic() < until:
                time.sleep(0.02)
            os.kill(pid, signal.SIGTERM)
        assert self._until("ended") == -signal.SIGKILL, f"{failpoint} was passed by: {self.log()}"
        self.kills[failpoint] += 1

    def kill_at_random(self) -> None:
        """One resident that dies somewhere, now and then while it is starting."""
        pid = self._fork("")
        if self._random.random() < 0.8:
            self._until("ready")
        time.sleep(self._random.uniform(0.03, 0.28))
        os.kill(pid, signal.SIGKILL)
        assert self._until("ended") == -signal.SIGKILL
        self.kills["at random"] += 1

    def kill_a_receiver(self) -> None:
        """In a crowd: a process that receives for the resident dies while peers talk to it, then the resident."""
        pid = self._fork("")
        self._until("ready")
        until = time.monotonic() + PATIENCE_S
        while not (found := [one for one in _receivers(pid) if _sockets(one) >= _IN_USE]):
            assert time.monotonic() < until, f"nobody else received: {self.log()}"
            time.sleep(0.02)
        os.kill(self._random.choice(found), signal.SIGKILL)
        time.sleep(self._random.uniform(0.03, 0.28))
        os.kill(pid, signal.SIGKILL)
        assert self._until("ended") == -signal.SIGKILL
        self.kills["receiver"] += 1

    def finish(self) -> Books:
        """A last resident that lives: everybody gets an answer, everything leaves; then the books are balanced."""
        pid = self._fork("")
        assert self._until("ready") == DURABLE
        self._load.communicate(timeout=PATIENCE_S)
        assert self._load.returncode == 0, self.log()
        until = time.monotonic() + PATIENCE_S
        while open_deliveries(self.plan) and time.monotonic() < until:
            time.sleep(0.02)
        os.kill(pid, signal.SIGTERM)
        assert self._until("ended") == 0, self.log()
        return balance(self.plan)

    def figures(self, books: Books) -> str:
        at = sum(self.kills[name] for name in MAIL)
        places = sum(self.kills[name] > 0 for name in MAIL)
        least = min((self.kills[name] for name in MAIL), default=0)
        return (
            f"{self.kills.total()} kills: {at} at {places} of {len(MAIL)} failpoints (each at least {least}), "
            f"{self.kills['at random']} at random, "
            f"{self.kills['receiver']} of a receiving process, too | {books.figures()}"
        )

    def table(self) -> str:
        """Every failpoint of mail that the code lists, with how many residents died there."""
        return "\n".join(f"{self.kills[name]:6}  {name:26} {FAILPOINTS[name]}" for name in MAIL)

    def log(self) -> str:
        """What the residents complained about."""
        return self._residents.complaints()

    def _copies_at_sink(self) -> int:
        """How much its ledger holds, in bytes."""
        return self.plan.sink_ledger.stat().st_size if self.plan.sink_ledger.exists() else 0

    def _most(self, failpoint: str) -> int:
        """Commits are many, from the first moment on."""
        return 40 if failpoint.startswith("store.") else 6

    def _fork(self, failpoint: str) -> int:
        return self._residents.fork(self.fault, MULTIMAIL_FAILPOINT=failpoint)

    def _until(self, word: str) -> Any:
        return self._residents.until(word)

    def _start(self, role: str) -> subprocess.Popen[bytes]:
        return self._stack.enter_context(party(role, self._log, str(self._where), **self.plan.environment()))


def _receivers(resident: int) -> list[int]:
    """The processes that receive mail for it."""
    found = subprocess.run(
        ["pgrep", "-P", str(resident), "-f", "multimail.commands.receiving"],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    return [int(one) for one in found.stdout.split()]


def _sockets(process: int) -> int:
    with suppress(FileNotFoundError):
        return sum(one.readlink().name.startswith("socket") for one in Path(f"/proc/{process}/fd").iterdir())
    return 0
