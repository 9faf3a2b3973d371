"""The outbox with next hops that take long or put off: nobody waits, no lease runs out, no release is forgotten."""

from __future__ import annotations

import asyncio
from typing import Any, Literal

import pytest

from multimail.core.times import HOUR, SECOND
from multimail.ports.transport import AboutToSend, HandOver, Outcome
from multimail.services import upkeep
from multimail.services.outbox import Outbox
from tests.support.desk import Desk
from tests.support.sink import Fault, Sink

pytestmark = pytest.mark.anyio


class Slow:
    """A way out that lets nothing arrive at `ann@` before the test says so."""

    name: Literal["relay"] = "relay"

    def __init__(self) -> None:
        self.begun, self.go_on = asyncio.Event(), asyncio.Event()

    async def deliver(self, work: HandOver, about_to_send: AboutToSend) -> tuple[Outcome, ...]:
        ids = await about_to_send(tuple(one.delivery_id for one in work.recipients))
        if work.recipients[0].address.startswith("ann@"):
            self.begun.set()
            await self.go_on.wait()
        return tuple(Outcome(one, "sent", 250) for one in ids)

    async def probe(self) -> str:
        return ""

    async def close(self) -> None: ...


class Asleep(Slow):
    """Stops before the mark; then it goes on, or says that the connection was lost."""

    def __init__(self, *, gives_up: bool) -> None:
        super().__init__()
        self.over = asyncio.Event()
        self.sent: tuple[str, ...] = ()
        self._gives_up = gives_up

    async def deliver(self, work: HandOver, about_to_send: AboutToSend) -> tuple[Outcome, ...]:
        ids = tuple(one.delivery_id for one in work.recipients)
        self.begun.set()
        await self.go_on.wait()
        self.sent = () if self._gives_up else await about_to_send(ids)
        self.over.set()
        return tuple(Outcome(one, "retry", 451) for one in ids)


async def becomes(desk: Desk, message_id: str, status: str) -> None:
    """As soon as the mail is in this state."""
    async with asyncio.timeout(20):
        while await desk.status(message_id) != status:
            await desk.services.store.changed(desk.services.store.version(), 0.1)


async def test_a_mail_that_takes_long_holds_up_no_other(desk: Desk) -> None:
    await desk.set(default_mode="autonomous")
    way_out = Slow()
    outbox = Outbox(desk.services, way_out, "desk")
    slow = await desk.send()
    await outbox.begin()
    await way_out.begun.wait()
    quick = await desk.send(to=["bob@example.org"], subject="Quick")
    await outbox.begin()

    await becomes(desk, quick.message_id, "delivered")

    assert await desk.status(slow.message_id) == "sending"
    way_out.go_on.set()
    await outbox.finish()
    assert await desk.status(slow.message_id) == "delivered"


async def test_a_lease_lasts_as_long_as_the_hand_over(desk: Desk) -> None:
    desk.limit(lease=SECOND // 10)
    await desk.set(default_mode="autonomous")
    way_out = Slow()
    outbox = Outbox(desk.services, way_out, "desk")
    sent = await desk.send()
    await outbox.begin()
    await way_out.begun.wait()
    desk.later(HOUR)
    now = desk.clock.now()
    async with asyncio.timeout(20):
        while await desk.read(lambda tx: tx.deliveries.leased(now, whoever=False)):
            await desk.services.store.changed(desk.services.store.version(), 0.1)

    assert await upkeep.rescue(desk.services, alone=False) == 0

    way_out.go_on.set()
    await outbox.finish()
    assert await desk.status(sent.message_id) == "delivered"


@pytest.mark.parametrize("then", ["goes on", "gives up"])
async def test_an_attempt_whose_lease_ran_out_decides_nothing_about_the_next_one(
    then: str, desk: Desk
) -> None:
    """As over a laptop's sleep: the first attempt comes back to itself while the second hands over."""
    await desk.set(default_mode="autonomous")
    asleep, awake = Asleep(gives_up=then == "gives up"), Slow()
    outbox = Outbox(desk.services, asleep, "desk")
    sent = await desk.send()
    await outbox.begin()
    await asleep.begun.wait()
    desk.later(HOUR)
    assert await upkeep.rescue(desk.services, alone=False) == 1
    outbox.transport = awake
    await outbox.begin()
    await awake.begun.wait()

    asleep.go_on.set()
    await asleep.over.wait()
    await desk.write(lambda tx: None)

    assert await desk.status(sent.message_id) == "sending"
    awake.go_on.set()
    await outbox.finish()
    assert asleep.sent == ()
    assert await desk.status(sent.message_id) == "delivered"
    desk.later(HOUR)
    assert await outbox.step() == 0


async def test_what_takes_longer_than_the_end_allows_is_cut_off_and_unknown(desk: Desk) -> None:
    await desk.set(default_mode="autonomous")
    way_out = Slow()
    outbox = Outbox(desk.services, way_out, "desk")
    sent = await desk.send()
    await outbox.begin()
    await way_out.begun.wait()

    await outbox.finish(grace=0.01)
    await upkeep.rescue(desk.services, alone=True)

    assert await desk.status(sent.message_id) == "unknown"


@pytest.mark.parametrize("then", ["put off", "crash"])
async def test_a_released_mail_stays_released_when_it_is_tried_again(
    then: str, desk: Desk, sink: Sink
) -> None:
    await desk.set(default_mode="autonomous", deliver="capture")
    sent: Any = await desk.send()
    await desk.step(sink)
    await desk.call("operator", "release_message", message_id=sent.message_id)
    if then == "put off":
        sink.misbehave(Fault("RCPT", "451 4.7.1 later", times=1))
        await desk.step(sink)
    else:
        now = desk.clock.now()
        await desk.write(lambda tx: tx.deliveries.claim("dead", now, now + HOUR, 10))
        await upkeep.rescue(desk.services, alone=True)
    desk.later(HOUR)

    await desk.step(sink)

    assert len(sink.mails) == 1
    assert await desk.status(sent.message_id) == "delivered"
