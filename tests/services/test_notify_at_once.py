"""Many webhooks at once: nobody waits for anybody, a receiver may call back, and the end is orderly."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from multimail.ports.records import Event
from multimail.ports.store import Tx
from multimail.ports.webhooks import Answer, Post
from multimail.services import loops
from multimail.services.notify import Notifier
from tests.support.desk import Desk
from tests.support.hooks import deliveries, notifier, subscribe, webhook
from tests.support.receiver import Posted, Receiver

pytestmark = pytest.mark.anyio
PATIENCE = 120.0
"""Seconds for a thousand posts on a busy machine."""


@pytest.fixture
def slow() -> Iterator[Receiver]:
    with Receiver() as made:
        made.hangs.set()
        yield made


@pytest.fixture
def fast() -> Iterator[Receiver]:
    with Receiver() as made:
        yield made


async def happen(desk: Desk, count: int) -> None:
    def work(tx: Tx) -> None:
        for number in range(count):
            tx.events.add(Event("freeze.ended", desk.clock.now(), data={"number": number}))

    await desk.write(work)


async def test_a_thousand_events_reach_the_fast_one_while_twenty_slow_ones_hang(
    desk: Desk, slow: Receiver, fast: Receiver
) -> None:
    for _ in range(20):
        await subscribe(desk, slow)
    hook = await subscribe(desk, fast, "freeze.*")
    posts = notifier(desk, timeout=PATIENCE)
    await happen(desk, 1_000)
    while await posts.begin():
        pass
    arrived = await asyncio.to_thread(fast.wait_for, 1_000, PATIENCE)
    waiting = len(slow.posted)
    slow.hangs.clear()
    await posts.finish(PATIENCE)

    assert [one.body["detail"]["number"] for one in arrived] == list(range(1_000))
    assert waiting == 20
    assert (await webhook(desk, hook.webhook_id)).delivered == 1_000


async def test_a_receiver_may_decide_before_it_answers(desk: Desk, fast: Receiver) -> None:
    loop = asyncio.get_running_loop()

    def decide(posted: Posted) -> None:
        message_id = posted.body["message"]["message_id"]
        asyncio.run_coroutine_threadsafe(desk.decide(message_id), loop).result(20)

    fast.before = decide
    await subscribe(desk, fast, "approval.required")
    sent = await desk.send()
    await notifier(desk).step()

    assert await desk.status(sent.message_id) == "queued"
    assert [one.status for one in await deliveries(desk)] == ["delivered"]


async def test_the_end_waits_for_a_post_under_way_and_begins_no_other(desk: Desk, slow: Receiver) -> None:
    await subscribe(desk, slow)
    await happen(desk, 2)
    posts = notifier(desk)
    await posts.begin()
    await asyncio.to_thread(slow.wait_for, 1)
    ending = asyncio.create_task(posts.finish(20))
    done, _ = await asyncio.wait({ending}, timeout=0.05)
    slow.hangs.clear()
    await ending
    await posts.begin()

    assert not done
    assert posts.under_way() == set()
    assert [one.status for one in await deliveries(desk)] == ["delivered", "pending"]


async def test_the_end_does_not_wait_for_ever_and_what_was_cut_off_is_posted_again(
    desk: Desk, slow: Receiver
) -> None:
    await subscribe(desk, slow)
    await happen(desk, 1)
    posts = notifier(desk)
    await posts.begin()
    await asyncio.to_thread(slow.wait_for, 1)
    await posts.finish(0.01)
    slow.hangs.clear()
    again = notifier(desk)
    await again.rescue()
    await again.step()

    assert len(slow.posted) == 2
    assert [one.status for one in await deliveries(desk)] == ["delivered"]


class Counting:
    """A network where everything arrives at once, and that tells when so much has arrived."""

    def __init__(self, expected: int) -> None:
        self.left, self.all_here = expected, asyncio.Event()

    async def post(self, post: Post) -> Answer:
        self.left -= 1
        if not self.left:
            self.all_here.set()
        return Answer(204, 0)


async def test_the_loop_posts_what_is_committed_while_workers_end(desk: Desk) -> None:
    """Events come while a worker is about to find nothing more: none of them may wait for a timer."""
    network = Counting(60)
    posts = Notifier(desk.services, network, "desk")
    await subscribe(desk, "https://example.com/", "freeze.ended")
    loop = asyncio.create_task(loops.run(desk.services, posts.begin))
    async with asyncio.timeout(20):
        for _ in range(60):
            await happen(desk, 1)
            await asyncio.sleep(0)
        await network.all_here.wait()
    loop.cancel()
    await asyncio.gather(loop, return_exceptions=True)
    await posts.finish(20)

    assert network.left == 0
