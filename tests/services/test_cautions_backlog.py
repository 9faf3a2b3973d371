"""What waits is examined without anybody asking, a few at a time."""

from __future__ import annotations

import pytest

from multimail.ports.desk import Examined
from multimail.services import cautions, cautions_backlog
from tests.support.desk import Desk

pytestmark = pytest.mark.anyio


async def examined(desk: Desk, message_id: str) -> Examined | None:
    return await desk.read(lambda tx: tx.desk.examined(message_id))


async def test_it_works_until_nothing_is_left_and_then_does_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cautions_backlog, "AT_ONCE", 2)
    held = [(await desk.send(subject=f"No. {number}")).message_id for number in range(3)]

    assert [await cautions_backlog.step(desk.services) for _ in range(3)] == [2, 1, 0]

    found = [await examined(desk, one) for one in held]
    assert [(one.risk, one.codes) for one in found if one] == [(25, ("new_recipient", "new_domain"))] * 3


async def test_held_arriving_mail_and_mail_held_again_are_examined_too(desk: Desk) -> None:
    await desk.set(default_mode="autonomous", undo_seconds=60)
    freed = (await desk.send()).message_id
    await desk.set(default_mode="gated_all")
    arrived = await desk.receive()

    assert await cautions_backlog.step(desk.services) == 2
    assert all([await examined(desk, one) for one in (freed, arrived)])


async def test_what_waits_no_more_is_passed_over(desk: Desk) -> None:
    held = (await desk.send()).message_id
    await desk.decide(held, "reject")

    assert [await cautions_backlog.step(desk.services) for _ in range(2)] == [1, 0]
    assert await examined(desk, held) is None


async def test_one_that_cannot_be_examined_stands_on_top_and_stops_no_other(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bad = (await desk.send(subject="Bad")).message_id
    await desk.send(subject="Good")
    usual = cautions.examine

    def broken(tx: object, message: object) -> cautions.Examination:
        if getattr(message, "id", "") == bad:
            raise ValueError("unforeseen")
        return usual(tx, message)  # type: ignore[arg-type]

    monkeypatch.setattr(cautions, "examine", broken)
    assert await cautions_backlog.step(desk.services) == 2

    rows = (await desk.call("reviewer", "list_reviews")).reviews
    assert [(one.subject, one.risk) for one in rows] == [("Bad", 100), ("Good", 25)]
    assert "could not be examined" in caplog.text
