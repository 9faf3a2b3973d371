"""Reads: one snapshot each, side by side, searches out of the way of look-ups."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from pathlib import Path

import pytest

from multimail.adapters.store import dialect
from multimail.adapters.store.engine import Store
from multimail.adapters.store.tx import Tx
from tests.support.notes import add, texts

pytestmark = pytest.mark.anyio
BOUND = 20.0


class Slow:
    """A read that looks twice, and between the looks waits for the test."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self.go_on = threading.Event()

    def __call__(self, tx: Tx) -> tuple[list[str], list[str]]:
        first = texts(tx)
        self.reached.set()
        assert self.go_on.wait(BOUND)
        return first, texts(tx)

    async def start(self, store: Store, *, search: bool = False) -> asyncio.Task[tuple[list[str], list[str]]]:
        task = asyncio.ensure_future(store.read(self, search=search))
        await asyncio.to_thread(self.reached.wait, BOUND)
        return task


async def test_a_read_sees_one_moment_from_beginning_to_end(store: Store) -> None:
    await store.write(add("before"))
    slow = Slow()
    task = await slow.start(store)
    await store.write(add("meanwhile"))
    slow.go_on.set()

    assert await task == (["before"], ["before"])
    assert await store.read(texts) == ["before", "meanwhile"]


async def test_a_slow_search_keeps_no_look_up_waiting(store: Store) -> None:
    slow = Slow()
    search = await slow.start(store, search=True)

    assert await asyncio.wait_for(asyncio.gather(*(store.read(texts) for _ in range(10))), BOUND) == [[]] * 10
    assert not search.done()
    slow.go_on.set()
    await search


async def test_a_look_up_goes_to_the_reader_that_is_free(store: Store) -> None:
    slow = Slow()
    first = await slow.start(store)

    assert await asyncio.wait_for(store.read(texts), BOUND) == []
    slow.go_on.set()
    await first


async def test_a_cancelled_read_leaves_its_reader_usable(store: Store) -> None:
    slow = Slow()
    task = await slow.start(store, search=True)
    task.cancel()
    slow.go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert await store.read(texts, search=True) == []


async def test_an_error_in_a_read_is_the_caller_s_and_ends_the_snapshot(store: Store) -> None:
    def fails(tx: Tx) -> None:
        raise LookupError("no such thing")

    with pytest.raises(LookupError, match="no such thing"):
        await store.read(fails)
    await store.write(add("after"))
    assert await asyncio.gather(*(store.read(texts) for _ in range(4))) == [["after"]] * 4


async def test_a_reader_that_opens_for_a_caller_who_goes_away_is_closed_with_the_store(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect, made = dialect.connect_reader, []
    reached, go_on = threading.Event(), threading.Event()

    def slowly(path: Path) -> sqlite3.Connection:
        reached.set()
        assert go_on.wait(BOUND)
        made.append(connect(path))
        return made[0]

    monkeypatch.setattr(dialect, "connect_reader", slowly)
    task = asyncio.ensure_future(store.read(texts))
    await asyncio.to_thread(reached.wait, BOUND)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    go_on.set()

    await store.close()

    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        made[0].execute("SELECT 1")
