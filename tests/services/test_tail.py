"""The end of the log is watched once for all who listen, and only while anybody does."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from multimail.contract.events import FollowEvents
from multimail.contract.streams import BY_NAME
from multimail.core.errors import Problem
from multimail.core.times import SECOND
from multimail.services import tail
from multimail.services.context import Caller
from multimail.services.tail import Tail
from tests.support.desk import Desk

if TYPE_CHECKING:
    from multimail.ports.store import Tx

pytestmark = pytest.mark.anyio
STREAM = BY_NAME["stream_events"]


async def happens(event: asyncio.Event) -> None:
    async with asyncio.timeout(20):
        await event.wait()


async def test_all_who_listen_are_told_that_the_log_grew_after_one_look(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends, looks = Tail(desk.services), 0
    instant = desk.services.store.instant

    def counted(work: object) -> object:
        nonlocal looks
        looks += 1
        return instant(work)  # type: ignore[arg-type]

    monkeypatch.setattr(desk.services.store, "instant", counted)
    with ends.listening(desk.who["agent"]) as one, ends.listening(desk.who["viewer"]) as other:
        await happens(one.grown)
        for listener in (one, other):
            listener.grown.clear()
        await desk.receive()
        await asyncio.gather(happens(one.grown), happens(other.grown))
        assert len(ends) == 2

    assert (len(ends), looks < 10) == (0, True)


async def test_who_listens_hears_of_the_end_of_the_own_key_only(desk: Desk) -> None:
    ends = Tail(desk.services)
    with ends.listening(desk.who["agent"]) as one, ends.listening(desk.who["viewer"]) as other:
        await desk.call("operator", "revoke_key", key_id=desk.who["agent"])
        await happens(one.over)

        assert not other.over.is_set()


async def test_a_key_that_expires_is_noticed_although_nothing_is_written(desk: Desk) -> None:
    end = desk.at(2 * SECOND)
    key = await desk.call("operator", "create_key", name="short", role="viewer", expires_at=end)
    ends = Tail(desk.services)
    with ends.listening(key.key_id) as one:
        await happens(one.grown)
        assert not one.over.is_set()
        desk.later(2 * SECOND)
        await happens(one.over)


async def test_reading_on_misses_nothing_and_ends_with_the_key(desk: Desk) -> None:
    caller, asked = Caller(desk.who["agent"], "rest"), FollowEvents(kinds=["inbound"])
    position = await tail.begin(desk.services, caller, STREAM, asked)
    await desk.receive()
    page, further = await tail.read_on(desk.services, caller, STREAM, asked, position)
    nothing, last = await tail.read_on(desk.services, caller, STREAM, asked, further)
    await desk.call("operator", "revoke_key", key_id=desk.who["agent"])

    assert (page.count, nothing.count, position < further <= last) == (1, 0, True)
    with pytest.raises(Problem, match="unauthenticated"):
        await tail.read_on(desk.services, caller, STREAM, asked, last)


async def test_what_cannot_be_followed_is_refused_and_written_down(desk: Desk) -> None:
    caller = Caller(desk.who["agent"], "rest")
    for asked, code in (
        (FollowEvents(mailbox="nobody@localhost"), "unknown_mailbox"),
        (FollowEvents(after="evt_1"), "invalid_cursor"),
        (FollowEvents(kinds=["x.y"]), "invalid"),
    ):
        with pytest.raises(Problem, match=code):
            await tail.begin(desk.services, caller, STREAM, asked)
    await desk.reopen()

    def outcomes(tx: Tx) -> list[str]:
        return [one.outcome for one in tx.events.calls(desk.who["agent"], 10)]

    assert sorted(await desk.read(outcomes)) == ["invalid", "invalid_cursor", "unknown_mailbox"]


async def test_a_data_file_that_is_closed_ends_no_more_than_the_streams(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tail, "_AFTER_FAULT", 0.0)
    with Tail(desk.services).listening(desk.who["agent"]) as one:
        await happens(one.grown)
        one.grown.clear()
        await desk.services.store.close()
        await happens(one.grown)
    await desk.reopen()
