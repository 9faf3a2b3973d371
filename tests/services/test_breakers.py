"""Breakers against a real next hop: what came back stops the rest, wherever it is on its way, until an operator
resumes; then all of it goes, once."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import pytest

from multimail.core.model import MessageClass
from multimail.core.reputation import CAMPAIGN, MAILBOX
from multimail.core.times import DAY, HOUR, MINUTE
from multimail.ports.records import StoredDelivery
from multimail.ports.reputation import Subject
from multimail.services import review_notices
from multimail.services.breakers import Breakers
from multimail.services.outbox import Outbox
from tests.support.desk import Desk
from tests.support.sink import Fault, Sink

pytestmark = pytest.mark.anyio

SPRING = Subject(CAMPAIGN, "spring")


async def campaign(desk: Desk, addresses: list[str], *tags: str) -> list[str]:
    """A mail to each, cleared to leave; their ids."""
    await desk.set(default_mode="autonomous")
    return [
        (await desk.send(to=[one], tags=["spring", *tags], subject=f"For {one}")).message_id
        for one in addresses
    ]


def people(count: int, name: str = "p") -> list[str]:
    return [f"{name}{number:03d}@out.test" for number in range(count)]


async def all_deliveries(desk: Desk, ids: list[str]) -> list[StoredDelivery]:
    return [one for message_id in ids for one in (await desk.deliveries(message_id)).values()]


async def states(desk: Desk, ids: list[str]) -> Counter[str]:
    return Counter(one.status for one in await all_deliveries(desk, ids))


async def quiet(desk: Desk) -> None:
    """Lanes and time are in order."""
    breakers = Breakers(desk.services)
    while await breakers.step():
        pass


async def drained(desk: Desk, sink: Sink) -> None:
    """All that may leave has left."""
    await quiet(desk)
    while await desk.step(sink):
        await quiet(desk)


async def own(desk: Desk) -> Subject:
    found = await desk.read(lambda tx: tx.mailboxes.by_address(desk.box))
    assert found is not None
    return Subject(MAILBOX, found.id)


def refusing(addresses: list[str]) -> list[Fault]:
    return [Fault("RCPT", "550 5.1.1 nobody", recipient=one) for one in addresses]


async def kinds(desk: Desk) -> list[str]:
    events = await desk.read(lambda tx: tx.events.after(0, 100_000))
    return [one.kind for one in events if one.kind.startswith("sending.")]


async def straight(desk: Desk, **rules: Any) -> None:
    """Breakers pause at five percent without slowing down before."""
    await desk.call("operator", "set_breakers", throttle_bounces=5.0, **rules)


async def running(desk: Desk, sink: Sink) -> list[str]:
    """A campaign of which the first sixty arrive, then six come back, and a hundred and twenty are still to go."""
    bad = people(6, "bad")
    sink.misbehave(*refusing(bad))
    ids = await campaign(desk, people(60))
    await drained(desk, sink)
    ids += await campaign(desk, bad)
    desk.later(MINUTE)
    return ids + await campaign(desk, people(120, "late"))


async def test_the_rest_of_a_running_campaign_stops_at_the_rate_and_goes_once_the_operator_resumes(
    desk: Desk, sink: Sink
) -> None:
    await straight(desk)
    ids = await running(desk, sink)

    await drained(desk, sink)

    reached = len(sink.mails)
    stats = (await desk.call("agent", "campaign_stats", tag="spring")).campaigns[0]
    assert 60 <= reached < 160
    assert (stats.state, stats.delivered) == ("paused", reached)
    assert stats.bounce_percent >= 5
    assert stats.waiting == (await states(desk, ids))["queued"] > 0
    assert await kinds(desk) == ["sending.warned", "sending.warned", "sending.paused", "sending.paused"]

    sink.misbehave()
    resumed = await desk.call("operator", "resume_sending", campaign="spring")
    await drained(desk, sink)

    assert (resumed.was, resumed.also) == (
        "paused",
        [desk.box],
    )
    found = await states(desk, ids)
    assert (found["sent"], found["sent"] + found["failed"]) == (len(sink.mails), 186)
    assert Counter(mail.recipients for mail in sink.mails).most_common(1)[0][1] == 1


async def test_what_came_back_before_there_was_enough_counts_for_a_campaign_once_there_is(
    desk: Desk, sink: Sink
) -> None:
    await desk.call("operator", "set_breakers", mailbox=desk.box, enabled=False)
    bad = people(10, "bad")
    sink.misbehave(*refusing(bad))
    await campaign(desk, bad)
    await drained(desk, sink)
    await campaign(desk, people(100))
    await drained(desk, sink)

    stats = (await desk.call("agent", "campaign_stats", tag="spring")).campaigns[0]
    assert (stats.state, stats.bounced, stats.waiting) == ("paused", 10, 110 - stats.sent)
    assert stats.sent < 80


async def test_what_another_process_had_claimed_when_it_tripped_does_not_leave(
    desk: Desk, sink: Sink
) -> None:
    ids = await campaign(desk, people(3))
    now = desk.clock.now()
    claims = await desk.write(lambda tx: tx.deliveries.claim("other", now, now + HOUR, 50))
    assert len(claims) == 3

    await desk.write(lambda tx: tx.stops.put(SPRING, "paused"))

    other = Outbox(desk.services, desk.ways_out.get(sink.url) or await way_out(desk, sink), "other")
    await asyncio.gather(*(other._send(claim) for claim in claims))
    assert sink.mails == []
    assert await states(desk, ids) == {"queued": 3}
    assert await desk.step(sink) == 0


async def way_out(desk: Desk, sink: Sink) -> Any:
    await desk.step(sink)
    return desk.ways_out[sink.url]


async def test_mail_without_the_tag_goes_on_while_a_campaign_is_paused(desk: Desk, sink: Sink) -> None:
    await desk.write(lambda tx: tx.stops.put(SPRING, "paused"))
    await campaign(desk, people(2))
    await desk.send(to=["kim@out.test"])

    await drained(desk, sink)

    assert [mail.recipients for mail in sink.mails] == [("kim@out.test",)]


async def test_below_the_minimum_volume_nothing_trips(desk: Desk, sink: Sink) -> None:
    sink.misbehave(*refusing(people(10)))
    await campaign(desk, people(30))

    await drained(desk, sink)

    assert (len(sink.mails), await kinds(desk)) == (20, [])


async def test_a_throttle_lets_so_many_through_each_minute_and_loses_none(desk: Desk, sink: Sink) -> None:
    ids = await campaign(desk, people(25))
    await desk.write(lambda tx: tx.stops.put(SPRING, "throttled", per_minute=10))

    reached = []
    for _ in range(4):
        await drained(desk, sink)
        reached.append(len(sink.mails))
        desk.later(MINUTE)

    assert reached == [10, 20, 25, 25]
    assert await states(desk, ids) == {"sent": 25}


async def test_two_throttles_share_what_is_covered_by_both(desk: Desk, sink: Sink) -> None:
    await campaign(desk, people(8))
    await desk.write(lambda tx: tx.stops.put(SPRING, "throttled", per_minute=5))
    box = await own(desk)
    await desk.write(lambda tx: tx.stops.put(box, "throttled", per_minute=3))

    reached = []
    for _ in range(3):
        await drained(desk, sink)
        reached.append(len(sink.mails))
        desk.later(MINUTE)

    assert reached == [3, 6, 8]


async def test_a_throttled_campaign_goes_on_as_usual_once_its_rate_is_well_below(
    desk: Desk, sink: Sink
) -> None:
    await desk.call("operator", "set_breakers", per_minute=100, pause_bounces=90.0)
    sink.misbehave(*refusing(people(2, "bad")))
    await campaign(desk, people(50))
    desk.later(MINUTE)
    await campaign(desk, people(2, "bad"))
    await drained(desk, sink)
    assert (await kinds(desk))[-1] == "sending.throttled"

    desk.later(MINUTE)
    await campaign(desk, people(80, "good"))
    await drained(desk, sink)

    assert len(sink.mails) == 130
    assert (await kinds(desk))[-1] == "sending.resumed"
    assert await desk.read(lambda tx: tx.stops.all()) == []


async def test_rates_fall_with_time_too_and_what_was_lifted_is_forgotten(desk: Desk, sink: Sink) -> None:
    await desk.call("operator", "set_breakers", pause_bounces=90.0)
    sink.misbehave(*refusing(people(5, "bad")))
    await campaign(desk, [*people(50), *people(5, "bad")])
    await drained(desk, sink)
    assert [one.mode for one in await desk.read(lambda tx: tx.stops.all())] == ["throttled", "throttled"]

    desk.later(DAY + HOUR)
    await drained(desk, sink)

    assert (await kinds(desk))[-2:] == ["sending.resumed", "sending.resumed"]
    assert await desk.read(lambda tx: tx.stops.lifted()) == []


async def test_a_pause_does_not_end_by_itself(desk: Desk, sink: Sink) -> None:
    await straight(desk)
    await running(desk, sink)
    await drained(desk, sink)
    reached = len(sink.mails)

    desk.later(40 * DAY)
    await drained(desk, sink)

    assert len(sink.mails) == reached


async def test_after_a_resume_old_returns_count_no_more_and_new_ones_do(desk: Desk, sink: Sink) -> None:
    await straight(desk)
    await running(desk, sink)
    await drained(desk, sink)
    sink.misbehave(*refusing(people(9, "worse")))
    await desk.call("operator", "resume_sending", campaign="spring")
    await drained(desk, sink)
    before = await kinds(desk)
    desk.later(MINUTE)

    await campaign(desk, people(9, "worse"))
    await drained(desk, sink)

    assert "sending.paused" not in before[before.index("sending.resumed") :]
    assert (await kinds(desk))[-1] == "sending.paused"


async def test_the_servers_own_mail_leaves_a_paused_mailbox(desk: Desk, sink: Sink) -> None:
    await desk.set(default_mode="gated_send", oversight_address="boss@out.test")
    box = await own(desk)
    await desk.write(lambda tx: tx.stops.put(box, "paused"))
    held = await desk.send()
    desk.later(HOUR)

    assert await review_notices.step(desk.services) == 1
    await drained(desk, sink)

    assert [mail.recipients for mail in sink.mails] == [("boss@out.test",)]
    notice = await desk.read(lambda tx: tx.messages.of_mailbox(box.name, ("delivered",)))
    assert [one.message_class for one in notice] == [MessageClass.SYSTEM]
    assert await desk.status(held.message_id) == "pending_approval"
