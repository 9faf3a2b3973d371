"""Deleting mail for good: what goes, what stays, and that nothing of what went can be found."""

from __future__ import annotations

import pytest

from tests.support.desk import Desk

pytestmark = pytest.mark.anyio


async def test_an_emptied_mailbox_keeps_only_what_waits_or_is_on_its_way(desk: Desk) -> None:
    for _ in range(3):
        await desk.receive()
    held = await desk.send()
    ended = await desk.send(subject="Never mind")
    await desk.call("agent", "cancel_message", message_id=ended.message_id)

    answer = await desk.call("operator", "empty_mailbox", mailbox=desk.box)

    assert (answer.deleted, answer.kept, answer.kept_by_status) == (4, 1, {"pending_approval": 1})
    assert "1 pending_approval" in answer.reason_kept
    left = await desk.call("operator", "check_inbox", mailbox=desk.box)
    assert [one.message_id for one in left.messages] == [held.message_id]
