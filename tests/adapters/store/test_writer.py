"""Groups, savepoints, cancellation, and what callers hear when the disk or another process is in the way."""

from __future__ import annotations

import asyncio
import errno
import resource
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from multimail.adapters.store import dialect
from multimail.adapters.store import writer as writer_module
from multimail.adapters.store.engine import Store
from multimail.adapters.store.tx import Tx
from multimail.core import failpoints
from multimail.core.errors import Problem
from tests.support.notes import add, texts

pytestmark = pytest.mark.anyio
BOUND = 20.0


class Gate:
    """A work that keeps the writer busy until the test lets it go on."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self.open = threading.Event()

    def __call__(self, tx: Tx) -> int:
        self.reached.set()
        assert self.open.wait(BOUND)
        return tx.insert("INSERT INTO notes (text) VALUES ('gate') ON CONFLICT DO UPDATE SET text = text")

    async def hold(self, store: Store) -> asyncio.Task[int]:
        """Occupy the writer; returns when it is occupied."""
        task = asyncio.ensure_future(store.write(self))
        await asyncio.to_thread(self.reached.wait, BOUND)
        return task


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """How a group is made up does not hang on how busy the machine is; the test of that limit sets its own."""
    monkeypatch.setattr(writer_module, "_LONGEST_GROUP", 60.0)


@pytest.fixture
def hits() -> Iterator[list[str]]:
    """The failpoints passed, in order."""
    seen: list[str] = []
    failpoints.arm(seen.append)
    yield seen
    failpoints.disarm()


async def waiting(store: Store, *works: Callable[[Tx], object]) -> list[asyncio.Task[object]]:
    """Put works into the queue in this order."""
    tasks = [asyncio.ensure_future(store.write(work)) for work in works]
    await asyncio.sleep(0)
    return tasks


async def outcomes(tasks: list[asyncio.Task[object]]) -> list[object]:
    async with asyncio.timeout(BOUND):
        results = await asyncio.gather(*tasks, return_exceptions=True)
    return [result.code if isinstance(result, Problem) else result for result in results]


async def test_what_waits_is_committed_together(store: Store, hits: list[str]) -> None:
    gate = Gate()
    first = await gate.hold(store)
    tasks = await waiting(store, *(add(str(number)) for number in range(16)))
    gate.open.set()

    assert await outcomes(tasks) == list(range(2, 18))
    assert first.done()
    assert hits.count("store.after_work") == 17
    assert hits.count("store.after_commit") == 2


async def test_failpoints_are_passed_in_the_order_of_a_commit(store: Store, hits: list[str]) -> None:
    await store.write(add("one"))

    expected = ["before_begin", "after_work", "before_commit", "after_commit", "before_answer"]
    assert hits == [f"store.{name}" for name in expected]


async def test_a_work_that_raises_undoes_itself_and_nothing_else(store: Store) -> None:
    def fails(tx: Tx) -> None:
        add("gone")(tx)
        raise LookupError("the work's own error")

    gate = Gate()
    await gate.hold(store)
    before, failing, after = await waiting(store, add("before"), fails, add("after"))
    gate.open.set()

    assert await outcomes([before, after]) == [2, 3]
    with pytest.raises(LookupError, match="own error"):
        await failing
    assert await store.read(texts) == ["gate", "before", "after"]


async def test_a_caller_cancelled_in_the_queue_or_while_it_runs_tears_nothing(store: Store) -> None:
    gate = Gate()
    running = await gate.hold(store)
    queued, other = await waiting(store, add("queued"), add("other"))
    running.cancel()
    queued.cancel()
    await asyncio.wait({running, queued}, timeout=BOUND)
    gate.open.set()

    assert await outcomes([other]) == [3]
    assert await store.read(texts) == ["gate", "queued", "other"]
    assert running.cancelled()


async def test_an_error_that_no_caller_hears_is_logged(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(tx: Tx) -> None:
        raise LookupError

    gate = Gate()
    await gate.hold(store)
    (unheard,) = await waiting(store, fails)
    unheard.cancel()
    gate.open.set()
    await store.write(add("after"))

    assert ["nobody waits" in record.message for record in caplog.records] == [True]


async def test_a_coroutine_function_is_no_work(store: Store) -> None:
    async def work(tx: Tx) -> None:
        add("never")(tx)

    with pytest.raises(TypeError, match="plain function"):
        _ = await store.write(work)
    assert await store.read(texts) == []


async def test_a_work_may_raise_anything_and_the_writer_lives_on(store: Store) -> None:
    def stops(tx: Tx) -> None:
        raise StopIteration

    def exits(tx: Tx) -> None:
        raise asyncio.CancelledError

    with pytest.raises(RuntimeError, match="StopIteration"):
        await store.write(stops)
    with pytest.raises(asyncio.CancelledError):
        await store.write(exits)
    assert await store.write(add("after")) == 1


async def test_a_work_that_ends_the_transaction_fails_its_group(store: Store) -> None:
    with pytest.raises(Problem, match="storage_failed"):
        await store.write(lambda tx: tx.run("ROLLBACK"))
    assert await store.write(add("after")) == 1


async def test_a_group_that_takes_long_commits_what_it_has(
    store: Store, hits: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_module, "_LONGEST_GROUP", -1.0)
    gate = Gate()
    await gate.hold(store)
    tasks = await waiting(store, add("one"), add("two"), add("three"))
    gate.open.set()

    assert await outcomes(tasks) == [2, 3, 4]
    assert hits.count("store.after_commit") == 4


async def test_a_queue_that_is_full_refuses_with_busy(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer_module, "_QUEUE_BOUND", 2)
    gate = Gate()
    await gate.hold(store)
    tasks = await waiting(store, *map(add, "abcd"))
    gate.open.set()

    assert await outcomes(tasks) == [2, 3, "busy", "busy"]


async def test_what_a_running_group_leaves_still_counts_against_the_queue(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_module, "_QUEUE_BOUND", 4)
    monkeypatch.setattr(writer_module, "_LARGEST_GROUP", 2)
    first, second = Gate(), Gate()
    await first.hold(store)
    queued = await waiting(store, second, *map(add, "abc"))
    first.open.set()
    await asyncio.to_thread(second.reached.wait, BOUND)
    late = await waiting(store, *map(add, "def"))
    second.open.set()

    assert await outcomes(late) == [5, 6, "busy"]
    assert (await outcomes(queued))[1:] == [2, 3, 4]


async def test_a_lock_that_is_given_up_in_time_delays_a_write_and_no_more(
    store: Store, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialect, "BUSY_MILLISECONDS", 1)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    (write,) = await waiting(store, add("one"))
    await asyncio.wait({write}, timeout=0.1)
    other.close()

    assert await outcomes([write]) == [1]


async def test_a_locked_file_is_busy_and_works_again_when_free(
    store: Store, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialect, "BUSY_MILLISECONDS", 1)
    monkeypatch.setattr(writer_module, "_BEGIN_SECONDS", 0.02)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    assert await outcomes(await waiting(store, add("one"), add("two"))) == ["busy", "busy"]
    other.execute("ROLLBACK")
    other.close()
    assert await store.write(add("after")) == 1


async def test_a_full_disk_fails_the_work_and_heals(store: Store) -> None:
    def shrink(tx: Tx) -> object:
        return tx.value("PRAGMA max_page_count = 1")

    await store.write(shrink)
    with pytest.raises(Problem, match="storage_full") as refused:
        await store.write(add("x" * 500_000))

    assert refused.value.row.smtp.startswith("452")
    await store.write(lambda tx: tx.value("PRAGMA max_page_count = 1000000"))
    assert await store.write(add("x" * 500_000)) == 1


@pytest.mark.usefixtures("hits")
async def test_a_group_that_fails_before_its_commit_leaves_no_open_transaction(
    store: Store,
) -> None:
    commits: list[str] = []

    def full_at_the_second(name: str) -> None:
        if name == "store.before_commit":
            commits.append(name)
            if len(commits) == 2:
                raise OSError(errno.ENOSPC, "no space left")

    gate = Gate()
    first = await gate.hold(store)
    failpoints.arm(full_at_the_second)
    tasks = await waiting(store, add("one"), add("two"))
    gate.open.set()

    assert await outcomes(tasks) == ["storage_full", "storage_full"]
    assert await first == 1
    assert await store.write(add("after")) == 2


def file_limit(path: Path) -> int:
    """The length of the write-ahead log: nothing may make a file longer than that."""
    return Path(f"{path}-wal").stat().st_size


async def test_a_disk_that_fails_at_commit_fails_the_group_and_heals(store: Store, path: Path) -> None:
    await store.write(add("before"))
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (file_limit(path), limits[1]))
        failed = await outcomes(await waiting(store, add("one"), add("two")))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)

    assert failed == ["storage_failed", "storage_failed"]
    assert await store.write(add("after")) == 2
    assert await store.read(texts) == ["before", "after"]
