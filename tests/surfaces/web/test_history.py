"""The receipt of a mail: drafts, rules, differences, decisions, attempts."""

from __future__ import annotations

import pytest

from tests.support.desk import Desk
from tests.support.guest import Guest, text

pytestmark = pytest.mark.anyio


async def test_it_tells_everything_in_order(desk: Desk, reviewer: Guest) -> None:
    held = await desk.send()
    edit = {"message_id": held.message_id, "body": "See you on **Sunday**."}
    edited = await desk.call("agent", "edit_pending", **edit)
    await desk.decide(
        held.message_id, digest=edited.digest, revised_body="See you <i>never</i>.", note="Better so."
    )
    await desk.step()
    page = await reviewer.get(f"/history/{held.message_id}")
    shown = text(page)

    told = [
        "delivered", "The mode is gated_send", "Also checked", "Revision 1", "See you on **Monday**.", "Revision 2",
        "-See you on **Monday**. +See you on **Sunday**.", "Revision 3", "+See you <i>never</i>.",
        "Approved by reviewer", "Better so.", "ann@example.org to captured", "Mail was held for a person",
        "rules: gated_send", "message.edited", "oversight.approved", "message.attempted",
    ]  # fmt: skip
    places = [shown.find(one) for one in told]
    assert -1 not in places, told[places.index(-1)]
    assert places == sorted(places)
    assert "<i>" not in page.text


async def test_mail_that_came_in_has_one_too(desk: Desk, reviewer: Guest) -> None:
    arrived = await desk.receive()

    assert "message.received" in text(await reviewer.get(f"/history/{arrived}"))


async def test_the_page_of_decided_mail_leads_there(desk: Desk, reviewer: Guest) -> None:
    held = await desk.send()
    await desk.decide(held.message_id, "reject", note="No.")
    page = await reviewer.get(f"/review/{held.message_id}")

    assert "Rejected by reviewer" in text(page)
    assert f'href="/history/{held.message_id}"' in page.text


async def test_a_long_text_is_shown_by_its_beginning(desk: Desk, reviewer: Guest) -> None:
    held = await desk.send(body="x" * 20_000 + "the end")
    await desk.decide(held.message_id, revised_body="short")
    shown = text(await reviewer.get(f"/history/{held.message_id}"))

    assert "7 more characters are not shown" in shown
    assert "The difference goes on" in shown
    assert "the end" not in shown
