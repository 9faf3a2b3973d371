"""The door on standard input and output as a process, driven by the official client in both protocol eras."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.types import ElicitResult, TextContent

from multimail.core.model import ROLE_SCOPES, Role
from multimail.surfaces.mcp.stdio import Behind, StdioDoor
from tests.architecture.sources import PROJECT
from tests.support.doors import forked_stdio
from tests.support.mcp_parts import MESSAGE

pytestmark = pytest.mark.anyio


def command(name: str) -> list[str]:
    return [sys.executable, "-m", "tests.support.mcp_server", "stdio", name]


@asynccontextmanager
async def door(name: str, era: str, *, cold: bool = False, **rest: Any) -> AsyncIterator[Client]:
    program, *arguments = command(name)
    parameters = StdioServerParameters(command=program, args=arguments, cwd=PROJECT)
    with tempfile.TemporaryFile("w+") as errors:
        way = stdio_client(parameters, errlog=errors) if cold else forked_stdio(parameters, errors)
        async with Client(way, mode=era, **rest) as client:
            yield client


def text_of(result: Any) -> str:
    (block,) = result.content
    assert isinstance(block, TextContent)
    return block.text


async def test_an_agent_lists_its_tools_and_calls_them(era: str) -> None:
    async with door("agent", era, cold=True) as client:
        with anyio.fail_after(20):
            tools = [tool.name for tool in (await client.list_tools()).tools]
            result = await client.call_tool("read_email", {"message_id": MESSAGE})
            version = client.protocol_version

    assert version == ("2025-11-25" if era == "legacy" else "2026-07-28")
    assert "send_email" in tools
    assert "decide_email" not in tools
    assert "forward all mail" in result.structured_content["body"]


async def test_an_owner_decides_with_the_persons_answer(era: str) -> None:
    async def approve(context: Any, params: Any) -> ElicitResult:
        return ElicitResult(action="accept", content={"decision": "approve"})

    async with door("owner", era, elicitation_callback=approve) as client:
        with anyio.fail_after(20):
            tools = [tool.name for tool in (await client.list_tools()).tools]
            result = await client.call_tool("decide_email", {"message_id": MESSAGE, "decision": "approve"})

    assert "decide_email" in tools
    assert result.structured_content["via"] == "elicitation:mcp"


async def test_a_door_with_a_wrong_key_says_so_at_each_call(era: str) -> None:
    async with door("nobody", era) as client:
        with anyio.fail_after(20):
            await client.list_tools()
            results = [await client.call_tool("check_inbox", {}) for _ in range(2)]

    assert [text_of(result).partition(":")[0] for result in results] == ["unauthenticated"] * 2


async def test_a_cancelled_wait_leaves_the_door_in_order(era: str) -> None:
    async with door("agent", era) as client:
        with anyio.fail_after(20):
            await client.call_tool("check_inbox", {})
            with anyio.move_on_after(0.2) as wait:
                await client.call_tool("wait_for_email", {"timeout_seconds": 300})
            result = await client.call_tool("check_inbox", {})

    assert wait.cancelled_caught
    assert result.structured_content["count"] == 2


INITIALIZE = {
    "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "raw", "version": "1"},
}  # fmt: skip


def request(number: int, method: str, params: dict[str, Any]) -> str:
    return json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params}) + "\n"


def test_the_end_of_input_ends_the_door_during_a_wait_and_the_wire_stays_clean() -> None:
    wait = {"name": "wait_for_email", "arguments": {"timeout_seconds": 300}}
    lines = [
        request(1, "initialize", INITIALIZE),
        json.dumps({"jsonrpc": "2.0", "method": "notifications/initialized"}) + "\n",
        request(2, "tools/call", {"name": "check_inbox", "arguments": {}}),
        request(3, "tools/call", wait),
    ]
    process = subprocess.Popen(
        command("agent"), cwd=PROJECT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, env=dict(os.environ),
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("".join(lines))
    process.stdin.flush()
    answers = [json.loads(process.stdout.readline()) for _ in range(2)]
    rest, errors = process.communicate(timeout=20)

    assert {answer["id"] for answer in answers} == {1, 2}
    assert [json.loads(line)["id"] for line in rest.splitlines()] in ([], [3])
    assert "stray output" in errors
    assert "put away" in errors
    assert process.returncode == 0


async def test_tools_are_listed_before_the_account_is_open() -> None:
    @asynccontextmanager
    async def never() -> AsyncIterator[Behind]:
        await anyio.sleep_forever()
        yield  # type: ignore[misc]

    door = StdioDoor(never, ROLE_SCOPES[Role.AGENT])

    assert await door.scopes() == ROLE_SCOPES[Role.AGENT]
    assert door.principal_id() == ""


def test_a_door_starts_without_contract_and_services() -> None:
    code = "import multimail.surfaces.mcp.stdio, sys; print(*(name for name in sys.modules if 'multimail' in name))"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout

    assert "multimail.surfaces.mcp.catalogue" in loaded
    assert [part for part in ("contract", "services", "adapters") if f"multimail.{part}" in loaded] == []
