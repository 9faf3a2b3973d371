"""The freeze: one mailbox or all, at once, also for what is just being handed over."""

from __future__ import annotations

import asyncio

import pytest

from multimail.core.times import HOUR
from tests.support.desk import BOX, Desk
from tests.support.sink import Fault, Sink

pytestmark = pytest.mark.anyio

SHOP = "shop@localhost"


async def two_approved(desk: Desk) -> tuple[str, str]:
    """One approved mail of each of two mailboxes."""
    await desk.call("operator", "create_mailbox", address=SHOP)
    here, there = await desk.send(), await desk.send(mailbox=SHOP)
    for sent in (here, there):
        await desk.decide(sent.message_id)
    return here.message_id, there.message_id


async def test_a_frozen_mailbox_sends_nothing_and_the_others_do(desk: Desk, sink: Sink) -> None:
    here, there = await two_approved(desk)
    frozen = await desk.call("reviewer", "freeze", mailbox=BOX, reason="odd prices")

    await desk.step(sink)

    assert (frozen.frozen, frozen.everything, frozen.waiting, frozen.reason) == (True, False, 1, "odd prices")
    assert [await desk.status(here), await desk.status(there)] == ["queued", "delivered"]
    await desk.call("operator", "unfreeze", mailbox=BOX)
    assert await desk.step(sink) == 1


async def test_everything_frozen_sends_nothing_at_all(desk: Desk, sink: Sink) -> None:
    await two_approved(desk)
    frozen = await desk.call("reviewer", "freeze")
    assert (await desk.step(sink), frozen.everything, frozen.waiting) == (0, True, 2)

    thawed = await desk.call("operator", "unfreeze")

    assert (thawed.frozen, thawed.everything, await desk.step(sink)) == (False, False, 2)


async def test_freezing_again_changes_nothing_and_one_end_ends_it(desk: Desk, sink: Sink) -> None:
    await two_approved(desk)
    for reason in ("first", ""):
        again = await desk.call("reviewer", "freeze", reason=reason)
    assert again.reason == "first"

    await desk.call("operator", "unfreeze")

    assert await desk.step(sink) == 2


async def test_a_freeze_stops_a_mail_that_is_being_handed_over_before_its_content(
    desk: Desk, sink: Sink
) -> None:
    sent = await desk.send()
    await desk.decide(sent.message_id)
    sink.misbehave(Fault("MAIL", delay=0.2))

    hand_over = asyncio.ensure_future(desk.step(sink))
    await asyncio.to_thread(sink.wait_until, lambda: any(line.startswith("MAIL") for line in sink.commands))
    await desk.call("reviewer", "freeze")
    await hand_over

    assert (await desk.status(sent.message_id), sink.mails) == ("queued", [])
    sink.misbehave()
    await desk.call("operator", "unfreeze")
    assert (await desk.step(sink), len(sink.mails)) == (1, 1)


async def test_under_a_freeze_mail_is_accepted_and_approved_and_waits(desk: Desk, sink: Sink) -> None:
    await desk.set(default_mode="autonomous")
    await desk.call("reviewer", "freeze")

    sent = await desk.send()
    held = await desk.send(subject="Other", oversight_mode="gated_send")
    view = await desk.decide(held.message_id)

    assert (sent.status, "frozen" in sent.rules, view.status) == ("queued", True, "queued")
    assert await desk.step(sink) == 0


async def test_scheduled_mail_waits_for_the_end_of_a_freeze(desk: Desk, sink: Sink) -> None:
    sent = await desk.send(scheduled_at=desk.at(HOUR))
    await desk.decide(sent.message_id)
    await desk.call("reviewer", "freeze", mailbox=BOX)
    desk.later(2 * HOUR)
    assert (await desk.timers(), await desk.step(sink)) == (1, 0)

    await desk.call("operator", "unfreeze", mailbox=BOX)

    assert await desk.step(sink) == 1


async def test_whoever_oversees_may_freeze_and_only_an_operator_ends_it(desk: Desk) -> None:
    for who in ("reviewer", "owner", "operator"):
        assert (await desk.call(who, "freeze")).frozen
    for who in ("agent", "viewer"):
        assert (await desk.refused(who, "freeze")).code == "forbidden"
    for who in ("agent", "viewer", "reviewer", "owner"):
        assert (await desk.refused(who, "unfreeze")).code == "forbidden"


async def test_mailboxes_show_whether_they_are_frozen(desk: Desk) -> None:
    async def shown() -> bool:
        listed = await desk.call("agent", "list_mailboxes")
        return next(bool(one.frozen) for one in listed.mailboxes if one.address == BOX)

    assert not await shown()
    await desk.call("reviewer", "freeze", mailbox=BOX)
    assert await shown()
    await desk.call("operator", "unfreeze", mailbox=BOX)
    await desk.call("reviewer", "freeze")
    assert await shown()
