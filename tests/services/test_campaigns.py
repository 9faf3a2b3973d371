"""`campaign_stats`: what became of mail with a tag, and which variant did better."""

from __future__ import annotations

import pytest

from multimail.core.times import MINUTE
from tests.services.test_breakers import campaign, own, people
from tests.support.desk import Desk
from tests.support.sent import count

pytestmark = pytest.mark.anyio


async def happened(desk: Desk, tag: str, variant: str = "", box: str = "", **counts: int) -> None:
    box = box or (await own(desk)).name
    now = desk.clock.now()
    await desk.write(lambda tx: count(tx, box, tag, now, variant, **counts))


async def test_variants_are_counted_apart_and_together(desk: Desk) -> None:
    await happened(desk, "spring", "A", sent=200, replied=30, unsubscribed=1)
    await happened(desk, "spring", "B", sent=100, replied=5, bounced=1)

    (found,) = (await desk.call("agent", "campaign_stats", tag="spring")).campaigns

    assert (found.sent, found.delivered, found.replied, found.reply_percent) == (300, 299, 35, 11.667)
    assert [(one.variant, one.sent, one.reply_percent) for one in found.variants] == [
        ("A", 200, 15.0),
        ("B", 100, 5.0),
    ]
    assert (found.opened, found.state, found.waiting) == (None, "normal", 0)


async def test_one_variant_can_be_asked_for(desk: Desk) -> None:
    await happened(desk, "spring", "A", sent=200)
    await happened(desk, "spring", "B", sent=100)

    (found,) = (await desk.call("agent", "campaign_stats", campaign="spring", variant="B")).campaigns

    assert (found.sent, len(found.variants)) == (100, 1)
    assert (await desk.refused("agent", "campaign_stats", tag="spring", variant="C")).code == "not_found"


async def test_without_a_tag_the_latest_are_listed_first(desk: Desk) -> None:
    for tag in ("one", "two", "three"):
        await happened(desk, tag, sent=1)
        desk.later(MINUTE)

    found = await desk.call("agent", "campaign_stats", limit=2)

    assert ([one.tag for one in found.campaigns], found.count) == (["three", "two"], 2)


async def test_a_key_of_one_mailbox_sees_what_left_that_mailbox(desk: Desk) -> None:
    other = (await desk.call("operator", "create_mailbox", address="other@localhost")).mailbox.mailbox_id
    made = await desk.call("operator", "create_key", name="narrow", role="agent", mailboxes=[desk.box])
    await happened(desk, "spring", sent=5)
    await happened(desk, "spring", box=other, sent=70)
    await happened(desk, "theirs", box=other, sent=70)

    found = await desk.call(made.key_id, "campaign_stats")

    assert [(one.tag, one.sent) for one in found.campaigns] == [("spring", 5)]
    assert (await desk.refused(made.key_id, "campaign_stats", tag="theirs")).code == "not_found"


async def test_the_figures_of_a_campaign_go_with_its_last_mail(desk: Desk) -> None:
    ids = await campaign(desk, people(2))
    await desk.step()
    for message_id, left in zip(ids, (1, 0), strict=True):
        await desk.call("operator", "delete_messages", message_ids=[message_id])
        assert (await desk.call("agent", "campaign_stats")).count == left
