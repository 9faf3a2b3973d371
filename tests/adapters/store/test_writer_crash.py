"""Several processes on one file, and processes that are killed while they write to it."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
from pathlib import Path

import pytest

from multimail.adapters.store.engine import Store
from multimail.adapters.store.migrate import Schema
from multimail.core.failpoints import FAILPOINTS
from tests.support.notes import count, start, texts

pytestmark = pytest.mark.anyio
BOUND = 60.0

DURABLE_UNANSWERED = {"store.after_commit": 1, "store.before_answer": 1}
STORE_POINTS = sorted(name for name in FAILPOINTS if name.startswith("store."))


@pytest.mark.parametrize("point", STORE_POINTS)
async def test_after_kill_9_at_a_failpoint_the_file_holds_what_was_acknowledged(
    point: str, path: Path, schema: Schema
) -> None:
    process = start("crash", path, point)
    output, errors = await asyncio.to_thread(process.communicate, timeout=BOUND)
    acknowledged = output.split()
    store = Store.open(path, schema=schema)
    stored = await store.read(texts)

    assert process.returncode == -signal.SIGKILL, errors
    assert stored[: len(acknowledged)] == acknowledged
    assert len(stored) - len(acknowledged) == DURABLE_UNANSWERED.get(point, 0)
    assert await store.read(lambda tx: tx.value("PRAGMA integrity_check")) == "ok"
    await store.close()


@pytest.mark.parametrize("role", ["count", "rush"])
async def test_processes_that_start_and_write_at_once_lose_no_update(
    role: str, path: Path, schema: Schema
) -> None:
    processes = [start(role, path, 200) for _ in range(3)]
    ends = [await asyncio.to_thread(process.communicate, timeout=BOUND) for process in processes]
    store = Store.open(path, schema=schema)

    assert [errors for _, errors in ends] == ["", "", ""]
    assert await store.write(count) == 601
    await store.close()


async def test_commits_reach_the_disk_before_they_are_acknowledged(store: Store) -> None:
    def durability(tx: object) -> tuple[int, str]:
        connection: sqlite3.Connection = vars(tx)["_connection"]
        return (
            connection.execute("PRAGMA synchronous").fetchone()[0],
            connection.execute("PRAGMA journal_mode").fetchone()[0],
        )

    assert await store.write(durability) == (2, "wal")
