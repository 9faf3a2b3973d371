"""Waiting for a change: by anybody, without work while nobody waits."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from multimail.adapters.store import watch as watch_module
from multimail.adapters.store.engine import Store
from multimail.adapters.store.migrate import Schema
from multimail.adapters.store.watch import Watch
from multimail.core.errors import Problem
from tests.support.notes import add

pytestmark = pytest.mark.anyio
BOUND = 20.0


async def test_a_wait_ends_at_once_with_a_commit_of_this_process(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch_module, "_INTERVAL", 3600.0)
    before = store.version()
    waiters = [asyncio.ensure_future(store.changed(before, 3600.0)) for _ in range(3)]
    await asyncio.sleep(0)
    await store.write(add("one"))

    assert await asyncio.wait_for(asyncio.gather(*waiters), BOUND) == [store.version()] * 3
    assert store.version() != before


async def test_a_wait_ends_with_a_commit_from_elsewhere(store: Store, path: Path, schema: Schema) -> None:
    other = Store.open(path, schema=schema)
    before = store.version()
    waiter = asyncio.ensure_future(store.changed(before, BOUND))
    await asyncio.sleep(0)
    await other.write(add("one"))

    assert await waiter != before
    await other.close()


async def test_a_commit_before_the_wait_is_not_missed(store: Store) -> None:
    before = store.version()
    await store.write(add("one"))

    assert await store.changed(before, BOUND) == store.version() != before


async def test_a_wait_in_vain_ends_after_its_time_with_the_same_version(store: Store) -> None:
    before = store.version()

    assert await store.changed(before, 0.001) == before
    assert await store.changed(before, 0) == before


async def test_reading_changes_nothing(store: Store) -> None:
    await store.write(add("one"))
    before = store.version()
    await store.read(lambda tx: tx.value("SELECT 1"))

    assert store.version() == before


async def test_the_file_is_looked_at_only_while_somebody_waits() -> None:
    looks: list[int] = []

    def version() -> int:
        looks.append(1)
        return len(looks) // 3

    watch = Watch(version)
    assert await asyncio.wait_for(watch.changed(0, BOUND), BOUND) == 1
    seen = len(looks)
    watch.look()

    assert len(looks) == seen
    assert vars(watch)["_timer"] is None


async def test_a_cancelled_wait_is_forgotten() -> None:
    watch = Watch(lambda: 1)
    waiter = asyncio.ensure_future(watch.changed(1, BOUND))
    await asyncio.sleep(0)
    waiter.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiter

    assert vars(watch)["_timer"] is None


async def test_closing_the_store_ends_a_wait(path: Path, schema: Schema) -> None:
    store = Store.open(path, schema=schema)
    waiter = asyncio.ensure_future(store.changed(store.version(), BOUND))
    await asyncio.sleep(0)
    await store.close()

    with pytest.raises(Problem, match="unavailable"):
        await asyncio.wait_for(waiter, BOUND)
