"""What a work keeps for the commit: full text, which SQLite would otherwise write out at every savepoint."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from multimail.adapters.store.engine import Store
from multimail.adapters.store.tx import Tx
from multimail.core.errors import Problem
from tests.adapters.store.test_writer import Gate, outcomes, waiting
from tests.support.notes import add, texts

pytestmark = pytest.mark.anyio


def last(text: str, *, fail: bool = False) -> Callable[[Tx], object]:
    """Adds `text` right before the commit and answers with the notes there are until then."""

    def work(tx: Tx) -> object:
        tx.at_commit("INSERT INTO notes (text) VALUES (:text)", text=text)
        found = [row["text"] for row in tx.all("SELECT text FROM notes ORDER BY id")]
        if fail:
            raise Problem("conflict")
        return found

    return work


async def test_what_is_kept_for_the_commit_runs_after_all_works_and_only_for_those_that_succeeded(
    store: Store,
) -> None:
    gate = Gate()
    await gate.hold(store)
    tasks = await waiting(store, last("first"), last("never", fail=True), add("between"), last("second"))
    gate.open.set()

    assert await outcomes(tasks) == [["gate"], "conflict", 2, ["gate", "between"]]
    assert await store.read(texts) == ["gate", "between", "first", "second"]


async def test_a_failure_right_before_the_commit_undoes_the_whole_group(store: Store) -> None:
    gate = Gate()
    await gate.hold(store)
    tasks = await waiting(store, add("kept"), lambda tx: tx.at_commit("INSERT INTO nowhere DEFAULT VALUES"))
    gate.open.set()

    assert await outcomes(tasks) == ["storage_failed", "storage_failed"]
    assert await store.read(texts) == ["gate"]
    assert await store.write(add("next")) == 2


async def test_a_work_that_fails_alone_leaves_nothing_behind(store: Store) -> None:
    with pytest.raises(Problem, match="conflict"):
        await store.write(adds_and_fails)

    assert await store.write(add("next")) == 1
    assert await store.read(texts) == ["next"]


def adds_and_fails(tx: Tx) -> None:
    tx.run("INSERT INTO notes (text) VALUES ('never')")
    tx.at_commit("INSERT INTO notes (text) VALUES ('never either')")
    raise Problem("conflict")
