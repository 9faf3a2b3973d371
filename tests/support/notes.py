"""A tiny schema, works on it, and a program that writes to it: what tests of the store engine share.

Run as a module it is another process on the same file: `count <file> <times>` adds to the counter, `rush` does so
without standing in line, and `crash <file> <failpoint>` writes numbered notes until the failpoint kills it,
printing each one acknowledged.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from multimail.adapters.store.engine import Store
from multimail.adapters.store.migrate import Schema
from multimail.adapters.store.turnstile import Turnstile
from multimail.adapters.store.tx import Tx
from multimail.core import failpoints
from tests.support import warm

PROJECT = Path(__file__).parents[2]

SCHEMA = """
CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
INSERT INTO counters VALUES ('hits', 0);
"""


def notes_schema(folder: Path) -> Schema:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "0001_initial.sql").write_text(SCHEMA, "utf-8")
    return Schema(folder)


def add(text: str) -> Callable[[Tx], int]:
    return lambda tx: tx.insert("INSERT INTO notes (text) VALUES (:text)", text=text)


def texts(tx: Tx) -> list[str]:
    return [row["text"] for row in tx.all("SELECT text FROM notes ORDER BY id")]


def count(tx: Tx) -> int:
    """Read, then write: two processes doing this without a lock would lose updates."""
    value: int = tx.value("SELECT value FROM counters WHERE name = 'hits'") + 1
    tx.run("UPDATE counters SET value = :value WHERE name = 'hits'", value=value)
    return value


def start(*arguments: object) -> subprocess.Popen[str]:
    """This module as a process; its output is to be read by `communicate`."""
    command = ["-m", "tests.support.notes", *map(str, arguments)]
    return warm.start(command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def kill_at(name: str, after: int) -> Callable[[str], None]:
    """A callback for `failpoints.arm`: SIGKILL to this process at a later hit of `name`."""
    left = after

    def hit(passed: str) -> None:
        nonlocal left
        left -= passed == name
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    return hit


async def _main(role: str, path: Path, argument: str) -> None:
    store = Store.open(path, schema=Schema(path.parents[1] / "migrations"))
    if role == "rush":
        Turnstile.__enter__ = lambda _: False  # type: ignore[method-assign]
    if role != "crash":
        for _ in range(int(argument) // 4):
            await asyncio.gather(*(store.write(count) for _ in range(4)))
    else:
        failpoints.arm(kill_at(argument, after=5))
        for number in range(1000):
            await store.write(add(str(number)))
            print(number, flush=True)
    await store.close()


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1], Path(sys.argv[2]), sys.argv[3]))
