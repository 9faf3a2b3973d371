"""The store as its callers see it: what they read after what they wrote, and what is left when it closes."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import stat
import threading
from pathlib import Path

import pytest

from multimail.adapters.store import engine
from multimail.adapters.store.engine import Store
from multimail.adapters.store.migrate import Schema
from multimail.adapters.store.turnstile import Turnstile
from multimail.adapters.store.tx import Tx
from multimail.core.errors import Problem
from tests.support.notes import add, texts

pytestmark = pytest.mark.anyio
BOUND = 20.0


def never(tx: Tx) -> None:
    raise LookupError("never works")


async def test_a_write_returns_what_the_work_returns_and_is_read_by_everybody(
    store: Store, path: Path, schema: Schema
) -> None:
    assert await store.write(add("one")) == 1
    other = Store.open(path, schema=schema)

    assert await store.read(texts) == await other.read(texts) == ["one"]
    assert store.instant(texts) == ["one"]
    await other.close()


async def test_a_read_sees_what_was_posted_before(store: Store) -> None:
    for number in range(300):
        store.post(add(str(number)))

    assert len(await store.read(texts)) == 300


async def test_for_one_caller_all_but_searches_is_read_at_once(path: Path, schema: Schema) -> None:
    alone = Store.open(path, schema=schema, one_caller=True)
    alone.post(add("one"))

    here = await alone.read(lambda tx: (texts(tx), threading.current_thread()))
    elsewhere = await alone.read(lambda tx: (texts(tx), threading.current_thread()), search=True)
    await alone.close()

    assert here == (["one"], threading.main_thread())
    assert elsewhere[0] == ["one"]
    assert elsewhere[1] is not threading.main_thread()


async def test_for_one_caller_is_written_at_once_what_need_not_wait(path: Path, schema: Schema) -> None:
    alone = Store.open(path, schema=schema, one_caller=True)
    here = await alone.write(lambda tx: (add("one")(tx), threading.current_thread()))
    with Turnstile(path):
        alone.post(add("two"))
        writing = asyncio.ensure_future(alone.write(lambda tx: (texts(tx), threading.current_thread())))
        await asyncio.sleep(0)
        assert not writing.done()
    elsewhere = await writing
    again = await alone.write(lambda _: threading.current_thread())
    await alone.close()

    assert here == (1, threading.main_thread())
    assert elsewhere[0] == ["one", "two"]
    assert elsewhere[1] is not threading.main_thread()
    assert again is threading.main_thread()


async def test_a_write_at_once_that_fails_undoes_itself_alone(path: Path, schema: Schema) -> None:
    alone = Store.open(path, schema=schema, one_caller=True)
    await alone.write(add("one"))

    def torn(tx: Tx) -> None:
        add("two")(tx)
        never(tx)

    with pytest.raises(LookupError):
        await alone.write(torn)
    assert await alone.read(texts) == ["one"]
    assert await alone.write(add("three")) == 2
    await alone.close()


async def test_a_read_waits_for_no_write_but_what_was_posted(store: Store) -> None:
    reached, go_on = threading.Event(), threading.Event()

    def occupied(tx: Tx) -> None:
        reached.set()
        assert go_on.wait(BOUND)

    store.post(add("one"))
    await store.read(texts)
    writing = asyncio.ensure_future(store.write(occupied))
    await asyncio.to_thread(reached.wait, BOUND)

    assert await asyncio.wait_for(store.read(texts), BOUND / 2) == ["one"]
    go_on.set()
    await writing


async def test_a_failed_post_is_logged_and_keeps_no_read_waiting(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    store.post(never)
    store.post(add("after"))

    assert await store.read(texts) == ["after"]
    assert [record.message.split(": ")[1] for record in caplog.records] == ["never"]


async def test_what_can_wait_is_written_at_close_at_the_latest(path: Path, schema: Schema) -> None:
    store = Store.open(path, schema=schema)
    store.later(add("one"))
    assert await store.read(texts) == []
    await store.close()

    again = Store.open(path, schema=schema)
    assert await again.read(texts) == ["one"]
    await again.close()


async def test_what_can_wait_is_written_when_its_time_has_come(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "_LATER_SECONDS", 0.0)
    before = store.version()
    store.later(add("one"))

    assert await store.changed(before, BOUND) != before
    assert await store.read(texts) == ["one"]


async def test_what_can_wait_is_written_when_there_is_much_of_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "_LATER_SECONDS", 3600.0)
    for number in range(64):
        store.later(add(str(number)))
    await store.write(add("after"))

    assert await store.read(texts) == [*map(str, range(64)), "after"]


async def test_of_several_under_one_key_the_last_is_written(path: Path, schema: Schema) -> None:
    store = Store.open(path, schema=schema)
    for number in range(5):
        store.later(add(str(number)), key="seen")
    store.later(add("other"))
    await store.close()

    again = Store.open(path, schema=schema)
    assert await again.read(texts) == ["4", "other"]
    await again.close()


async def test_readers_cannot_write(store: Store) -> None:
    with pytest.raises(Problem, match="storage_failed"):
        await store.read(add("no"))
    with pytest.raises(Problem, match="storage_failed"):
        store.instant(add("no"))
    assert await store.write(add("yes")) == 1


async def test_a_guard_s_text_becomes_the_problem_it_names(store: Store) -> None:
    def guarded(tx: Tx) -> None:
        tx.run(
            "CREATE TEMP TRIGGER closed BEFORE INSERT ON main.notes"
            " BEGIN SELECT RAISE(ABORT, 'frozen:notes.text'); END"
        )
        add("no")(tx)

    with pytest.raises(Problem) as refused:
        await store.write(guarded)
    assert refused.value.code == "frozen"
    assert refused.value.details == {"table": "notes", "column": "text"}


async def test_the_second_of_two_equal_keys_is_a_conflict(store: Store) -> None:
    await store.write(add("one"))

    with pytest.raises(Problem, match="conflict") as refused:
        await store.write(add("one"))
    assert isinstance(refused.value.__cause__, sqlite3.IntegrityError)


async def test_opening_starts_no_thread(path: Path, schema: Schema) -> None:
    before = threading.active_count()
    store = Store.open(path, schema=schema)
    store.version()
    store.instant(texts)

    assert threading.active_count() == before
    await store.close()


async def test_closing_leaves_neither_threads_nor_a_log(path: Path, schema: Schema) -> None:
    before = set(threading.enumerate())
    store = Store.open(path, schema=schema)
    await store.write(add("one"))
    await asyncio.gather(*(store.read(texts) for _ in range(8)))
    await store.read(texts, search=True)
    await store.close()
    await store.close()

    left = {thread.name for thread in set(threading.enumerate()) - before}
    assert not any("multimail" in name or "connection_worker" in name for name in left)
    assert not os.path.exists(f"{path}-wal")  # noqa: PTH110, ASYNC240 - one look at a local file


async def test_a_closed_store_refuses_every_call(path: Path, schema: Schema) -> None:
    store = Store.open(path, schema=schema)
    await store.close()

    for call in (
        store.version,
        lambda: store.instant(texts),
        lambda: store.post(never),
        lambda: store.later(never),
    ):
        with pytest.raises(Problem, match="unavailable"):
            call()
    for answer in (store.write(never), store.read(texts), store.changed(0, BOUND)):
        with pytest.raises(Problem, match="unavailable"):
            await answer


async def test_closing_finishes_what_was_asked_before(path: Path, schema: Schema) -> None:
    store = Store.open(path, schema=schema)
    writes = [asyncio.ensure_future(store.write(add(str(number)))) for number in range(20)]
    await asyncio.sleep(0)
    await store.close()

    assert await asyncio.wait_for(asyncio.gather(*writes), BOUND) == list(range(1, 21))


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


async def test_folder_and_files_are_the_owner_s_alone(store: Store, path: Path) -> None:
    await store.write(add("one"))

    assert mode(path.parent) == 0o700
    suffixes = ("", "-wal", "-shm", ".migrate", ".turn", ".hold")
    assert {file.name: mode(file) for file in path.parent.iterdir()} == dict.fromkeys(
        (f"mail.db{suffix}" for suffix in suffixes), 0o600
    )


def test_a_file_that_others_may_read_is_closed_to_them(path: Path, schema: Schema) -> None:
    path.parent.mkdir()
    path.touch(0o644)
    store = Store.open(path, schema=schema)
    asyncio.run(store.close())

    assert mode(path) == 0o600


def test_what_is_no_database_is_a_problem_and_is_left_alone(path: Path, schema: Schema) -> None:
    path.parent.mkdir()
    path.write_bytes(b"something else entirely" * 100)

    with pytest.raises(Problem, match="storage_failed"):
        Store.open(path, schema=schema)
    assert path.read_bytes().startswith(b"something else")


def test_a_folder_that_cannot_be_made_is_a_problem(tmp_path: Path, schema: Schema) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(Problem, match="storage_failed"):
        Store.open(tmp_path / "file" / "mail.db", schema=schema)
