"""Posting: in order while the receiver is well, again when it is not, and given up in the end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from multimail.core import failpoints
from multimail.core.times import HOUR, MINUTE, SECOND
from multimail.core.webhooks import WAITS
from multimail.services import upkeep
from multimail.services.notify import LEASE, Notifier
from tests.support.desk import Desk
from tests.support.hooks import deliveries, notifier, subscribe, webhook
from tests.support.receiver import Receiver, Reply

pytestmark = pytest.mark.anyio


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as made:
        yield made


@pytest.fixture
def posts(desk: Desk) -> Notifier:
    return notifier(desk)


@pytest.fixture(autouse=True)
def _disarmed() -> Iterator[None]:
    yield
    failpoints.disarm()


def subjects(receiver: Receiver) -> list[str]:
    return [one.body["subject"] for one in receiver.posted]


async def arrive(desk: Desk, *names: str) -> None:
    for name in names:
        await desk.receive(Subject=name)


async def test_events_are_posted_in_their_order(desk: Desk, receiver: Receiver, posts: Notifier) -> None:
    await subscribe(desk, receiver, "message.received")
    names = [f"mail {number}" for number in range(12)]
    await arrive(desk, *names)

    assert await posts.step() == 12
    assert subjects(receiver) == names
    assert await posts.step() == 0


async def test_a_failing_receiver_is_tried_eight_times_at_the_times_of_the_table(
    desk: Desk, receiver: Receiver, posts: Notifier
) -> None:
    receiver.usual = Reply(503)
    made = await subscribe(desk, receiver, "message.received")
    await arrive(desk, "one")
    await posts.step()
    for number, wait in enumerate(WAITS, 2):
        desk.later(wait - SECOND)
        await posts.step()
        assert len(receiver.posted) == number - 1
        desk.later(SECOND)
        await posts.step()
        assert len(receiver.posted) == number
    desk.later(100 * HOUR)
    await posts.step()

    (dead,) = await deliveries(desk)
    assert (len(receiver.posted), dead.status, dead.attempts, dead.next_try_at) == (8, "failed", 8, None)
    assert len({one.raw for one in receiver.posted}) == 1
    assert len({one.headers["webhook-timestamp"] for one in receiver.posted}) == 8
    view = await webhook(desk, made.webhook_id)
    assert (view.state, view.health, view.failed, view.failures_in_a_row) == ("active", "failing", 1, 8)


async def test_what_comes_behind_a_failure_goes_on_and_the_failed_one_follows(
    desk: Desk, receiver: Receiver, posts: Notifier
) -> None:
    receiver.replies = [Reply(500)]
    await subscribe(desk, receiver, "message.received")
    await arrive(desk, "one", "two")
    await posts.step()
    await arrive(desk, "three")
    await posts.step()
    desk.later(5 * SECOND)
    await posts.step()

    assert subjects(receiver) == ["one", "two", "three", "one"]
    assert [one.status for one in await deliveries(desk)] == ["delivered"] * 3


async def test_a_body_stays_as_it_was_although_the_mail_changed(
    desk: Desk, receiver: Receiver, posts: Notifier
) -> None:
    receiver.replies = [Reply(500)]
    await subscribe(desk, receiver, "message.received")
    message_id = await desk.receive()
    await posts.step()
    await desk.call("agent", "tag_email", message_id=message_id, tags=["late"])
    desk.later(5 * SECOND)
    await posts.step()

    first, second = receiver.posted
    assert first.raw == second.raw
    assert first.headers["webhook-id"] == second.headers["webhook-id"]


async def test_a_receiver_that_asks_for_patience_gets_it(
    desk: Desk, receiver: Receiver, posts: Notifier
) -> None:
    receiver.replies = [Reply(429, headers=[("Retry-After", "3600")])]
    await subscribe(desk, receiver, "message.received")
    await arrive(desk, "one")
    await posts.step()
    desk.later(59 * MINUTE)
    await posts.step()
    assert len(receiver.posted) == 1
    desk.later(MINUTE)
    await posts.step()

    assert len(receiver.posted) == 2


async def test_gone_disables_and_gives_up_what_waits(desk: Desk, receiver: Receiver, posts: Notifier) -> None:
    receiver.replies = [Reply(500), Reply(410)]
    made = await subscribe(desk, receiver, "message.received")
    await arrive(desk, "one", "two", "three")
    await posts.step()
    desk.later(HOUR)
    await arrive(desk, "four")
    await posts.step()

    view = await webhook(desk, made.webhook_id)
    assert subjects(receiver) == ["one", "two"]
    assert (view.state, view.reason, view.failed) == ("disabled", "the receiver answered 410 Gone", 3)
    assert [one.status for one in await deliveries(desk)] == ["failed"] * 3
    assert [one.data["given_up"] for one in await desk.events() if one.kind == "webhook.disabled"] == [2]


async def test_a_revived_webhook_goes_on_with_what_happens_from_then_on(
    desk: Desk, receiver: Receiver, posts: Notifier
) -> None:
    receiver.replies = [Reply(410)]
    made = await subscribe(desk, receiver, "message.received")
    await arrive(desk, "one")
    await posts.step()
    await arrive(desk, "meanwhile")
    await desk.call("operator", "update_webhook", webhook_id=made.webhook_id, state="active")
    await arrive(desk, "after")
    await posts.step()

    assert subjects(receiver) == ["one", "after"]


async def test_an_old_place_that_is_gone_does_not_disable_the_new_one(
    desk: Desk, receiver: Receiver, posts: Notifier
) -> None:
    made = await subscribe(desk, receiver.url + "/old", "message.received")

    class Moved:
        async def post(self, post: Any) -> Any:
            answer = await posts.sender.post(post)
            changes = {"webhook_id": made.webhook_id, "url": receiver.url}
            await desk.call("operator", "update_webhook", **changes)
            return answer

    receiver.replies = [Reply(410)]
    await arrive(desk, "one")
    await Notifier(desk.services, Moved(), "desk").step()

    assert (await webhook(desk, made.webhook_id)).state == "active"


async def test_redirects_and_time_outs_are_failures_like_others(
    desk: Desk, receiver: Receiver, posts: Notifier
) -> None:
    receiver.replies = [Reply(302, headers=[("Location", receiver.url)])]
    await subscribe(desk, receiver, "message.received")
    await arrive(desk, "one")
    await posts.step()
    receiver.hangs.set()
    desk.later(5 * SECOND)
    await notifier(desk, timeout=0.2).step()
    receiver.hangs.clear()
    desk.later(5 * MINUTE)
    await posts.step()

    (done,) = await deliveries(desk)
    assert [one.response_status for one in done.tries] == [302, None, 200]
    assert done.status == "delivered"


async def test_a_receiver_that_is_dead_is_found_again_when_it_is_back(desk: Desk, posts: Notifier) -> None:
    with Receiver(dead=True) as receiver:
        await subscribe(desk, receiver, "message.received")
        await arrive(desk, "one")
        await posts.step()
        receiver.revive()
        desk.later(5 * SECOND)
        await posts.step()

        assert subjects(receiver) == ["one"]
        assert [one.response_status for one in (await deliveries(desk))[0].tries] == [None, 200]


async def test_what_was_claimed_by_the_dead_is_posted_again(
    desk: Desk, receiver: Receiver, posts: Notifier
) -> None:
    await subscribe(desk, receiver, "message.received")
    await arrive(desk, "one")
    failpoints.arm(_dies_at("hooks.posted"))
    await posts.step()
    failpoints.disarm()
    again = notifier(desk, owner="after the crash")
    await again.step()
    assert len(receiver.posted) == 1
    assert await again.rescue() == 1
    await again.step()

    assert subjects(receiver) == ["one", "one"]
    assert len({one.headers["webhook-id"] for one in receiver.posted}) == 1
    assert [one.attempts for one in await deliveries(desk)] == [1]


async def test_a_lease_that_ran_out_is_taken_over(desk: Desk, receiver: Receiver, posts: Notifier) -> None:
    await subscribe(desk, receiver, "message.received")
    await arrive(desk, "one")
    failpoints.arm(_dies_at("hooks.claimed"))
    await posts.step()
    failpoints.disarm()
    now = desk.clock.now()

    assert await upkeep.next_due(desk.services, now) == now + LEASE
    desk.later(LEASE)
    await notifier(desk, owner="other").step()
    assert len(receiver.posted) == 1


def _dies_at(name: str) -> Any:
    """The failpoint stops the worker as a crash would; what is logged about it is not looked at."""

    def hit(passed: str) -> None:
        if passed == name:
            raise OSError(name)

    return hit


async def test_when_the_next_try_is_due_the_loops_wake_up(
    desk: Desk, receiver: Receiver, posts: Notifier
) -> None:
    receiver.usual = Reply(500)
    await subscribe(desk, receiver, "message.received")
    await arrive(desk, "one")
    await posts.step()
    now = desk.clock.now()

    assert await upkeep.next_due(desk.services, now) == now + 5 * SECOND


async def test_what_nobody_may_see_any_more_is_dropped_and_the_next_is_posted(
    desk: Desk, receiver: Receiver, posts: Notifier
) -> None:
    await subscribe(desk, receiver, "message.received")
    message_id = await desk.receive(Subject="held")
    await arrive(desk, "two")
    while await posts._fanout.step():
        pass
    await desk.sql("UPDATE messages SET held_from_agents = 1 WHERE id = :id", id=message_id)
    await posts.step()

    assert subjects(receiver) == ["two"]
    assert [one.status for one in await deliveries(desk)] == ["delivered"]
