"""The HTTP port: busy ports are told apart from impossible ones, and stopping takes bounded time."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING

import httpx2
import pytest

from multimail.core.errors import Problem
from multimail.wiring import listening
from multimail.wiring.listening import HttpServer, bind

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

pytestmark = pytest.mark.anyio


def test_a_busy_port_is_a_problem_that_names_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Problem) as caught:
            bind("127.0.0.1", port)

    assert (caught.value.code, caught.value.field, caught.value.details) == (
        "port_busy",
        "http_port",
        {"port": port},
    )


@pytest.mark.parametrize("host", ["192.0.2.1", "no.such.host.invalid"])
def test_an_address_of_another_machine_is_a_wrong_setting(host: str) -> None:
    with pytest.raises(Problem) as caught:
        bind(host, 0)

    assert (caught.value.code, caught.value.field) == ("invalid_setting", "http_host")


async def answer(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"here"})


async def never(scope: Scope, receive: Receive, send: Send) -> None:
    await asyncio.Event().wait()


async def test_it_answers_between_start_and_stop() -> None:
    listener = bind("127.0.0.1", 0)
    place = f"http://127.0.0.1:{listener.getsockname()[1]}/"
    server = HttpServer(answer, listener, grace=0.5)

    await server.start()
    async with httpx2.AsyncClient() as client:
        assert (await client.get(place)).text == "here"
    await server.stop()
    with pytest.raises(httpx2.ConnectError):
        httpx2.get(place)


async def test_a_request_that_never_ends_does_not_hold_up_the_end() -> None:
    listener = bind("127.0.0.1", 0)
    server = HttpServer(never, listener, grace=0.05)
    await server.start()
    _, writer = await asyncio.open_connection("127.0.0.1", listener.getsockname()[1])
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    await writer.drain()

    async with asyncio.timeout(10):
        await server.stop()
    writer.close()


async def test_whoever_stops_it_waits_for_no_look_at_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "_A_SECOND", 3600.0)
    server = HttpServer(answer, bind("127.0.0.1", 0), grace=0.05)
    await server.start()

    async with asyncio.timeout(10):
        await server.stop()


async def test_stopping_what_never_started_is_nothing() -> None:
    listener = bind("127.0.0.1", 0)

    await HttpServer(answer, listener, grace=0.05).stop()
    listener.close()


async def test_answers_are_not_held_back_until_the_peer_acknowledges() -> None:
    """With Nagle's algorithm every answer on a kept connection takes 40 ms."""
    at_once: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def look(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        accepted = writer.get_extra_info("socket")
        at_once.set_result(accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()
        await writer.wait_closed()

    listener = bind("127.0.0.1", 0)
    async with await asyncio.start_server(look, sock=listener):
        with socket.create_connection(listener.getsockname()):
            assert await asyncio.wait_for(at_once, 10)
