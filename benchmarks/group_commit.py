"""Group commit: held sends by sixteen agents at once against one agent, through dispatch in one process.

What an answered send costs is processor time `c`, of which sixteen need sixteen times as much, and the wait for the
disk `d`, which they have in common: sixteen are at most `(c + d) / c` times as fast as one, so five times needs a
disk that takes four times as long as all else. So the figure depends on the disk. It is measured on this machine's,
beside what the processor would allow if the disk took no time, and with commits as slow as on an ordinary disk, where
each COMMIT takes `ORDINARY` seconds more (slept in the writer's thread, after SQLite's own work).
"""

from __future__ import annotations

import asyncio
import json
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Final
from unittest import mock

from benchmarks import mailbox, servers
from benchmarks.plan import Plan
from benchmarks.table import Pair, Row
from multimail.config import Settings
from multimail.services import dispatch
from multimail.services.context import Caller, Services
from multimail.services.credentials import principal_of_key
from multimail.wiring.account import opened

AT_LEAST: Final = 5.0
ORDINARY: Final = 0.005
"""Seconds; consumer solid-state disks take 1 to 10 ms for a flush, spinning ones twice that."""
_SENDS: Final = 256
_LETTER: Final = mailbox.body(2, 1_000)


def measure(plan: Plan) -> list[Row]:
    """On this disk, reported, beside the limit of the processor; on an ordinary disk, the target; and how many sends
    share a commit."""
    here: list[Pair] = []
    limit: list[Pair] = []
    ordinary: list[Pair] = []
    shared: list[Pair] = []
    for _ in range(max(plan.size.runs, 3)):
        for delay, pairs in ((0.0, here), (ORDINARY, ordinary)):
            with plan.accounts(mailbox.FEW) as (folder,):
                rates = _measured(folder, plan.size.rounds, delay)
            pairs.append(Pair(rates["many"], rates["one"]))
            if not delay:
                limit.append(Pair(rates["many"], rates["many_if_no_disk"]))
        shared.append(Pair(rates["many_per_commit"], rates["one_per_commit"]))
    commits = f"{ORDINARY * 1_000:g} ms commits"
    return [
        Row("16 agents sending, this disk: one agent", "sends/s", here),
        Row("16 agents sending, this disk: no disk at all", "sends/s", limit),
        Row(f"16 agents sending, {commits}: one agent", "sends/s", ordinary, at_least=AT_LEAST),
        Row(f"sends in a commit, 16 agents, {commits}: one agent", "", shared),
    ]


def _measured(folder: Path, rounds: int, delay: float) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.group_commit", str(folder), str(rounds), str(delay)]
    done = subprocess.run(
        command, check=True, stdout=subprocess.PIPE, env=servers.environment(folder)
    )  # fmt: skip
    rates: dict[str, float] = json.loads(done.stdout)
    return rates


class SlowConnection(sqlite3.Connection):
    """Counts its commits and takes longer over them, as a slower disk would; other threads run meanwhile."""

    delay = 0.0
    commits = 0

    def execute(self, sql: str, *parameters: Any) -> sqlite3.Cursor:
        found = super().execute(sql, *parameters)
        if sql == "COMMIT":
            SlowConnection.commits += 1
            time.sleep(self.delay)
        return found


@contextmanager
def _slow_disk(delay: float) -> Iterator[None]:
    connect = sqlite3.connect
    SlowConnection.delay = delay

    def slower(*arguments: Any, **named: Any) -> sqlite3.Connection:
        return connect(*arguments, **named, factory=SlowConnection)

    with mock.patch.object(sqlite3, "connect", slower):
        yield


@dataclass(slots=True)
class Load:
    """Agents who send, a letter of its own each time."""

    services: Services
    callers: Sequence[Caller]
    number: int = 0

    async def rate(self, agents: int) -> tuple[float, float, float]:
        """Sends per second, per commit, and per second of processor time."""
        before, began, used = SlowConnection.commits, time.perf_counter(), time.process_time()
        await asyncio.gather(*(self._send(who, _SENDS // agents) for who in self.callers[:agents]))
        took, used = time.perf_counter() - began, time.process_time() - used
        return _SENDS / took, _SENDS / (SlowConnection.commits - before), _SENDS / used

    async def _send(self, who: Caller, times: int) -> None:
        for _ in range(times):
            self.number += 1
            letter = {"to": ["customer@example.org"], "subject": f"Letter {self.number}", "body": _LETTER}
            await dispatch.call(self.services, who, "send_email", letter)


async def _serve(folder: Path, rounds: int) -> dict[str, float]:
    async with opened(Settings(data=folder)) as services:
        keys = mailbox.keys(folder)
        load = Load(services, [Caller(principal_of_key(services, key), "mcp:http") for key in keys])
        await load.rate(mailbox.AGENTS)
        found: dict[int, list[tuple[float, float, float]]] = {1: [], mailbox.AGENTS: []}
        for _ in range(rounds):
            for agents in random.sample(list(found), len(found)):
                found[agents].append(await load.rate(agents))
    names = ("one", 1), ("many", mailbox.AGENTS)
    return {
        f"{name}{kind}": median(one[place] for one in found[agents])
        for name, agents in names
        for place, kind in enumerate(("", "_per_commit", "_if_no_disk"))
    }


def main() -> None:
    """Measure in this process and print the figures as JSON."""
    folder, rounds, delay = sys.argv[1:]
    with _slow_disk(float(delay)):
        print(json.dumps(asyncio.run(_serve(Path(folder), int(rounds)))))


if __name__ == "__main__":
    main()
