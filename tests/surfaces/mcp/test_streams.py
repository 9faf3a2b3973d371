"""A stream of answers ends with the key that opened it, and ends properly."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import anyio
import anyio.lowlevel
import pytest

from multimail.core.times import MILLISECOND, SECOND
from multimail.surfaces.mcp.streams import EndsWithTheKey
from tests.support.mcp_parts import Memory, services

pytestmark = pytest.mark.anyio


async def endless(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"x", "more_body": True})
    await anyio.sleep_forever()


async def whole(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 405, "headers": []})
    await send({"type": "http.response.body", "body": b"no"})


def scope(method: str = "GET") -> Any:
    return {"method": method, "user": SimpleNamespace(access_token=SimpleNamespace(client_id="key_agent"))}


class Sent(list[Any]):
    """Collects what an app sends and wakes whoever waits for the first part of a body."""

    def __init__(self) -> None:
        super().__init__()
        self.flowing = anyio.Event()

    async def __call__(self, message: Any) -> None:
        self.append((message["type"].rpartition(".")[2], message.get("more_body")))
        if message["type"].endswith("body"):
            self.flowing.set()


async def test_a_revoked_key_ends_the_stream_and_the_response() -> None:
    memory, sent = Memory(), Sent()
    app: Any = EndsWithTheKey(endless, services(memory))
    with anyio.fail_after(5):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(app, scope(), None, sent)
            await sent.flowing.wait()
            memory.revoke("key_owner")
            await anyio.lowlevel.checkpoint()
            assert len(sent) == 2
            memory.revoke("key_agent")

    assert sent == [("start", None), ("body", True), ("body", False)]


async def test_an_expired_key_ends_the_stream_although_nothing_is_written() -> None:
    memory, sent = Memory(), Sent()
    made = services(memory)
    clock: Any = made.clock
    at = clock.now() + 10 * MILLISECOND
    memory.principals_by_id["key_agent"] = replace(memory.principals_by_id["key_agent"], expires_at=at)
    app: Any = EndsWithTheKey(endless, made)

    with anyio.fail_after(4):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(app, scope(), None, sent)
            await sent.flowing.wait()
            clock.advance(SECOND)

    assert sent[-1] == ("body", False)


async def test_a_response_that_ended_by_itself_is_left_alone() -> None:
    for method in ("GET", "POST"):
        sent = Sent()
        with anyio.fail_after(5):
            await EndsWithTheKey(whole, services(Memory()))(scope(method), None, sent)  # type: ignore[arg-type]

        assert sent == [("start", None), ("body", None)]


async def test_what_listens_is_told_that_its_client_has_gone_and_closes_by_itself() -> None:
    memory, sent = Memory(), Sent()
    heard: list[str] = []

    async def listening(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.body", "body": b"x", "more_body": True})
        heard.append((await receive())["type"])
        heard.append((await receive())["type"])
        await send({"type": "http.response.body", "body": b""})

    app: Any = EndsWithTheKey(listening, services(memory))

    async def receive() -> Any:
        if heard:
            await anyio.sleep_forever()
        return {"type": "http.request"}

    with anyio.fail_after(5):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(app, scope(), receive, sent)
            await sent.flowing.wait()
            memory.revoke("key_agent")

    assert heard == ["http.request", "http.disconnect"]
    assert sent == [("body", True), ("body", None)]
