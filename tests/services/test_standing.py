"""What every page says: how much waits for this person, and what is frozen."""

from __future__ import annotations

from pathlib import Path

import pytest

from multimail.core.model import Principal
from multimail.services import standing
from multimail.services.standing import Standing
from tests.support.desk import Desk, opened

pytestmark = pytest.mark.anyio
OTHER = "other@localhost"


async def principal(desk: Desk, who: str) -> Principal:
    found = await desk.read(lambda tx: tx.principals.get(desk.who[who]))
    assert found is not None
    return found.principal


async def stands(desk: Desk, who: str = "reviewer") -> Standing:
    return await standing.standing(desk.services, await principal(desk, who))


async def test_what_needs_a_decision_is_counted_and_what_is_the_authors_turn_is_not(tmp_path: Path) -> None:
    async with opened(tmp_path) as desk:
        held = [await desk.send(subject=f"Mail {number}") for number in range(4)]
        await desk.decide(held[0].message_id, "request_changes", note="Shorter.")
        await desk.decide(held[1].message_id, "escalate")
        await desk.decide(held[2].message_id, "reject")

        assert (await stands(desk)).waiting == 2


async def test_who_may_not_decide_is_told_of_nothing(tmp_path: Path) -> None:
    async with opened(tmp_path) as desk:
        await desk.send()

        assert (await stands(desk, "viewer")).waiting == 0


async def test_counting_ends_where_nobody_reads_the_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing, "MOST", 2)
    async with opened(tmp_path) as desk:
        for number in range(3):
            await desk.send(subject=f"Mail {number}")

        assert (await stands(desk)).waiting == 2


async def test_only_ones_own_mailboxes_are_spoken_of(tmp_path: Path) -> None:
    async with opened(tmp_path) as desk:
        made = await desk.call("operator", "create_mailbox", address=OTHER)
        key = await desk.call("operator", "create_key", name="Sam", role="reviewer", mailboxes=[OTHER])
        desk.who["Sam"] = key.key_id
        await desk.send()
        await desk.call("operator", "freeze", mailbox=desk.box)
        await desk.call("operator", "freeze", mailbox=made.mailbox.mailbox_id)

        assert await stands(desk, "Sam") == Standing(0, False, None, "", (OTHER,))
        assert (await stands(desk)).frozen == (desk.box, OTHER)


async def test_a_freeze_of_everything_says_since_when_and_why(tmp_path: Path) -> None:
    async with opened(tmp_path) as desk:
        await desk.call("operator", "freeze", reason="A leak")
        now = await stands(desk)
        assert (now.everything_frozen, now.since, now.reason) == (True, desk.clock.now(), "A leak")

        await desk.call("operator", "unfreeze")
        after = await stands(desk)
        assert (after.everything_frozen, after.since, after.reason) == (False, None, "")
