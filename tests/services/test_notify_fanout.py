"""Who is told what: by name, mailbox, tag and audience, once each, from the moment of subscribing on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from multimail.core.times import HOUR
from multimail.ports.records import Event
from multimail.ports.store import Tx
from multimail.services.notify_fanout import BATCH, Fanout, catch_up
from tests.support.desk import BOX, Desk
from tests.support.hooks import deliveries, subscribe

pytestmark = pytest.mark.anyio
URL = "https://example.com/"


async def told(desk: Desk, hook: Any, fanout: Fanout | None = None) -> list[str]:
    """What a webhook is told so far, in order."""
    fanout = fanout or Fanout(desk.services)
    while await fanout.step():
        pass
    return [one.event for one in await deliveries(desk, webhook_id=hook.webhook_id)]


async def whole_life(desk: Desk) -> None:
    sent = await desk.send()
    await desk.decide(sent.message_id)
    await desk.step()
    await desk.receive()
    await desk.call("agent", "tag_email", email="ann@example.org", tags=["vip"])


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        (["approval.required"], ["oversight.pending"]),
        (["inbound", "delivery"], ["message.delivered", "message.received"]),
        (["contact.*"], []),
        (["tags.changed"], ["tags.changed"]),
        (["oversight.*"], ["oversight.pending", "oversight.approved"]),
        (["complaint", "open"], []),
        (
            ["message.status_changed"],
            [
                "oversight.pending",
                "oversight.approved",
                "message.queued",
                "message.delivered",
                "message.received",
            ],
        ),
    ],
)
async def test_a_webhook_is_told_the_events_it_names(
    desk: Desk, events: Sequence[str], expected: list[str]
) -> None:
    hook = await subscribe(desk, URL, *events)
    await whole_life(desk)

    assert await told(desk, hook) == expected


async def test_everything_is_told_to_who_asks_for_everything(desk: Desk) -> None:
    hook = await subscribe(desk, URL)
    await whole_life(desk)

    assert await told(desk, hook) == [
        "oversight.pending", "oversight.approved", "message.queued", "message.attempted", "message.delivered",
        "message.received", "tags.changed",
    ]  # fmt: skip


async def test_what_happened_before_is_not_told(desk: Desk) -> None:
    await desk.receive()
    hook = await subscribe(desk, URL)
    await desk.receive()

    assert await told(desk, hook) == ["message.received"]


async def test_each_event_is_told_once_however_often_one_looks(desk: Desk) -> None:
    hook = await subscribe(desk, URL, "message.received")
    fanout = Fanout(desk.services)
    for _ in range(3):
        await desk.receive()
        await told(desk, hook, fanout)

    assert await told(desk, hook, Fanout(desk.services)) == ["message.received"] * 3


async def test_two_who_look_at_once_write_each_delivery_once(desk: Desk) -> None:
    hook = await subscribe(desk, URL, "message.received")
    await desk.receive()
    one, other = Fanout(desk.services), Fanout(desk.services)
    seen = await desk.read(one._look)

    assert await other.step() == 1
    await desk.write(lambda tx: [tx.webhooks.advance(found.webhook, found.position) for found in seen])
    assert await told(desk, hook, one) == ["message.received"]


async def test_one_mailboxs_webhook_hears_nothing_of_another(desk: Desk) -> None:
    await desk.call("operator", "create_mailbox", address="other@localhost")
    hook = await subscribe(desk, URL, mailbox="other@localhost")
    own = await subscribe(desk, URL, mailbox=BOX)
    await desk.receive()

    assert await told(desk, hook) == []
    assert await told(desk, own) == ["message.received"]


async def test_only_what_carries_the_tags_is_told(desk: Desk) -> None:
    hook = await subscribe(desk, URL, "oversight.*", tags=["drip", "step=2"])
    await desk.send(tags=["drip"])
    await desk.send(subject="Two", tags=["drip", "step=2"])
    await desk.send(subject="Three", tags=["drip", "step=3"])
    thread = await desk.send(subject="Four")
    assert await told(desk, hook) == ["oversight.pending"]
    await desk.call("agent", "tag_email", thread_id=thread.thread_id, tags=["drip", "step=2"])
    await desk.decide(thread.message_id)

    assert await told(desk, hook) == ["oversight.pending", "oversight.approved"]


async def test_a_tag_that_is_taken_away_is_told_once_more(desk: Desk) -> None:
    await desk.call("agent", "tag_email", email="ann@example.org", tags=["vip"])
    hook = await subscribe(desk, URL, tags=["vip"])
    await desk.call("agent", "tag_email", email="ann@example.org", tags=["vip"], action="remove")

    assert await told(desk, hook) == ["tags.changed"]


async def test_mail_held_from_agents_is_told_to_reviewers_at_once_and_to_agents_when_it_is_let_through(
    desk: Desk,
) -> None:
    await desk.set(default_mode="gated_all")
    agent = await subscribe(desk, URL, "message.received")
    reviewer = await subscribe(desk, URL, "message.received", audience="reviewer")
    message_id = await desk.receive()

    assert await told(desk, agent) == []
    assert await told(desk, reviewer) == ["message.received"]
    await desk.decide(message_id)
    assert await told(desk, agent) == ["message.received"]
    assert await told(desk, reviewer) == ["message.received"]


async def test_a_release_that_is_seen_together_with_its_arrival_is_told_once(desk: Desk) -> None:
    await desk.set(default_mode="gated_all")
    agent = await subscribe(desk, URL)
    await desk.decide(await desk.receive())

    assert await told(desk, agent) == ["message.received"]


async def many(desk: Desk, count: int, kind: str = "freeze.ended") -> None:
    event = Event(kind, desk.clock.now())

    def work(tx: Tx) -> None:
        for _ in range(count):
            tx.events.add(event)

    await desk.write(work)


async def test_a_long_log_is_looked_through_to_its_end(desk: Desk) -> None:
    hook = await subscribe(desk, URL, "message.received")
    await many(desk, 3 * BATCH)
    await desk.receive()

    assert await told(desk, hook) == ["message.received"]


async def test_looking_without_finding_writes_nothing_until_it_is_far_behind(desk: Desk) -> None:
    await subscribe(desk, URL, "message.received")
    fanout = Fanout(desk.services)
    start = await desk.read(lambda tx: tx.webhooks.active()[0].position)
    # The webhook's own making is the first.
    await many(desk, 998)
    for _ in range(12):
        await fanout.step()
    near = await desk.read(lambda tx: tx.webhooks.active()[0].position)
    await many(desk, 1)
    await fanout.step()
    far = await desk.read(lambda tx: tx.webhooks.active()[0].position)

    assert (near - start, far - start) == (0, 1000)


async def test_without_webhooks_nothing_is_looked_at(desk: Desk) -> None:
    hook = await subscribe(desk, URL)
    await desk.call("operator", "delete_webhook", webhook_id=hook.webhook_id)
    await desk.receive()
    version = desk.services.store.version()

    assert await Fanout(desk.services).step() == 0
    assert desk.services.store.version() == version


async def test_before_a_change_all_is_written_that_happened_so_far(desk: Desk) -> None:
    hook = await subscribe(desk, URL, "message.received")
    await desk.receive()
    await many(desk, BATCH)
    await desk.receive()
    desk.later(HOUR)

    newest = await desk.write(lambda tx: catch_up(tx, desk.services, tx.webhooks.active()[0]))

    assert newest == await desk.read(lambda tx: tx.inbox.position_now())
    assert [one.event for one in await deliveries(desk, webhook_id=hook.webhook_id)] == [
        "message.received"
    ] * 2
