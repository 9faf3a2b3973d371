"""Calls of tools by the official client: a full mailbox against the bare SDK's echo and against an empty mailbox.

One process run has three servers on each door. The echo's answers are ours of the same run, byte for byte; all six
are called in shuffled rounds, one call at a time, and a server's figure is the median of its calls.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections import defaultdict
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any, Final

import anyio
from mcp import Client, StdioServerParameters

from benchmarks import mailbox, servers
from benchmarks.plan import Plan, Size
from benchmarks.table import Pair, Row

BOUND: Final = {"check_inbox": 1.6, "read_email": 1.6, "send_email": 2.5}
EMPTY_BOUND: Final = 1.2
_DOORS: Final = ("stdio", "http")
_WARM: Final = 30
_WHAT: Final = {
    "check_inbox": "check_inbox, 20 rows",
    "read_email": "read_email, 4 KB",
    "send_email": "send_email, held",
}

Medians = dict[tuple[str, str, str], float]
"""Milliseconds by server (`full`, `empty`, `echo`), door and tool."""


@dataclass(slots=True)
class Caller:
    """A client of one server, and the mail it reads."""

    server: str
    door: str
    client: Client
    pid: int
    message_id: str = ""
    sent: int = 0
    took: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    async def call(self, tool: str) -> Any:
        """One call; a refusal makes the run worthless."""
        result = await self.client.call_tool(tool, self._arguments(tool))
        if result.is_error:
            raise RuntimeError(f"{self.server} {self.door} {tool}: {result.content}")
        return result

    async def round(self, tool: str, calls: int) -> None:
        """Some calls in a row, each timed."""
        for _ in range(calls):
            began = time.perf_counter()
            await self.call(tool)
            self.took[tool].append(time.perf_counter() - began)

    async def find_mail(self) -> None:
        """The mail to read: the newest one of 4 KB."""
        cursor: dict[str, Any] = {}
        while not self.message_id:
            page = (await self.client.call_tool("check_inbox", {"limit": 20, **cursor})).structured_content
            assert page is not None
            for row in page["messages"]:
                body = await self.client.call_tool("read_email", {"message_id": row["message_id"]})
                if len(body.content[0].text) > mailbox.BODY_BYTES:  # type: ignore[union-attr]
                    self.message_id = row["message_id"]
                    break
            cursor = {"cursor": page["cursor"]}

    def _arguments(self, tool: str) -> dict[str, Any]:
        if tool == "check_inbox":
            return {"limit": 20}
        if tool == "read_email":
            return {"message_id": self.message_id}
        self.sent += 1
        subject = f"Your booking, {self.server} {self.door} {self.sent}"
        return {"to": ["customer@example.org"], "subject": subject, "body": _LETTER}


_LETTER: Final = mailbox.body(1, 1_000)


def measure(plan: Plan) -> list[Row]:
    """All lines about calls."""
    runs = []
    for _ in range(plan.size.runs):
        with plan.accounts(plan.size.messages, mailbox.FEW) as folders:
            runs.append(asyncio.run(_run(plan.size, folders)))
    return [
        *(_against_echo(runs, tool, door) for tool in BOUND for door in _DOORS),
        *(_against_empty(runs, tool, door) for tool in BOUND for door in _DOORS),
    ]


def _against_echo(runs: list[Medians], tool: str, door: str) -> Row:
    pairs = [Pair(run["full", door, tool], run["echo", door, tool]) for run in runs]
    return Row(f"{_WHAT[tool]}, {door}: echo of the same bytes", "ms", pairs, at_most=BOUND[tool])


def _against_empty(runs: list[Medians], tool: str, door: str) -> Row:
    pairs = [Pair(run["full", door, tool], run["empty", door, tool]) for run in runs]
    return Row(f"{_WHAT[tool]}, {door}: empty mailbox", "ms", pairs, at_most=EMPTY_BOUND)


async def _run(size: Size, folders: Sequence[Path]) -> Medians:
    async with AsyncExitStack() as stack:
        found = await callers(stack, folders)
        for caller in found:
            for tool in BOUND:
                await caller.round(tool, _WARM)
            caller.took.clear()
        await _rounds(size, found)
    return {
        (caller.server, caller.door, tool): median(times) * 1_000
        for caller in found
        for tool, times in caller.took.items()
    }


async def callers(stack: AsyncExitStack, folders: Sequence[Path]) -> list[Caller]:
    """The clients of all six servers, on the full folder and the empty one, as long as the stack is open."""
    full, empty = folders
    ours = [*await _ours(stack, "full", full), *await _ours(stack, "empty", empty)]
    answers = anyio.Path(full / "bench.answers")
    schemas = {tool.name: tool.output_schema for tool in (await ours[0].client.list_tools()).tools}
    given = {tool: (await ours[0].call(tool), schemas[tool]) for tool in BOUND}
    await answers.write_text(json.dumps({tool: _kept(*one) for tool, one in given.items()}), "utf-8")
    return [*ours, *await _echo(stack, Path(answers))]


async def _rounds(size: Size, callers: list[Caller]) -> None:
    turns = [(caller, tool) for caller in callers for tool in BOUND]
    for _ in range(size.rounds):
        random.shuffle(turns)
        for caller, tool in turns:
            await caller.round(tool, size.calls)


async def _ours(stack: AsyncExitStack, name: str, folder: Path) -> list[Caller]:
    """A resident with a door beside it, as at home."""
    place = stack.enter_context(servers.resident(folder))
    http = await stack.enter_async_context(servers.on_http(place.base_url, mailbox.keys(folder)[0]))
    stdio, pid = await _on_stdio(stack, servers.door(folder))
    found = [Caller(name, "stdio", stdio, pid), Caller(name, "http", http, place.pid)]
    for caller in found:
        await caller.find_mail()
    return found


def _kept(result: Any, schema: Any) -> dict[str, Any]:
    """What the bare server is to answer, for its process to read."""
    content = result.model_dump(mode="json", include={"content", "structured_content"})
    return {"result": content, "schema": schema}


async def _echo(stack: AsyncExitStack, answers: Path) -> list[Caller]:
    url, pid = stack.enter_context(servers.echo_http(answers))
    http = await stack.enter_async_context(servers.on_http(url, "none"))
    stdio, door = await _on_stdio(stack, servers.echo_door(answers))
    return [Caller("echo", "stdio", stdio, door, "msg_0"), Caller("echo", "http", http, pid, "msg_0")]


async def _on_stdio(stack: AsyncExitStack, parameters: StdioServerParameters) -> tuple[Client, int]:
    """A client with its server's process id, which the SDK keeps to itself."""
    before = servers.children()
    client = await stack.enter_async_context(servers.on_stdio(parameters))
    (pid,) = servers.children() - before
    return client, pid
