"""The audit: newest first, by every filter, and each sees what happened in their own mailboxes only."""

from __future__ import annotations

import random
from typing import Any

import pytest

from multimail.core.times import HOUR
from tests.support.desk import BOX, Desk

pytestmark = pytest.mark.anyio

SHOP = "shop@localhost"


async def lines(desk: Desk, who: str = "operator", **asked: Any) -> list[Any]:
    return list((await desk.call(who, "search_audit", **asked)).lines)


async def kinds(desk: Desk, who: str = "operator", **asked: Any) -> list[str]:
    return [one.kind for one in await lines(desk, who, **asked)]


@pytest.fixture
async def busy(desk: Desk) -> Desk:
    """Two mailboxes in which something happens, and rules, keys and a freeze."""
    await desk.call("operator", "create_mailbox", address=SHOP)
    for box in (BOX, SHOP):
        desk.later(HOUR)
        held = (await desk.send(mailbox=box, subject=f"From {box}")).message_id
        await desk.decide(held)
        await desk.step()
    desk.later(HOUR)
    await desk.call("reviewer", "freeze", reason="why")
    await desk.call("operator", "unfreeze")
    key = await desk.call("operator", "create_key", name="clerk", role="reviewer", mailboxes=[SHOP])
    desk.who["clerk"] = key.key_id
    return desk


async def test_the_newest_is_first_with_who_where_and_what_it_means(busy: Desk) -> None:
    first, second, third = (await lines(busy))[:3]

    assert [first.kind, second.kind, third.kind] == ["key.created", "freeze.ended", "freeze.started"]
    assert (third.by, third.principal_id, third.what) == ("reviewer", busy.who["reviewer"], "event")
    assert third.meaning == "Sending was frozen."
    delivered = (await lines(busy, kinds=["message.delivered"]))[0]
    assert (delivered.mailbox, delivered.by) == (SHOP, "server")


@pytest.mark.parametrize("limit", [1, 3, 7])
@pytest.mark.parametrize("calls", [False, True])
async def test_pages_follow_one_another_without_a_gap(busy: Desk, limit: int, calls: bool) -> None:
    """At one moment of the clock, too: events and calls of one call have the same time."""
    await busy.reopen()
    whole = [one.id for one in await lines(busy, calls=calls, limit=1000, until=busy.at(HOUR))]
    found: list[str] = []
    cursor = None
    while True:
        asked: dict[str, Any] = {"calls": calls, "limit": limit, "until": busy.at(HOUR)} | (
            {"cursor": cursor} if cursor else {}
        )
        page = await busy.call("second" if not calls else "operator", "search_audit", **asked)
        found += [one.id for one in page.lines]
        cursor = page.cursor
        if cursor is None:
            break

    if calls:
        # Looking is a call as well and written down a moment later, with the time it came at.
        assert [one for one in found if one in set(whole)] == whole
    else:
        seen = [one.id for one in await lines(busy, "second", limit=1000)]
        assert found == seen
    assert len(found) == len(set(found))


async def test_filters_narrow_it_down_together(busy: Desk) -> None:
    decision = ["oversight.approved"]
    message = (await lines(busy, kinds=decision))[0].message_id

    assert await kinds(busy, kinds=decision, mailbox=BOX) == decision
    assert await kinds(busy, kinds=["oversight.*"], principal=busy.who["reviewer"]) == decision * 2
    assert await kinds(busy, principal=busy.who["viewer"]) == []
    assert {one.message_id for one in await lines(busy, message_id=message)} == {message}
    assert "message.pending_approval" in await kinds(busy, message_id=message, mailbox=SHOP)
    assert await kinds(busy, message_id=message, mailbox=BOX) == []
    assert await kinds(busy, kinds=["freeze.*", "key.*"], since=busy.at(0)) == [
        "key.created", "freeze.ended", "freeze.started",
    ]  # fmt: skip
    assert await kinds(busy, kinds=decision, until=busy.at(-HOUR)) == decision
    assert await kinds(busy, since=busy.at(1)) == []


async def test_calls_say_through_which_door_and_how_they_ended(busy: Desk) -> None:
    await busy.refused("agent", "freeze")
    await busy.call("viewer", "check_inbox", surface="rest")
    await busy.reopen()

    failed = (await lines(busy, outcome="forbidden"))[0]
    assert (failed.what, failed.kind, failed.by, failed.outcome) == ("call", "freeze", "agent", "forbidden")
    assert failed.meaning == "Freeze sending."
    read = (await lines(busy, kinds=["check_inbox"]))[0]
    assert (read.surface, read.outcome, read.by) == ("rest", "ok", "viewer")
    both = await kinds(busy, calls=True, limit=1000)
    assert {"freeze", "freeze.started", "decide_email", "oversight.approved"} <= set(both)
    assert {one.what for one in await lines(busy, calls=True, principal=busy.who["agent"])} == {
        "event",
        "call",
    }


async def test_who_is_confined_sees_what_happened_in_their_mailboxes_and_nothing_else(busy: Desk) -> None:
    everything = await lines(busy, limit=1000)
    seen = await lines(busy, "clerk", limit=1000)

    assert {one.mailbox for one in seen} == {SHOP}
    assert [one.id for one in seen] == [
        one.id for one in everything if one.mailbox == SHOP and not one.kind.startswith("mailbox.")
    ]
    assert (await busy.refused("clerk", "search_audit", mailbox=BOX)).code == "unknown_mailbox"
    assert (await busy.refused("clerk", "search_audit", calls=True)).code == "forbidden"
    foreign = (await lines(busy, mailbox=BOX, kinds=["message.queued"]))[0].message_id
    assert await kinds(busy, "clerk", message_id=foreign) == []


async def test_rules_keys_and_sessions_are_for_operators(busy: Desk) -> None:
    rooms = {one.partition(".")[0] for one in await kinds(busy, "reviewer", limit=1000)}

    assert rooms == {"message", "oversight", "freeze"}
    assert await kinds(busy, "reviewer", kinds=["key.*"]) == []
    assert {"key", "mailbox"} <= {one.partition(".")[0] for one in await kinds(busy, limit=1000)}
    assert (await busy.refused("reviewer", "search_audit", outcome="ok")).code == "forbidden"
    assert (await busy.refused("agent", "search_audit")).code == "forbidden"


@pytest.mark.parametrize(
    ("asked", "code", "field"),
    [
        ({"kinds": ["message.flew"]}, "invalid", "kinds"),
        ({"kinds": ["decide_emial"]}, "invalid", "kinds"),
        ({"since": "tomorrow"}, "invalid_time", "since"),
        ({"cursor": "abc"}, "invalid_cursor", "cursor"),
        ({"calls": True, "mailbox": BOX}, "contradiction", "calls"),
        ({"limit": 0}, "invalid", "limit"),
    ],
)
async def test_what_cannot_be_searched_for_is_named(
    desk: Desk, asked: dict[str, Any], code: str, field: str
) -> None:
    problem = await desk.refused("operator", "search_audit", **asked)

    assert (problem.code, problem.field) == (code, field)


async def test_a_cursor_belongs_to_its_search(busy: Desk) -> None:
    page = await busy.call("operator", "search_audit", limit=1)

    assert (
        await busy.refused("operator", "search_audit", cursor=page.cursor, mailbox=BOX)
    ).code == "invalid_cursor"


@pytest.mark.parametrize("seed", range(4))
async def test_every_search_finds_what_looking_at_each_line_finds(busy: Desk, seed: int) -> None:
    """Whichever index a question is answered along."""
    chance = random.Random(seed)
    everything = await lines(busy, limit=1000)
    for _ in range(20):
        like = chance.choice(everything)
        asked: dict[str, Any] = {}
        if chance.random() < 0.5:
            asked["kinds"] = sorted({like.kind, chance.choice(everything).kind})
        if chance.random() < 0.4 and like.principal_id:
            asked["principal"] = like.principal_id
        if chance.random() < 0.4 and like.mailbox:
            asked["mailbox"] = like.mailbox
        if chance.random() < 0.3 and like.message_id:
            asked["message_id"] = like.message_id

        found = [one.id for one in await lines(busy, limit=1000, **asked)]

        assert found == [one.id for one in everything if _fits(one, asked)]


def _fits(one: Any, asked: dict[str, Any]) -> bool:
    names = {"principal": "principal_id"}
    return one.kind in asked.get("kinds", [one.kind]) and all(
        getattr(one, names.get(name, name)) == value for name, value in asked.items() if name != "kinds"
    )
