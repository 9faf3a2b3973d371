"""The event stream: in order, resumed without gap or repetition, and over when it has to be."""

from __future__ import annotations

import asyncio
import json
import threading

import pytest

from multimail.surfaces.http import events
from tests.support.desk import Desk
from tests.support.listening import listening

pytestmark = pytest.mark.anyio


async def test_what_happens_is_told_as_it_happens(desk: Desk) -> None:
    async with listening(desk) as stream:
        await stream.until("retry: 2000\n\n")
        first = await desk.receive()
        await stream.until(first)
        second = await desk.receive("Zwei\nZeilen\r\n\r\nund\u2028mehr")
        await stream.until(second)
        told = [one["message_id"] for one in stream.events() if one["event"] == "message.received"]

    assert (stream.status, stream.headers["content-type"]) == (200, "text/event-stream")
    assert (stream.headers["cache-control"], stream.headers["x-accel-buffering"]) == ("no-store", "no")
    assert "content-length" not in stream.headers
    assert told == [first, second]
    assert stream.events()[-1]["body_text"].startswith("Zwei\nZeilen")


@pytest.mark.parametrize("way", ["header", "query", "both"])
async def test_a_client_that_comes_back_misses_nothing_and_hears_nothing_twice(desk: Desk, way: str) -> None:
    async with listening(desk, query={"kinds": "inbound"}) as stream:
        await stream.until("retry")
        await stream.until(await desk.receive())
        last = stream.events()[-1]["id"]
    missed = [await desk.receive(), await desk.receive()]
    query = {"query": {"after": last}, "both": {"after": "evt_00000000000001"}}.get(way, {})
    async with listening(
        desk, last="" if way == "query" else last, query=query | {"kinds": "inbound"}
    ) as again:
        await again.until(missed[-1])
        new = await desk.receive()
        await again.until(new)

    assert [one["message_id"] for one in again.events()] == [*missed, new]


async def test_a_log_of_many_pages_is_told_whole_and_in_order(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("multimail.services.tail._PAGE", 3)
    await asyncio.gather(*(desk.send(idempotency_key=str(number)) for number in range(9)))
    whole = await desk.call("operator", "list_events", limit=1_000)
    async with listening(desk, "operator", query={"after": "evt_00000000000000"}) as stream:
        await stream.until(whole.events[-1]["id"])

    assert len(whole.events) > 12
    assert [one["id"] for one in stream.events()] == [one["id"] for one in whole.events]


async def test_a_stream_says_that_it_is_alive(desk: Desk) -> None:
    async with listening(desk, heartbeat=0.01) as stream:
        text = await stream.until(": alive\n\n: alive\n\n")

    assert text.startswith("retry: 2000\n\n: alive")


async def test_a_stream_ends_when_its_key_is_revoked(desk: Desk) -> None:
    async with listening(desk) as stream:
        await stream.until("retry")
        await desk.call("operator", "revoke_key", key_id=desk.who["agent"])
        await stream.end()


async def test_a_stream_ends_when_the_server_does(desk: Desk) -> None:
    async with listening(desk) as stream:
        await stream.until("retry")
        stream.api.ending.set()
        await stream.end()


async def test_a_client_that_reads_nothing_holds_up_no_end(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "_LAST_WORDS", 0.01)
    async with listening(desk) as stream:
        await stream.until("retry")
        stream.flowing.clear()
        await desk.receive()
        await desk.call("operator", "revoke_key", key_id=desk.who["agent"])
        await stream.end()


async def test_a_fault_ends_the_stream_and_is_logged(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*given: object) -> None:
        raise ZeroDivisionError

    async with listening(desk) as stream:
        await stream.until("retry")
        monkeypatch.setattr("multimail.services.following.page", broken)
        await desk.receive()
        await stream.end()

    assert "a stream of events failed" in caplog.text


@pytest.mark.parametrize(
    ("who", "query", "status", "code"),
    [
        ("agent", {"after": "x"}, 422, "invalid_cursor"),
        ("agent", {"mailbox": "nobody@localhost"}, 404, "unknown_mailbox"),
        ("agent", {"kinds": "x.y"}, 422, "invalid"),
        ("agent", {"kind": "inbound", "limt": "1"}, 422, "unknown_field"),
        ("nobody", {}, 401, "unauthenticated"),
    ],
)
async def test_what_is_wrong_is_said_before_the_stream_begins(
    desk: Desk, who: str, query: dict[str, str], status: int, code: str
) -> None:
    async with listening(desk, who, query=query) as stream:
        await stream.end()

    assert (stream.status, json.loads(stream.text)["code"]) == (status, code)


async def test_streams_are_bounded_in_number(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "_MOST", 0)
    async with listening(desk) as stream:
        await stream.end()

    assert (stream.status, json.loads(stream.text)["code"]) == (503, "busy")


async def test_asking_for_the_head_only_opens_no_stream(desk: Desk) -> None:
    async with listening(desk, method="HEAD") as stream:
        await stream.end()

    assert (stream.status, stream.headers["content-type"]) == (200, "text/event-stream")


async def test_a_hundred_streams_cost_no_thread_each(desk: Desk) -> None:
    async with asyncio.timeout(60):
        await desk.call("agent", "check_inbox")
        threads = threading.active_count()
        streams = [listening(desk, query={"kinds": "inbound"}) for _ in range(100)]
        opened = [await stream.__aenter__() for stream in streams]
        await asyncio.gather(*(one.until("retry") for one in opened))
        message_id = await desk.receive()
        await asyncio.gather(*(one.until(message_id) for one in opened))
        more = threading.active_count() - threads
        for stream in streams:
            await stream.__aexit__(None, None, None)

    assert all(len(one.events()) == 1 for one in opened)
    assert more < 5
