"""Frames between processes: whole values in their order, and nothing but plain ones."""

from __future__ import annotations

import asyncio
import os
import pickle
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from multimail.surfaces.smtp.channel import Channel

pytestmark = pytest.mark.anyio


class End:
    """One end, with what it heard."""

    def __init__(self) -> None:
        self.heard: asyncio.Queue[Any] = asyncio.Queue()
        self.ended = asyncio.Event()
        self.channel = Channel(self.heard.put_nowait, self.ended.set)


@asynccontextmanager
async def channel() -> AsyncIterator[tuple[End, socket.socket]]:
    """A channel's end and the bare socket that is the other one."""
    here, there = socket.socketpair()
    there.setblocking(False)
    end = End()
    await asyncio.get_running_loop().create_unix_connection(lambda: end.channel, sock=here)
    with there:
        async with asyncio.timeout(10):
            yield end, there
            end.channel.close()
            await end.ended.wait()


def frame(value: Any) -> bytes:
    body = pickle.dumps(value)
    return len(body).to_bytes(4, "big") + body


async def test_values_arrive_whole_and_in_order_however_they_are_cut() -> None:
    values = ["ready", ("mail", 1, b"\0" * 9, None), {"a": frozenset({1})}, "x" * 70_000, 2.5]
    sent = b"".join(map(frame, values))
    async with channel() as (end, there):
        loop = asyncio.get_running_loop()
        for cut in (1, 3, 5_000, len(sent)):
            for begin in range(0, min(len(sent), 200 * cut), cut):
                await loop.sock_sendall(there, sent[begin : begin + cut])
            await loop.sock_sendall(there, sent[200 * cut :])
            assert [await end.heard.get() for _ in values] == values


async def test_what_one_end_sends_the_other_hears() -> None:
    here, there = socket.socketpair()
    ends = [End(), End()]
    loop = asyncio.get_running_loop()
    await loop.create_unix_connection(lambda: ends[0].channel, sock=here)
    await loop.create_unix_connection(lambda: ends[1].channel, sock=there)
    large = os.urandom(5_000_000)
    ends[0].channel.send(("mail", large))
    assert await ends[1].heard.get() == ("mail", large)
    ends[0].channel.close()
    await asyncio.gather(*(end.ended.wait() for end in ends))
    ends[1].channel.send("too late")


class Forged:
    """Asks whoever reads it to run a command."""

    def __reduce__(self) -> Any:
        return os.system, ("false",)


@pytest.mark.parametrize("body", [pickle.dumps(Forged()), pickle.dumps(RuntimeError("x")), b"no pickle"])
async def test_a_frame_that_is_no_plain_value_ends_the_channel(body: bytes) -> None:
    faults: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: faults.append(context))
    async with channel() as (end, there):
        there.send(len(body).to_bytes(4, "big") + body)
        await end.ended.wait()
        assert end.heard.empty()
        assert isinstance(faults[0]["exception"], pickle.UnpicklingError)


async def test_the_end_of_the_other_side_is_heard() -> None:
    async with channel() as (end, there):
        there.close()
        await end.ended.wait()
