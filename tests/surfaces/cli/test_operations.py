"""Operations as commands: what is typed goes through the door, and the answer comes out for people or as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from multimail.contract.administration import KeyCreated
from multimail.contract.operation import CLI, Operation
from multimail.contract.reading import MessageList
from multimail.contract.registry import BY_NAME, OPERATIONS
from multimail.contract.shapes import View
from multimail.core.errors import Problem
from multimail.core.times import to_datetime
from multimail.surfaces.cli.operations import command

KEY = KeyCreated(
    key_id="key_1", name="Ann", kind="person", role="reviewer", scopes=["read"], self_approving=False,
    elicitation=True, created_at=to_datetime(0), key="mm_secret",
)  # fmt: skip


@dataclass
class Line:
    """A command line whose other end notes what it is asked."""

    answer: View
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    given: dict[str, Any] = field(default_factory=dict)

    def call(self, name: str, arguments: dict[str, Any]) -> View:
        self.asked.append((name, arguments))
        return self.answer

    @contextmanager
    def connect(self, context: click.Context, row: Operation) -> Iterator[Any]:
        yield self

    def run(self, name: str, *words: str) -> Result:
        made = command(BY_NAME[name], self.connect)
        return CliRunner().invoke(made, list(words), obj=self.given)


def test_what_is_typed_reaches_the_operation_and_the_answer_is_shown() -> None:
    line = Line(MessageList(messages=[], count=0))

    done = line.run("check_inbox", "is:unread", "--limit", "5")

    assert (done.exit_code, done.output) == (0, "No mail.\n")
    assert line.asked == [("check_inbox", {"query": "is:unread", "limit": "5"})]


def test_the_whole_answer_is_json_where_asked_for() -> None:
    line = Line(MessageList(messages=[], count=0))

    assert json.loads(line.run("check_inbox", "--json").output) == {"messages": [], "count": 0}
    assert line.given["json"] is True


def test_a_key_file_beside_the_command_is_handed_up(tmp_path: Path) -> None:
    line = Line(MessageList(messages=[], count=0))

    line.run("check_inbox", "--key-file", str(tmp_path / "key"))

    assert line.given["key_file"] == tmp_path / "key"


def test_a_secret_is_not_asked_for_where_nobody_may_see_it() -> None:
    line = Line(KEY)

    done = line.run("create_key", "Ann")

    assert isinstance(done.exception, Problem)
    assert (line.asked, done.output) == ([], "")


def test_a_secret_goes_into_its_file_and_not_onto_the_screen(tmp_path: Path) -> None:
    done = Line(KEY).run("create_key", "Ann", "--json", "--write-to", str(tmp_path / "key"))

    assert (tmp_path / "key").read_text("utf-8") == "mm_secret\n"
    assert "mm_secret" not in done.output
    assert json.loads(done.output)["key"] == f"in {tmp_path / 'key'}"


@pytest.mark.parametrize("row", [row for row in OPERATIONS if CLI in row.surfaces], ids=lambda row: row.name)
def test_every_operation_has_help_that_names_it_and_its_scope(row: Operation) -> None:
    done = CliRunner().invoke(command(row, Line(KEY).connect), ["--help"])

    assert done.exit_code == 0
    assert row.name in " ".join(done.output.split())
    assert f"scope {row.scope}" in " ".join(done.output.split())
