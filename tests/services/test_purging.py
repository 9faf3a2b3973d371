"""Emptying mailboxes: what goes and what stays, in slices, while mail arrives, across crashes."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from multimail.core.times import DAY, HOUR, MINUTE
from multimail.ports.keeping import Purging
from multimail.services import purging
from tests.support.desk import Desk
from tests.support.sink import Fault, Sink

pytestmark = pytest.mark.anyio


async def empty(desk: Desk, **arguments: Any) -> Any:
    return await desk.call("operator", "empty_mailbox", **({"mailbox": desk.box} | arguments))


async def test_an_emptied_mailbox_keeps_what_waits_or_is_on_its_way(desk: Desk, sink: Sink) -> None:
    held = await desk.send()
    scheduled = await desk.send(subject="Later", scheduled_at=desk.at(HOUR))
    await desk.decide(scheduled.message_id)
    frozen = await desk.send(subject="Frozen")
    await desk.call("reviewer", "freeze")
    await desk.decide(frozen.message_id)
    back = await desk.send(subject="Back")
    await desk.decide(back.message_id, "request_changes", note="No")
    gone = await desk.send(subject="Never mind")
    await desk.call("agent", "cancel_message", message_id=gone.message_id)

    answer = await empty(desk)

    assert (answer.deleted, answer.kept) == (1, 4)
    assert answer.kept_by_status == {
        "changes_requested": 1, "pending_approval": 1, "queued": 1, "scheduled": 1,
    }  # fmt: skip
    assert "1 queued" in answer.reason_kept
    await desk.call("operator", "unfreeze")
    await desk.step(sink)
    assert await desk.status(frozen.message_id) == "delivered"
    assert await desk.status(held.message_id) == "pending_approval"


async def test_mail_that_a_next_hop_put_off_is_on_its_way(desk: Desk, sink: Sink) -> None:
    await desk.set(default_mode="autonomous")
    sink.misbehave(Fault("RCPT", "450 4.2.0 later", recipient="ann@example.org"))
    sent = await desk.send(to=["ann@example.org", "bob@example.org"])
    await desk.step(sink)

    assert (await empty(desk)).kept_by_status == {"sent": 1}
    sink.misbehave()
    desk.later(HOUR)
    await desk.step(sink)
    assert await desk.status(sent.message_id) == "delivered"
    assert (await empty(desk)).deleted == 1


async def test_what_a_waiting_answer_is_about_stays_with_it(desk: Desk) -> None:
    arrived = await desk.receive()
    other = await desk.receive()
    reply = await desk.call("agent", "reply_email", message_id=arrived, body="Ten.")

    answer = await empty(desk)

    assert (answer.deleted, answer.kept_by_status) == (1, {"pending_approval": 1, "unread": 1})
    assert (await desk.refused("operator", "read_email", message_id=other)).code == "not_found"
    assert (await desk.decide(reply.message_id)).status == "queued"


async def test_held_arrivals_wait_for_a_person_and_stay(desk: Desk) -> None:
    await desk.set(default_mode="gated_all")
    held = await desk.receive()

    assert (await empty(desk)).kept_by_status == {"pending_inbound_approval": 1}
    await desk.decide(held, "reject")
    assert (await empty(desk)).deleted == 1


async def test_only_mail_before_a_time_goes_and_only_of_one_mailbox(desk: Desk) -> None:
    await desk.call("operator", "create_mailbox", address="other@localhost")
    await desk.receive()
    elsewhere = await replace(desk, box="other@localhost").receive(Message_ID="<other@x.org>")
    desk.later(DAY)
    young = await desk.receive(Message_ID="<young@x.org>")

    answer = await empty(desk, before=desk.at(-HOUR))

    assert answer.deleted == 1
    assert {one.id for one in await desk.inbound()} == {elsewhere, young}


async def test_either_one_mailbox_is_named_or_everything(desk: Desk) -> None:
    neither = await desk.refused("operator", "empty_mailbox")
    both = await desk.refused("operator", "empty_mailbox", mailbox=desk.box, everything=True)

    assert (neither.code, both.code) == ("invalid", "contradiction")
    assert (await desk.refused("operator", "empty_mailbox", mailbox="no@localhost")).code == "unknown_mailbox"
    for who in ("agent", "reviewer", "owner", "viewer"):
        assert (await desk.refused(who, "empty_mailbox", mailbox=desk.box)).code == "forbidden"


async def test_a_key_of_one_mailbox_empties_only_that(desk: Desk) -> None:
    await desk.call("operator", "create_mailbox", address="other@localhost")
    key = await desk.call("operator", "create_key", name="x", role="operator", mailboxes=["other@localhost"])
    await desk.receive()

    answer = await desk.call(key.key_id, "empty_mailbox", everything=True)

    assert (answer.deleted, len(await desk.inbound())) == (0, 1)


async def test_many_slices_empty_a_mailbox_while_mail_arrives(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purging, "SLICE", 3)
    for _ in range(20):
        await desk.receive()

    answer, *_ = await asyncio.gather(
        empty(desk), *(desk.receive(Message_ID=f"<new{number}@x.org>") for number in range(5))
    )

    left = await desk.inbound()
    assert answer.deleted + len(left) == 25
    assert answer.deleted >= 20
    found = await desk.call("operator", "check_inbox", query="much")
    assert {one.message_id for one in found.messages} == {one.id for one in left}


async def test_two_at_once_delete_each_mail_once_and_both_say_so(desk: Desk) -> None:
    for _ in range(5):
        await desk.receive()

    first, second = await asyncio.gather(empty(desk), empty(desk))

    assert first.deleted + second.deleted == 5
    assert await desk.inbound() == []


async def test_what_a_dead_process_began_the_server_ends(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purging, "SLICE", 2)
    for _ in range(7):
        await desk.receive()
    await cut_off(desk, after=2)
    await desk.reopen()
    assert len(await desk.inbound()) == 3

    assert await purging.step(desk.services) == 0
    desk.later(MINUTE)
    assert await purging.step(desk.services) == 1

    assert await desk.inbound() == []
    (emptied,) = [one for one in await desk.events() if one.kind == "mailbox.emptied"]
    assert emptied.data["deleted"] == 7
    assert await purging.step(desk.services) == 0


async def cut_off(desk: Desk, after: int) -> None:
    """Begin to empty the mailbox as a process does that dies after so many slices."""
    box = await desk.read(lambda tx: tx.mailboxes.by_address(desk.box))
    assert box is not None
    last = await desk.read(lambda tx: tx.purge.newest(box.id))
    job = Purging("prg_1", box.id, last, desk.clock.now() + 1, "key_1", "asked", 0, desk.clock.now())
    await desk.write(lambda tx: tx.purge.begin(job))
    seq = 0
    for _ in range(after):
        doomed = await desk.read(lambda tx, seq=seq: purging._next(tx, job, seq))  # type: ignore[misc]
        await desk.write(lambda tx, doomed=doomed: purging._erase(tx, job, doomed))  # type: ignore[misc]
        seq = doomed[-1].seq


async def test_long_mail_makes_short_slices(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purging, "_SLICE_BYTES", 1)
    for _ in range(3):
        await desk.receive()

    assert (await empty(desk)).deleted == 3


async def test_deleting_single_mails_answers_for_each(desk: Desk) -> None:
    arrived, held = await desk.receive(), (await desk.send()).message_id

    answer = await desk.call(
        "operator", "delete_messages", message_ids=[arrived, held, "msg_00000000000000", arrived]
    )

    assert [(one.deleted, one.code) for one in answer.results] == [
        (True, None), (False, "conflict"), (False, "not_found"),
    ]  # fmt: skip
    assert (answer.deleted, answer.failed) == (1, 2)
    assert "message.deleted" in await desk.kinds(arrived)
