"""Stdio doors as hosts start them: processes of their own, spoken to by the official client."""

from __future__ import annotations

import asyncio
import socket
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import IO, Any, Final

import anyio
import anyio.to_thread
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.shared.message import SessionMessage
from mcp.types import CallToolResult, jsonrpc_message_adapter

from tests.support.program import COMMAND, LIMIT_S, environment
from tests.support.warm import start

_LONGEST: Final = 1 << 30


def parameters(data: Path, **settings: str) -> StdioServerParameters:
    """How a host starts `multimail mcp` on a data folder."""
    return StdioServerParameters(
        command=sys.executable,
        args=[*COMMAND, "mcp"],
        env=environment(data, **settings),
        cwd=data.parent,
    )


@asynccontextmanager
async def door(data: Path, *, cold: bool = False, **settings: str) -> AsyncIterator[Client]:
    """A client with a door behind it. What the door complains about fails the test."""
    with tempfile.TemporaryFile("w+") as complaints:
        given = parameters(data, **settings)
        way = stdio_client(given, errlog=complaints) if cold else forked_stdio(given, complaints)
        async with Client(way) as client:
            yield client
        complaints.seek(0)
        said = complaints.read()
    assert not said, said


@asynccontextmanager
async def forked_stdio(given: StdioServerParameters, complaints: IO[str]) -> AsyncIterator[Any]:
    """As `stdio_client`, to a door that need not import the program: see `tests.support.warm`."""
    (to_us, their_out), (to_them, their_in) = socket.socketpair(), socket.socketpair()
    with their_in, their_out:
        process = start(
            given.args, cwd=given.cwd, env=given.env, start_new_session=True, stdin=their_in, stdout=their_out,
            stderr=complaints,
        )  # fmt: skip
    reader, unused = await asyncio.open_connection(sock=to_us, limit=_LONGEST)
    _, writer = await asyncio.open_connection(sock=to_them)
    to_client, from_door = anyio.create_memory_object_stream[SessionMessage | Exception](0)
    to_door, from_client = anyio.create_memory_object_stream[SessionMessage](0)

    async def hear() -> None:
        with suppress(anyio.BrokenResourceError):
            async with to_client:
                while line := await reader.readline():
                    said = jsonrpc_message_adapter.validate_json(line, by_name=False)
                    await to_client.send(SessionMessage(said))
        while await reader.read(1 << 16):
            pass

    async def say() -> None:
        async with from_client:
            async for one in from_client:
                writer.write(one.message.model_dump_json(by_alias=True, exclude_unset=True).encode() + b"\n")
                await writer.drain()
        writer.write_eof()

    with process:
        try:
            async with anyio.create_task_group() as tasks, from_door, to_door:
                tasks.start_soon(hear)
                tasks.start_soon(say)
                yield from_door, to_door
            await anyio.to_thread.run_sync(process.wait, LIMIT_S)
        finally:
            process.kill()
            writer.close()
            unused.close()


def answer(result: CallToolResult) -> dict[str, Any]:
    """The structured half of an answer that is no error."""
    assert not result.is_error, result.content
    assert result.structured_content is not None
    return dict(result.structured_content)
