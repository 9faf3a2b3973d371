"""Many at once: approvals, edits and withdrawals from several processes make one mail, or none, never two."""

from __future__ import annotations

import asyncio
import subprocess
from collections import Counter

import pytest

from multimail.core.errors import Problem
from tests.support.desk import Desk
from tests.support.sink import Sink
from tests.support.warm import PROJECT, start

pytestmark = pytest.mark.anyio


async def test_fifty_approvals_at_once_are_one_mail(desk: Desk, sink: Sink) -> None:
    sent = await desk.send()

    tries = [desk.decide(sent.message_id, who=("reviewer", "second")[number % 2]) for number in range(50)]
    ends = await asyncio.gather(*tries, return_exceptions=True)
    await asyncio.gather(desk.step(sink, "one"), desk.step(sink, "two"))

    approved = [end for end in ends if not isinstance(end, BaseException)]
    assert sum(end.repeated is None for end in approved) == 1
    assert {end.code for end in ends if isinstance(end, Problem)} == {"conflict"}
    assert len(sink.mails) == 1


async def test_fifty_approvals_at_once_from_two_processes_are_one_mail(desk: Desk, sink: Sink) -> None:
    sent = await desk.send()
    folder = str(desk.path.parent)
    command = ["-m", "tests.support.desk", folder, sent.message_id, "25", sink.url]

    processes = [start(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = await asyncio.gather(*(asyncio.to_thread(one.communicate, timeout=60) for one in processes))

    ends = Counter(line for out, _ in said for line in out.split())
    assert [one.returncode for one in processes] == [0, 0]
    assert (ends["approved"], sum(ends.values())) == (1, 50)
    assert (len(sink.mails), await desk.status(sent.message_id)) == (1, "delivered")


async def test_of_an_approval_an_edit_and_a_withdrawal_at_once_nothing_unapproved_leaves(
    desk: Desk, sink: Sink
) -> None:
    for number in range(10):
        sent = await desk.send(subject=str(number), body="Approved text.")
        await asyncio.gather(
            desk.decide(sent.message_id, digest=sent.digest),
            desk.call("agent", "edit_pending", message_id=sent.message_id, body="Other text."),
            desk.call("agent", "cancel_message", message_id=sent.message_id),
            desk.step(sink),
            return_exceptions=True,
        )
    await desk.step(sink)

    assert not any(b"Other text." in mail.raw for mail in sink.mails)


async def test_a_decision_on_what_changed_underneath_is_a_conflict(desk: Desk) -> None:
    sent = await desk.send()
    message = await desk.message(sent.message_id)
    await desk.decide(sent.message_id, "escalate")

    with pytest.raises(Problem) as caught:
        await desk.write(lambda tx: tx.messages.move(message, "queued", 0))

    assert caught.value.code == "conflict"
