"""Sequences in the store: plans as they were made, changes compared, and the server's look at what happened."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from multimail.core.sequences import Plan, Step
from multimail.ports.sequences import Enrollment, StoredSequence
from multimail.ports.store import Tx
from tests.support.desk import Desk, opened

pytestmark = pytest.mark.anyio
PLAN = Plan(
    (Step(5, "a", "b", "", ("t",), ("x",), ("y",)), Step(7, template="tpl")),
    ("stop",),
    "done",
    "commercial",
    "news",
    True,
)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with opened(tmp_path) as made:
        yield made


def begin(tx: Tx, box: str, run_by: str = "server") -> Enrollment:
    found = tx.mailboxes.by_address(box)
    assert found is not None
    tx.sequences.insert(StoredSequence("seq_1", "a", found.id, PLAN, run_by, "active", "", "key_1", 1, 1))
    new = Enrollment("enr_1", "seq_1", "contact_1", "aa", 0, "active", "", 100, "", "", 0, None, 1, 1, 1)
    tx.sequences.enroll(new)
    return new


async def test_a_plan_comes_back_as_it_was_made(desk: Desk) -> None:
    def work(tx: Tx) -> tuple[Plan, Enrollment | None]:
        begin(tx, desk.box)
        (made,) = tx.sequences.named("a", None)
        return made.plan, tx.sequences.enrolled("seq_1", "aa")

    plan, there = await desk.write(work)

    assert plan == PLAN
    assert there is not None
    assert (there.due_at, there.version) == (100, 1)


async def test_a_change_of_what_has_changed_meanwhile_is_none(desk: Desk) -> None:
    def work(tx: Tx) -> list[int | None]:
        new = begin(tx, desk.box)
        first = tx.sequences.change(new, 2, step=1)
        second = tx.sequences.change(new, 2, step=2)
        return [one.step if one is not None else None for one in (first, second)]

    assert await desk.write(work) == [1, None]


async def test_only_what_the_server_runs_is_its_to_do_but_all_that_something_happened_to_is_looked_at(
    desk: Desk,
) -> None:
    def work(tx: Tx) -> list[list[str]]:
        begin(tx, desk.box, run_by="agents")
        found = [tx.sequences.to_run(200, 10)]
        tx.tags.add("contact", "contact_1", ("any",), "", 1)
        found.append(tx.sequences.to_run(50, 10))
        return [[one.id for one in rows] for rows in found]

    assert await desk.write(work) == [[], ["enr_1"]]


async def test_the_next_due_is_that_of_sequences_that_the_server_runs(desk: Desk) -> None:
    def work(tx: Tx) -> list[int | None]:
        begin(tx, desk.box)
        due = [tx.sequences.next_due(99), tx.sequences.next_due(100)]
        tx.sequences.end("seq_1", "stopped", "", 5)
        return [*due, tx.sequences.next_due(99)]

    assert await desk.write(work) == [100, None, None]


async def test_an_unknown_column_is_no_change(desk: Desk) -> None:
    def work(tx: Tx) -> None:
        tx.sequences.change(begin(tx, desk.box), 2, version=9)

    with pytest.raises(ValueError, match="not changeable"):
        await desk.write(work)
