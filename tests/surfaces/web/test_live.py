"""What pages are told while they are looked at, who is told nothing, and when it is over."""

from __future__ import annotations

import asyncio

import pytest

from multimail.core.times import HOUR
from multimail.surfaces.web import live
from tests.support.desk import Desk
from tests.support.following_page import following
from tests.support.guest import Guest, House

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "_PAUSE", 0)


async def test_a_page_is_told_what_changed_and_nothing_else(desk: Desk, at: House, reviewer: Guest) -> None:
    desk.later(HOUR)
    async with following(at, reviewer, "inbox", "review", "freeze") as page:
        assert await page.told("hello") == [["freeze", "inbox", "review"]]
        await desk.receive("A secret number: 4711")
        assert await page.told("changed") == [["inbox", "review"]]
        await desk.call("operator", "freeze")
        assert (await page.told("changed", 2))[1] == ["freeze", "review"]

    assert page.headers["content-type"] == "text/event-stream"
    assert page.headers["cache-control"] == "no-store"
    assert "4711" not in page.text
    assert "msg_" not in page.text


async def test_what_happened_since_the_page_was_made_is_told_at_once(
    desk: Desk, at: House, reviewer: Guest
) -> None:
    desk.later(HOUR)
    await desk.receive()
    desk.later(2_000_000)
    async with following(at, reviewer, age="3000") as page:
        assert await page.told("changed") == [["inbox"]]
    async with following(at, reviewer, age="1000") as later:
        await later.told("hello")
        await desk.receive()
        assert await later.told("changed") == [["inbox"]]


async def test_of_very_much_that_happened_all_is_said_to_have_changed(
    desk: Desk, at: House, reviewer: Guest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("multimail.services.watching._RECENT", 2)
    await asyncio.gather(*(desk.send(idempotency_key=str(number)) for number in range(5)))
    async with following(at, reviewer, "inbox", "freeze", age="not a number") as page:
        assert await page.told("changed") == [["freeze", "inbox"]]


async def test_a_topic_that_there_is_not_is_refused(at: House, reviewer: Guest) -> None:
    async with following(at, reviewer, "weather") as page:
        await page.end()
    async with following(at, reviewer, "weather", "inbox") as other:
        assert await other.told("hello") == [["inbox"]]

    assert page.status == 422


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"cookie": ""}, 401),
        ({"x-csrf-token": ""}, 403),
        ({"x-csrf-token": "guessed"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"origin": "http://127.0.0.1:9999"}, 403),
        ({"host": "rebound.example"}, 421),
    ],
)
async def test_only_a_script_of_our_own_page_is_told_anything(
    at: House, reviewer: Guest, headers: dict[str, str], status: int
) -> None:
    async with following(at, reviewer, headers=headers) as page:
        await page.end()

    assert page.status == status
    assert "event:" not in page.text


async def test_the_stream_is_over_with_the_session(desk: Desk, at: House, reviewer: Guest) -> None:
    async with following(at, reviewer) as page:
        await page.told("hello")
        await reviewer.post("/sign-out")
        await page.end()

    assert page.events("over") == [[]]


async def test_the_stream_is_over_with_the_key(desk: Desk, at: House, reviewer: Guest) -> None:
    async with following(at, reviewer) as page:
        await page.told("hello")
        await desk.call("operator", "revoke_key", key_id=desk.who["reviewer"])
        await page.end()

    assert [] in page.events("over")


async def test_one_session_follows_on_so_many_pages_and_a_closed_page_makes_room(
    at: House, reviewer: Guest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "_FOR_ONE", 1)
    async with following(at, reviewer) as page:
        await page.told("hello")
        async with following(at, reviewer) as second:
            await second.end()
        async with at.signed_in("second") as somebody, following(at, somebody) as other:
            await other.told("hello")
    async with following(at, reviewer) as third:
        await third.told("hello")

    assert second.status == 503


async def test_a_stream_says_that_it_is_alive(
    at: House, reviewer: Guest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "_HEARTBEAT", 0.01)
    async with following(at, reviewer) as page:
        async with asyncio.timeout(20):
            while ": alive\n\n: alive\n\n" not in page.text:
                page.came.clear()
                await page.came.wait()


async def test_a_fault_ends_the_stream_and_is_logged(
    desk: Desk, at: House, reviewer: Guest, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*given: object) -> None:
        raise ZeroDivisionError

    async with following(at, reviewer) as page:
        await page.told("hello")
        monkeypatch.setattr("multimail.services.watching.after", broken)
        await desk.receive()
        await page.end()

    assert "a page could not be told" in caplog.text
