"""Events in order, from a place on, as far as a key may know them; a wait returns with the first of them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from multimail.contract.events import EventBody
from multimail.core import notices
from multimail.services import following
from tests.support.desk import Desk

pytestmark = pytest.mark.anyio


def names(page: Any) -> list[str]:
    return [one["event"] for one in page.events]


async def new(desk: Desk, who: str = "agent", **arguments: Any) -> Any:
    """What happened since the account was made."""
    return await desk.call(who, "list_events", **arguments)


async def test_events_come_in_order_and_page_by_page_without_gap_or_repetition(desk: Desk) -> None:
    for _ in range(3):
        await desk.receive()
    whole = await new(desk, "operator")
    pages, after = [], None
    while True:
        page = await new(desk, "operator", limit=2, **({"after": after} if after else {}))
        pages += page.events
        after = page.cursor
        if not page.more:
            break

    ids = [one["id"] for one in whole.events]
    assert ids == sorted(ids)
    assert [one["id"] for one in pages] == ids
    assert len(ids) > 4


async def test_every_event_has_every_field_of_the_body(desk: Desk) -> None:
    await desk.receive()
    await desk.send(tags=["spring"])
    page = await new(desk, "operator")
    wanted = {field.alias or name for name, field in EventBody.model_fields.items()}

    assert [one["event"] for one in page.events if one.keys() != wanted] == []
    assert all(EventBody.model_validate(one) for one in page.events)
    assert page.model_dump(mode="json", exclude_none=True)["events"] == page.events


async def test_a_held_arrival_is_not_there_for_agents_until_it_is_let_through(desk: Desk) -> None:
    await desk.set(default_mode="gated_all")
    before = (await new(desk)).cursor
    held = await desk.receive()
    hidden, seen = await new(desk, after=before), await new(desk, "reviewer", after=before)
    await desk.decide(held)
    after = await new(desk, after=hidden.cursor)

    assert [one for one in hidden.events if one["message_id"]] == []
    assert "message.received" in names(seen)
    assert [one["message_id"] for one in after.events if one["event"] == "message.received"] == [held]
    assert names(await new(desk, after=before, kinds=["message.received"])) == ["message.received"]


async def test_rules_keys_and_sessions_are_told_to_operators_only(desk: Desk) -> None:
    await desk.set(undo_seconds=5)
    told = {who: set(names(await new(desk, who))) for who in ("operator", "reviewer", "agent", "viewer")}
    secret = {"mailbox.updated", "key.created"}

    assert secret <= told["operator"]
    assert [who for who in ("reviewer", "agent", "viewer") if secret & told[who]] == []
    assert set(names(await new(desk, "operator", kinds=["key.created"]))) == {"key.created"}


async def test_a_key_of_one_mailbox_hears_of_no_other(desk: Desk) -> None:
    made = await desk.call("operator", "create_mailbox", address="second@localhost")
    key = await desk.call(
        "operator", "create_key", name="narrow", role="agent", mailboxes=["second@localhost"]
    )
    await desk.receive()
    seen = await new(desk, key.key_id)

    assert {one["mailbox_id"] for one in seen.events} <= {made.mailbox.mailbox_id, None}
    assert [one for one in seen.events if one["message_id"]] == []
    foreign = await desk.refused(key.key_id, "list_events", mailbox=desk.box)
    assert foreign.code == "unknown_mailbox"


async def test_only_what_was_asked_for_is_told(desk: Desk) -> None:
    await desk.call("operator", "create_mailbox", address="second@localhost")
    await desk.receive()
    await desk.call("agent", "manage_contacts", action="upsert", email="new@example.org")

    assert set(names(await new(desk, kinds=["inbound"]))) == {"message.received"}
    assert set(names(await new(desk, kinds=["contact.*"]))) <= {"contact.created", "contact.updated"}
    assert names(await new(desk, "operator", mailbox="second@localhost")) == ["mailbox.created"]
    assert names(await new(desk, after="now")) == []


@pytest.mark.parametrize("after", ["", "1", "evt_99999999999999", "msg_00000000000000", "evt_²2222222222222"])
async def test_a_place_that_is_none_is_refused(desk: Desk, after: str) -> None:
    problem = await desk.refused("agent", "list_events", after=after)

    assert (problem.code, problem.field) == ("invalid_cursor", "after")


async def test_an_unknown_kind_is_refused_with_the_nearest(desk: Desk) -> None:
    problem = await desk.refused("agent", "list_events", kinds=["mesage.received"])

    assert (problem.code, problem.field) == ("invalid", "kinds")
    assert "message.received" in problem.advice


async def test_a_wait_returns_with_the_first_event_and_what_came_between_is_not_lost(desk: Desk) -> None:
    waiting = asyncio.create_task(new(desk, after="now", kinds=["inbound"], timeout_seconds=300))
    await asyncio.sleep(0)
    await desk.send()
    message_id = await desk.receive()
    async with asyncio.timeout(20):
        page = await waiting

    assert [one["message_id"] for one in page.events] == [message_id]


async def test_a_page_ends_early_where_texts_are_long(desk: Desk) -> None:
    for _ in range(3):
        await desk.receive("x" * 900)
    page = await new(desk, kinds=["inbound"], max_bytes=1_024)
    rest = await new(desk, kinds=["inbound"], after=page.cursor)

    assert (page.count, page.more, rest.count, rest.more) == (2, True, 1, None)


async def test_a_look_through_many_lines_of_others_ends_and_is_gone_on_with(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "_MOST", 2)
    monkeypatch.setattr(following, "_BATCH", 2)
    for _ in range(3):
        await desk.receive()
    page, found, looks = await new(desk, kinds=["inbound"]), [], 1
    while True:
        found += page.events
        if not page.more:
            break
        page, looks = await new(desk, kinds=["inbound"], after=page.cursor), looks + 1

    assert (len(found), looks > 3) == (3, True)


def test_names_of_keys_and_sessions_may_be_asked_for_beside_those_that_are_told() -> None:
    assert following.patterns([]) == (notices.EVERYTHING,)
    assert following.patterns(["inbound", "key.revoked"]) == ("message.received", "key.revoked")
