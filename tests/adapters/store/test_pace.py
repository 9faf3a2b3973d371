"""Pace in the store: rules as they were set, and what counts for a cap."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from multimail.core.pace import Cap, Handed, PaceRule, Quiet
from multimail.ports.pace import NewlyHanded
from multimail.ports.store import Tx
from tests.support.desk import Desk, opened

pytestmark = pytest.mark.anyio
RULE = PaceRule(
    "pace_1", "mbx_1", "news", (Cap("day", 1), Cap("week", 3)), Quiet(60, 120, frozenset({0, 6})), True, False, True
)  # fmt: skip


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with opened(tmp_path) as made:
        yield made


async def test_rules_come_back_as_they_were_saved_and_for_their_mailbox(desk: Desk) -> None:
    plain = PaceRule("pace_2")

    def work(tx: Tx) -> tuple[list[PaceRule], list[PaceRule]]:
        tx.pace.save(RULE, "key_1", 1)
        tx.pace.save(plain, "key_1", 1)
        return tx.pace.rules("mbx_1"), tx.pace.rules("mbx_2")

    assert await desk.write(work) == ([plain, RULE], [plain])


async def test_a_delivery_counts_once_and_at_its_last_time(desk: Desk) -> None:
    def work(tx: Tx) -> dict[str, list[Handed]]:
        tx.pace.count([NewlyHanded("aa", "dlv_1", "m", "", 10), NewlyHanded("bb", "dlv_2", "m", "t", 10)])
        tx.pace.count([NewlyHanded("aa", "dlv_1", "m", "", 20)])
        tx.pace.prune(11)
        return tx.pace.handed(["aa", "bb"], 0)

    assert await desk.write(work) == {"aa": [Handed(20, "m", "")]}


async def test_what_is_asked_about_and_what_failed_does_not_count(desk: Desk) -> None:
    await desk.set(default_mode="autonomous")
    sent = await desk.send()
    (delivery,) = (await desk.deliveries(sent.message_id)).values()

    def work(tx: Tx) -> list[int]:
        tx.pace.count(
            [NewlyHanded("aa", delivery.id, "m", "", 10), NewlyHanded("aa", "dlv_gone", "m", "", 10)]
        )
        found = [
            tx.pace.handed(["aa"], 0),
            tx.pace.handed(["aa"], 0, ["dlv_gone"]),
            tx.pace.handed(["aa"], 10),
        ]
        return [len(one.get("aa", ())) for one in found]

    # The first waits in the queue, so nobody has it; of the second nothing is known any more.
    assert await desk.write(work) == [1, 0, 0]
