"""Undoing an approval: the mail waits again, nothing leaves, and the record keeps both."""

from __future__ import annotations

import pytest

from multimail.core.times import DAY, MINUTE
from tests.support.desk import Desk
from tests.support.sink import Sink

pytestmark = pytest.mark.anyio


async def approved(desk: Desk) -> str:
    await desk.set(undo_seconds=60)
    sent = await desk.send()
    await desk.decide(sent.message_id)
    return str(sent.message_id)


async def test_an_approval_that_is_undone_waits_again_and_does_not_leave(desk: Desk, sink: Sink) -> None:
    message_id = await approved(desk)

    view = await desk.decide(message_id, "undo", note="wrong one")
    desk.later(MINUTE + 1)
    await desk.step(sink)

    assert (view.status, view.decision) == ("pending_approval", "undo")
    assert sink.mails == []
    [waiting] = (await desk.call("reviewer", "list_pending")).pending
    assert waiting.message_id == message_id
    assert {"oversight.approved", "oversight.undone"} <= set(await desk.kinds(message_id))
    history = await desk.call("operator", "get_message_history", message_id=message_id)
    assert [one.decision for one in history.decisions] == ["approve", "undo"]
    assert [one.approvals_missing for one in history.decisions] == [None, None]


async def test_what_was_undone_is_approved_again_and_leaves_once(desk: Desk, sink: Sink) -> None:
    message_id = await approved(desk)
    await desk.decide(message_id, "undo")

    assert (await desk.decide(message_id)).repeated is None
    desk.later(MINUTE + 1)
    await desk.step(sink)

    assert len(sink.mails) == 1
    assert await desk.status(message_id) == "delivered"


async def test_undoing_twice_is_undoing_once(desk: Desk) -> None:
    message_id = await approved(desk)
    await desk.decide(message_id, "undo")

    assert (await desk.decide(message_id, "undo")).repeated is True


async def test_approved_mail_with_a_time_waits_for_a_decision_again(desk: Desk) -> None:
    sent = await desk.send(scheduled_at=desk.at(DAY))
    await desk.decide(sent.message_id)

    assert (await desk.decide(sent.message_id, "undo")).status == "pending_approval"
    desk.later(DAY + 1)
    assert await desk.step() == 0
    assert await desk.status(sent.message_id) == "pending_approval"


async def test_after_the_window_there_is_nothing_to_undo(desk: Desk) -> None:
    message_id = await approved(desk)
    desk.later(MINUTE)

    problem = await desk.refused("reviewer", "decide_email", message_id=message_id, decision="undo")

    assert problem.code == "conflict"
    assert await desk.status(message_id) == "queued"


async def test_what_waits_or_nobody_approved_cannot_be_undone(desk: Desk) -> None:
    held = await desk.send()
    await desk.set(default_mode="autonomous", undo_seconds=60)
    alone = await desk.send(subject="Alone")

    for one in (held, alone):
        problem = await desk.refused("reviewer", "decide_email", message_id=one.message_id, decision="undo")
        assert problem.code == "conflict"
