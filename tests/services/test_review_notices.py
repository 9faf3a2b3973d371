"""Notices that something waits: one mail for all that came together, told once, and no agent's to read."""

from __future__ import annotations

from typing import Any

import pytest

from multimail.core.times import HOUR, MINUTE
from multimail.services import review_notices
from tests.support.desk import Desk

pytestmark = pytest.mark.anyio
BOSS = "boss@example.com"


async def notices(desk: Desk) -> list[Any]:
    """The notices there are, newest first."""
    found = await desk.call("operator", "check_inbox", limit=1000)
    return [one for one in found.messages if "for a decision" in one.subject]


async def told(desk: Desk, after: int = 0) -> int:
    """How many notices a step makes, after some time."""
    desk.later(after)
    return await review_notices.step(desk.services)


async def test_what_comes_together_is_told_in_one_mail_once(desk: Desk) -> None:
    await desk.set(oversight_address=BOSS)
    await desk.send()
    assert await told(desk, 2 * MINUTE - 1) == 0
    for number in range(4):
        await desk.send(subject=f"No {number}")
    assert await told(desk, 1) == 1
    assert await told(desk, HOUR) == 0

    (one,) = await notices(desk)
    opened = await desk.call("operator", "read_email", message_id=one.message_id)

    assert one.subject == f"5 mails wait for a decision in {desk.box}"
    assert [one.to, one.status] == [[BOSS], "queued"]
    assert "the oldest since 2026-03-02 12:00 UTC" in opened.body
    assert "Monday" not in opened.body
