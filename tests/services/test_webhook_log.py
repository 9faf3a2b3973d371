"""The log of posts: every try is in it, what was given up can be posted again, and a webhook can be tried out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from multimail.core.times import DAY, HOUR, SECOND
from multimail.core.webhooks import BODIES_FOR
from multimail.services import upkeep
from multimail.services.notify import Notifier
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


async def given_up(desk: Desk, receiver: Receiver, posts: Notifier, mails: int = 1) -> Any:
    """A webhook whose receiver failed until so many deliveries were given up."""
    made = await subscribe(desk, receiver, "message.received")
    receiver.usual = Reply(500, b"ouch")
    for _ in range(mails):
        await desk.receive()
    for _ in range(8):
        await posts.step()
        desk.later(DAY)
    receiver.usual = Reply()
    return made


async def replay(desk: Desk, **what: Any) -> Any:
    return await desk.call("operator", "replay_webhook", **what)


async def test_every_try_is_in_the_log_and_the_next_one_is_announced(
    desk: Desk, receiver: Receiver, posts: Notifier
) -> None:
    receiver.replies = [Reply(500, b"out of order")]
    await subscribe(desk, receiver, "message.received")
    await desk.receive()
    await posts.step()

    (first,) = await deliveries(desk)
    desk.later(5 * SECOND)
    await posts.step()
    (second,) = await deliveries(desk)

    assert (first.status, first.attempts, first.response_status, first.detail) == (
        "pending",
        1,
        500,
        "out of order",
    )
    assert (first.next_try_at - first.created_at).total_seconds() == 5
    assert (second.status, second.attempts, second.next_try_at) == ("delivered", 2, None)
    assert [one.response_status for one in second.tries] == [500, 200]
    assert second.event == "message.received"
    assert second.event_id == receiver.posted[0].headers["webhook-id"]


async def test_the_log_is_paged_and_narrowed(desk: Desk, receiver: Receiver, posts: Notifier) -> None:
    made = await subscribe(desk, receiver, "message.received")
    other = await subscribe(desk, receiver, "message.received")
    for _ in range(3):
        await desk.receive()
    await posts.step()

    first = await desk.call("operator", "list_webhook_deliveries", webhook_id=made.webhook_id, limit=2)
    rest = await desk.call(
        "operator", "list_webhook_deliveries", webhook_id=made.webhook_id, limit=2, cursor=first.cursor
    )

    seen = [one.event_id for one in (*first.deliveries, *rest.deliveries)]
    assert seen == sorted(seen, reverse=True)
    assert (len(seen), rest.cursor) == (3, None)
    assert len(await deliveries(desk, webhook_id=other.webhook_id, status="delivered")) == 3
    assert await deliveries(desk, status="failed") == []


async def test_a_cursor_of_another_list_is_refused(desk: Desk, receiver: Receiver, posts: Notifier) -> None:
    await subscribe(desk, receiver, "message.received")
    for _ in range(2):
        await desk.receive()
    await posts.step()
    page = await desk.call("operator", "list_webhook_deliveries", limit=1)

    problem = await desk.refused("operator", "list_webhook_deliveries", status="failed", cursor=page.cursor)

    assert problem.code == "invalid_cursor"
    await desk.sql("DELETE FROM webhook_deliveries")
    problem = await desk.refused("operator", "list_webhook_deliveries", cursor=page.cursor)
    assert problem.code == "invalid_cursor"


async def test_what_was_given_up_is_posted_again_with_the_same_bytes(
    desk: Desk, receiver: Receiver, posts: Notifier
) -> None:
    await given_up(desk, receiver, posts)
    (dead,) = await deliveries(desk, status="failed")

    answer = await replay(desk, delivery_id=dead.delivery_id)
    await posts.step()

    assert (answer.replayed, answer.delivery_ids) == (1, [dead.delivery_id])
    assert [one.status for one in await deliveries(desk)] == ["delivered"]
    assert len({one.raw for one in receiver.posted}) == 1
    assert len({one.headers["webhook-id"] for one in receiver.posted}) == 1


async def test_all_that_failed_since_a_time_is_posted_again_in_order(
    desk: Desk, receiver: Receiver, posts: Notifier
) -> None:
    made = await given_up(desk, receiver, posts, mails=3)
    assert (await webhook(desk, made.webhook_id)).failed == 3

    none = await replay(desk, since=desk.at(0))
    some = await replay(desk, since=desk.at(-30 * DAY), webhook_id=made.webhook_id)
    before = len(receiver.posted)
    await posts.step()

    assert (none.replayed, some.replayed, some.more) == (0, 3, None)
    ids = [one.headers["webhook-id"] for one in receiver.posted[before:]]
    assert ids == sorted(ids)
    assert len(ids) == 3
    after = await webhook(desk, made.webhook_id)
    assert (after.failed, after.delivered, after.health) == (0, 3, "ok")


async def test_what_was_delivered_can_be_posted_again_one_by_one(
    desk: Desk, receiver: Receiver, posts: Notifier
) -> None:
    await subscribe(desk, receiver, "message.received")
    await desk.receive()
    await posts.step()
    (done,) = await deliveries(desk)

    await replay(desk, delivery_id=done.delivery_id)
    await posts.step()

    assert len(receiver.posted) == 2
    assert len((await deliveries(desk))[0].tries) == 2


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({}, "invalid"),
        ({"delivery_id": "whd_00000000000000", "since": "2026-01-01"}, "invalid"),
        ({"delivery_id": "whd_00000000000000"}, "not_found"),
        ({"since": "2026-01-01", "webhook_id": "wh_00000000000000"}, "not_found"),
    ],
)
async def test_a_replay_of_nothing_is_refused(desk: Desk, wrong: dict[str, str], code: str) -> None:
    assert (await desk.refused("operator", "replay_webhook", **wrong)).code == code


async def test_a_disabled_webhook_has_to_be_revived_before_anything_is_replayed(
    desk: Desk, receiver: Receiver, posts: Notifier
) -> None:
    receiver.replies = [Reply(410)]
    made = await subscribe(desk, receiver, "message.received")
    await desk.receive()
    await posts.step()
    (dead,) = await deliveries(desk)

    assert (await desk.refused("operator", "replay_webhook", delivery_id=dead.delivery_id)).code == "conflict"
    assert (await replay(desk, since=desk.at(-DAY))).replayed == 0
    await desk.call("operator", "update_webhook", webhook_id=made.webhook_id, state="active")
    assert (await replay(desk, since=desk.at(-DAY))).replayed == 1


async def test_a_trial_is_posted_to_that_webhook_alone(
    desk: Desk, receiver: Receiver, posts: Notifier
) -> None:
    made = await subscribe(desk, receiver, "message.bounced")
    with Receiver() as elsewhere:
        await subscribe(desk, elsewhere)
        trial = await desk.call("operator", "test_webhook", webhook_id=made.webhook_id)
        await posts.step()
        assert elsewhere.posted == []

    assert (trial.status, trial.event) == ("pending", "webhook.test")
    assert receiver.posted[0].body["event"] == receiver.posted[0].body["type"] == "webhook.test"
    assert receiver.posted[0].headers["x-multimail-delivery"] == trial.delivery_id


async def test_what_is_paused_is_not_tried_out(desk: Desk) -> None:
    made = await subscribe(desk, "https://example.com/")
    await desk.call("operator", "update_webhook", webhook_id=made.webhook_id, state="paused")

    assert (await desk.refused("operator", "test_webhook", webhook_id=made.webhook_id)).code == "conflict"


async def test_texts_are_forgotten_after_days_and_read_again_for_a_replay(
    desk: Desk, receiver: Receiver, posts: Notifier
) -> None:
    await subscribe(desk, receiver, "message.received")
    await desk.receive()
    await posts.step()
    desk.later(BODIES_FOR + HOUR)
    await upkeep.prune(desk.services)
    (done,) = await deliveries(desk)

    assert await desk.sql("UPDATE webhook_deliveries SET body = NULL WHERE body IS NOT NULL") == 0
    await replay(desk, delivery_id=done.delivery_id)
    await posts.step()
    assert receiver.posted[1].body["body_text"] == "How much is it?"
    desk.later(31 * DAY)
    await upkeep.prune(desk.services)
    assert await deliveries(desk) == []


@pytest.mark.parametrize("answer", [200, 500])
async def test_what_told_of_a_contact_is_forgotten_with_the_contact(
    desk: Desk, receiver: Receiver, posts: Notifier, answer: int
) -> None:
    receiver.usual = Reply(answer)
    await subscribe(desk, receiver, "contact.created")
    ann: dict[str, Any] = {"email": "ann@example.net", "metadata": {"plan": "pro"}}
    await desk.call("agent", "manage_contacts", action="add", **ann)
    await posts.step()
    await desk.call("agent", "manage_contacts", action="delete", email="ann@example.net")
    desk.later(HOUR)
    if answer == 200:
        (posted,) = await deliveries(desk)
        await desk.call("operator", "replay_webhook", delivery_id=posted.delivery_id)
    await posts.step()

    first, second = receiver.posted
    assert (first.body["contact"]["email"], first.body["metadata"]) == ("ann@example.net", {"plan": "pro"})
    assert b"ann@example.net" not in second.raw
    assert (second.body["contact"], second.body["metadata"]) == (None, {})
    assert first.body["id"] == second.body["id"]
    assert first.body["contact_id"] == second.body["contact_id"]
