"""Breakers with several senders at work, and what an author is told whose mail will wait."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from multimail.core.times import MINUTE
from tests.services.test_breakers import (
    SPRING,
    campaign,
    drained,
    kinds,
    people,
    quiet,
    refusing,
    states,
    straight,
)
from tests.support.desk import Desk
from tests.support.sink import Sink

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("mode", "said"), [("paused", "stopped"), ("throttled", "slowed"), ("warming", "warming up")]
)
async def test_mail_that_will_wait_is_accepted_and_its_answer_says_so(
    desk: Desk, mode: str, said: str
) -> None:
    await desk.set(default_mode="autonomous")
    await desk.write(lambda tx: tx.stops.put(SPRING, mode))

    sent = await desk.send(tags=["spring"])
    other = await desk.send(tags=["autumn"], subject="Another")

    assert (sent.status, other.status, other.note) == ("queued", "queued", None)
    assert sent.note.startswith("Accepted and queued")
    assert said in sent.note


async def test_with_three_senders_at_once_nothing_is_lost_and_nothing_leaves_twice(
    desk: Desk, sink: Sink
) -> None:
    await straight(desk)
    bad = people(12, "bad")
    sink.misbehave(*refusing(bad))
    ids = await campaign(desk, people(60))
    await drained(desk, sink)
    ids += await campaign(desk, bad[:8])
    desk.later(MINUTE)
    ids += await campaign(desk, [*people(120, "late"), *bad[8:]])
    while (await states(desk, ids))["queued"]:
        while any(await asyncio.gather(*(desk.step(sink, owner) for owner in ("one", "two", "three")))):
            await quiet(desk)
        await desk.call("operator", "resume_sending", campaign="spring")
        await quiet(desk)

    found = await states(desk, ids)
    assert "sending.paused" in await kinds(desk)
    assert (found, len(sink.mails)) == ({"sent": 180, "failed": 12}, 180)
    assert set(Counter(mail.recipients for mail in sink.mails).values()) == {1}
