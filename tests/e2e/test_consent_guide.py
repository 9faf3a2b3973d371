"""The guide to consent says what the program does: its table is the one that decides, its commands run."""

from __future__ import annotations

import asyncio
import json
import re
import shlex
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import click
import pytest
from click.testing import CliRunner

from multimail.contract.operation import Operation
from multimail.contract.registry import BY_NAME
from multimail.contract.shapes import View
from multimail.services import dispatch
from multimail.services.context import Caller
from multimail.surfaces.cli.operations import command
from tests.support.desk import Desk, opened

pytestmark = pytest.mark.anyio

PAGE: Final = (Path(__file__).parents[2] / "docs" / "consent.md").read_text("utf-8")
COMMANDS: Final = re.findall(r"^multimail (.+)$", PAGE, re.MULTILINE)
NEWS: Final = "news@example.com"


@dataclass(frozen=True, slots=True)
class Line:
    """A command line whose calls are an operator's on a desk."""

    desk: Desk
    loop: asyncio.AbstractEventLoop

    def call(self, name: str, arguments: Mapping[str, Any]) -> View:
        done = dispatch.call(self.desk.services, Caller(self.desk.who["operator"], "cli"), name, arguments)
        return asyncio.run_coroutine_threadsafe(done, self.loop).result(30)

    @contextmanager
    def connect(self, context: click.Context, row: Operation) -> Iterator[Any]:
        yield self


async def run(desk: Desk, line: str) -> dict[str, Any]:
    name, *words = shlex.split(line)
    made = command(BY_NAME[name.replace("-", "_")], Line(desk, asyncio.get_running_loop()).connect)
    done = await asyncio.to_thread(lambda: CliRunner().invoke(made, [*words, "--json"], obj={}))
    assert done.exception is None, (line, done.exception, done.output)
    found: dict[str, Any] = json.loads(done.output)
    return found


async def test_its_commands_do_what_it_says(tmp_path: Path) -> None:
    async with opened(tmp_path) as desk:
        await desk.call("operator", "create_mailbox", address=NEWS, default_mode="autonomous")
        answers = {line: await run(desk, line) for line in COMMANDS}
        sent = await desk.send(mailbox=NEWS, topic="newsletter", oversight_mode="autonomous")
        register = await desk.call("operator", "get_register", mailbox=NEWS)

    (bob, _), (checked, _) = (
        next((one, line) for line, one in answers.items() if line.startswith(f"{name} "))
        for name in ("record-consent bob@example.org", "check-consent")
    )
    assert bob["consent"]["counts"] is True
    assert (checked["allowed"], checked["reason"]) == (False, "no_consent")
    letter = next(one for one in register.activities if one.topic == "newsletter")
    assert (letter.purpose, letter.gaps) == ("News of the shop", [])
    answer = re.search(r"```json\n(.*?)```", PAGE, re.DOTALL)
    assert answer is not None
    assert {name: getattr(sent, name) for name in json.loads(answer[1])} == json.loads(answer[1])


async def test_its_table_is_the_one_that_decides(tmp_path: Path) -> None:
    async with opened(tmp_path) as desk:
        found = await desk.call("viewer", "consent_table")

    printed = [line.strip("| ").split(" | ") for line in found.table.splitlines()[2:]]
    decided = [(row[0], row[2], row[5]) for row in printed if row[1] == "commercial"]
    told = re.findall(r"^\| (\S+) \| (.+?) \| (.+?) \|$", PAGE, re.MULTILINE)
    assert [one for one in told if one[0] not in ("region", "---")] == decided
