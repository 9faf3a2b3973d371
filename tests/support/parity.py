"""One account four times over, and the same calls on each through another surface: MCP, REST, the SDK, the commands.

Ids and time are the same in all four, so that answers may be compared as they are.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import shutil
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import click
from click.testing import CliRunner
from mcp import Client

import multimail
from multimail.adapters.system import Ids
from multimail.contract.operation import CLI, MCP, REST, Operation
from multimail.contract.registry import BY_NAME
from multimail.contract.shapes import View
from multimail.core.errors import Problem
from multimail.core.model import Scope
from multimail.services import dispatch
from multimail.services.context import Caller, Services
from multimail.surfaces.cli.operations import command
from multimail.surfaces.mcp.server import Options, build
from tests.support.desk import Desk, opened
from tests.support.rest import BASE_URL, front

OFFERED: Final = {"mcp": MCP, "rest": REST, "sdk": REST, "cli": CLI}
"""Which of an operation's surfaces each way belongs to."""
_FENCE: Final = re.compile(r'^\[mail (\w+) trust="[^"]*"\]\s(.*)\s\[/mail \1\]$', re.DOTALL)

Answer = dict[str, Any]
Way = Callable[[str, Mapping[str, Any]], Any]
"""Carries an operation out; gives the answer, or the code and field of the problem."""


@dataclass(frozen=True, slots=True)
class Ways:
    """The surfaces by name."""

    by_name: dict[str, Way]

    async def call(self, operation: str, arguments: Mapping[str, Any], but: str = "") -> dict[str, Answer]:
        """The answer of each surface that offers the operation, but for one perhaps."""
        row = BY_NAME[operation]
        return {
            name: await way(operation, arguments)
            for name, way in self.by_name.items()
            # A model is never shown a secret.
            if name != but and OFFERED[name] in row.surfaces and not (name == "mcp" and row.secret)
        }


@asynccontextmanager
async def ways(folder: Path, account: Path | None = None) -> AsyncIterator[Ways]:
    """All four, called by the operator; each has a copy of the account, where one is given."""
    async with AsyncExitStack() as stack:
        desks = {}
        for name in OFFERED:
            (folder / name).mkdir()
            if account is not None:
                shutil.copyfile(account, folder / name / account.name)
            desk = desks[name] = await stack.enter_async_context(opened(folder / name))
            desk.services = replace(desk.services, ids=Ids(random.Random(11).getrandbits))
        by_name = {
            "mcp": await _mcp(stack, desks["mcp"]),
            "rest": await _rest(stack, desks["rest"]),
            "sdk": await _sdk(stack, desks["sdk"]),
            "cli": _cli(desks["cli"]),
        }
        yield Ways(by_name)


@dataclass(frozen=True, slots=True)
class _Door:
    desk: Desk
    surface: str = "mcp:stdio"

    def principal_id(self) -> str:
        return self.desk.who["operator"]

    async def services(self) -> Services:
        return self.desk.services

    async def scopes(self) -> frozenset[Scope]:
        return frozenset(Scope)


async def _mcp(stack: AsyncExitStack, desk: Desk) -> Way:
    client = await stack.enter_async_context(Client(build(_Door(desk), Options())))

    async def call(operation: str, arguments: Mapping[str, Any]) -> Answer:
        result = await client.call_tool(operation, dict(arguments))
        text = result.content[0].text  # type: ignore[union-attr]
        if result.is_error:
            found = re.match(r"(\w+): .*?(?:\nfield: (\S+)|\Z)", text, re.DOTALL)
            assert found is not None, text
            return {"code": found[1], "field": found[2]}
        found_content: Answer = _without_fences(result.structured_content)
        return found_content

    return call


def _without_fences(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_fences(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_without_fences(one) for one in value]
    fenced = _FENCE.match(value) if isinstance(value, str) else None
    return fenced[2] if fenced else value


async def _rest(stack: AsyncExitStack, desk: Desk) -> Way:
    api = await stack.enter_async_context(front(desk))

    async def call(operation: str, arguments: Mapping[str, Any]) -> Answer:
        answer = await api.ask("POST", f"/v1/{operation}", "operator", json=dict(arguments))
        found: Answer = answer.json()
        return {"code": found["code"], "field": found.get("field")} if answer.is_error else found

    return call


async def _sdk(stack: AsyncExitStack, desk: Desk) -> Way:
    api = await stack.enter_async_context(front(desk))
    api.client.headers["x-who"] = desk.who["operator"]
    client = multimail.AsyncClient(api_key="mm_any", base_url=BASE_URL, retries=0, http_client=api.client)
    await stack.enter_async_context(client)

    async def call(operation: str, arguments: Mapping[str, Any]) -> Answer:
        try:
            answer = await getattr(client, operation)(**arguments)
        except multimail.MultimailError as error:
            return {"code": error.code, "field": error.field}
        # A list that is a mapping as well is written as a list: here it is the mapping that counts.
        found: Answer = json.loads(json.dumps({name: answer[name] for name in answer.keys()}))  # noqa: SIM118
        return found

    return call


@dataclass(frozen=True, slots=True)
class _Line:
    """A session at the command line whose calls run in the test's own loop."""

    desk: Desk
    loop: asyncio.AbstractEventLoop

    def call(self, name: str, arguments: Mapping[str, Any]) -> View:
        caller = Caller(self.desk.who["operator"], "cli")
        done = dispatch.call(self.desk.services, caller, name, arguments)
        return asyncio.run_coroutine_threadsafe(done, self.loop).result(30)

    @contextmanager
    def connect(self, context: click.Context, row: Operation) -> Iterator[Any]:
        yield self


def _cli(desk: Desk) -> Way:
    async def call(operation: str, arguments: Mapping[str, Any]) -> Answer:
        row = BY_NAME[operation]
        made = command(row, _Line(desk, asyncio.get_running_loop()).connect)
        words = [*_words(row, arguments), "--json"]
        if row.secret:
            words += ["--write-to", str(desk.path.parent / f"secret-{desk.services.ids.secret(6)}")]
        done = await asyncio.to_thread(lambda: CliRunner().invoke(made, words, obj={}))
        if isinstance(done.exception, Problem):
            return {"code": done.exception.code, "field": done.exception.field or None}
        assert done.exception is None, (words, done.exception, done.output)
        found: Answer = json.loads(done.output)
        return found

    return call


def _words(row: Operation, arguments: Mapping[str, Any]) -> Iterator[str]:
    """The arguments as a person types them, all by name."""
    for name, value in arguments.items():
        flag = f"--{name.replace('_', '-')}"
        if isinstance(value, bool):
            yield flag if value else f"--no-{flag[2:]}"
        elif isinstance(value, list) and not any(isinstance(one, dict | list) for one in value):
            for one in value:
                yield from (flag, str(one))
        else:
            yield from (flag, json.dumps(value) if isinstance(value, dict | list) else str(value))


def canonical(answer: Any, like: Any) -> Any:
    """What of an answer another answer has too: the REST routes and the SDK add names of their own, and one
    recipient is a string there.
    """
    if isinstance(answer, str) and isinstance(like, list):
        return [answer]
    if isinstance(answer, dict) and isinstance(like, dict):
        return {name: canonical(answer.get(name), like[name]) for name in like}
    if isinstance(answer, list) and isinstance(like, list) and len(answer) == len(like):
        return [canonical(one, other) for one, other in zip(answer, like, strict=True)]
    return answer
