"""Tightening holds again what no person decided on; loosening releases nothing."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from multimail.core.times import HOUR, MINUTE
from tests.support.desk import Desk
from tests.support.sink import Fault, Sink

pytestmark = pytest.mark.anyio

TIGHTER: tuple[dict[str, Any], ...] = (
    {"default_mode": "gated_all"}, {"default_mode": "gated_send"}, {"default_mode": "read_only"},
    {"allowed": ["*@example.com"]}, {"deliver": "hold"},
)  # fmt: skip


@pytest.fixture
async def free(desk: Desk) -> Desk:
    await desk.set(default_mode="autonomous", undo_seconds=60)
    return desk


@pytest.mark.parametrize("settings", TIGHTER, ids=lambda given: "-".join(map(str, given.values())))
@pytest.mark.parametrize("more", [{}, {"later": HOUR}], ids=["queued", "scheduled"])
async def test_what_the_policy_let_go_is_held_again(
    free: Desk, sink: Sink, settings: dict[str, Any], more: dict[str, int]
) -> None:
    sent = await free.send(**({"scheduled_at": free.at(more["later"])} if more else {}))

    changed = await free.set(**settings)
    free.later(2 * HOUR)

    assert changed.held_again == 1
    assert (await free.status(sent.message_id), await free.timers(), await free.step(sink)) == (
        "pending_approval", 0, 0,
    )  # fmt: skip
    assert (await free.message(sent.message_id)).released_digest is None


async def test_held_again_it_can_be_approved_and_goes(free: Desk, sink: Sink) -> None:
    sent = await free.send()
    await free.set(default_mode="gated_send")

    await free.decide(sent.message_id)
    assert await free.step(sink) == 0
    free.later(MINUTE)

    assert (await free.step(sink), await free.status(sent.message_id)) == (1, "delivered")


async def test_a_persons_approval_stands(desk: Desk, sink: Sink) -> None:
    sent = await desk.send(scheduled_at=desk.at(HOUR))
    await desk.decide(sent.message_id)

    changed = await desk.set(default_mode="gated_all", allowed=[])
    desk.later(HOUR)
    await desk.timers()

    assert (changed.held_again, await desk.step(sink)) == (0, 1)


async def test_but_not_under_read_only_which_stops_everything(desk: Desk, sink: Sink) -> None:
    sent = await desk.send()
    await desk.decide(sent.message_id)

    await desk.set(default_mode="read_only")
    assert (await desk.step(sink), await desk.status(sent.message_id)) == (0, "queued")
    await desk.set(default_mode="gated_send")

    assert await desk.step(sink) == 1


async def test_a_read_only_default_stops_what_asked_for_no_mode(desk: Desk, sink: Sink) -> None:
    await desk.set(ceiling="autonomous")
    plain, asked = await desk.send(), await desk.send(subject="Asked", oversight_mode="gated_send")
    for sent in (plain, asked):
        await desk.decide(sent.message_id)

    await desk.set(default_mode="read_only", ceiling="autonomous")
    await desk.step(sink)

    assert [await desk.status(one.message_id) for one in (plain, asked)] == ["queued", "delivered"]


async def test_loosening_releases_nothing(desk: Desk, sink: Sink) -> None:
    sent = await desk.send()

    changed = await desk.set(default_mode="autonomous", trusted=["*"])
    desk.later(HOUR)

    assert (changed.held_again, await desk.step(sink)) == (0, 0)
    assert await desk.status(sent.message_id) == "pending_approval"


async def test_a_change_that_concerns_other_things_holds_nothing(free: Desk) -> None:
    await free.send()

    assert (await free.set(display_name="Desk")).held_again == 0
    assert (await free.set(display_name="Desk")).changed == []


async def test_mail_that_a_next_hop_put_off_is_held_again_as_well(free: Desk, sink: Sink) -> None:
    sink.misbehave(Fault("DOT", "451 4.3.0 later"))
    sent = await free.send()
    free.later(HOUR)
    await free.step(sink)
    assert await free.status(sent.message_id) == "sending"
    sink.misbehave()

    assert (await free.set(default_mode="gated_send")).held_again == 1
    free.later(HOUR)
    assert await free.step(sink) == 0
    await free.decide(sent.message_id)
    free.later(MINUTE)

    assert (await free.step(sink), len(sink.mails)) == (1, 1)


async def test_mail_that_somebody_has_already_stays_where_it_is(free: Desk, sink: Sink) -> None:
    sink.misbehave(Fault("RCPT", "450 4.2.0 later", recipient="bob@example.org"))
    sent = await free.send(cc=["bob@example.org"])
    free.later(HOUR)
    await free.step(sink)

    assert (await free.set(default_mode="gated_send")).held_again == 0
    assert await free.status(sent.message_id) == "sent"


async def test_a_mail_that_is_claimed_but_not_handed_over_is_held_again(free: Desk, sink: Sink) -> None:
    sent = await free.send()
    free.later(HOUR)
    sink.misbehave(Fault("MAIL", delay=0.2))

    hand_over = asyncio.ensure_future(free.step(sink))
    await asyncio.to_thread(sink.wait_until, lambda: any(line.startswith("MAIL") for line in sink.commands))
    changed = await free.set(default_mode="gated_send")
    await hand_over

    assert (changed.held_again, sink.mails) == (1, [])
    assert await free.status(sent.message_id) == "pending_approval"


async def test_the_record_says_that_it_was_tightened_and_by_which_rule(free: Desk) -> None:
    sent = await free.send()
    await free.set(default_mode="gated_all")

    event = (await free.events(sent.message_id))[-1]

    assert (event.kind, event.data) == (
        "message.pending_approval",
        {"rules": ["gated_all"], "tightened": True},
    )
