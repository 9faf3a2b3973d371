"""The guide to suppression says what the program does: its table, its commands and its answers."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Final

from click.testing import CliRunner

from multimail.commands.program import program
from multimail.core.suppression import matrix
from tests.support.office import Office, office

PAGE: Final = (Path(__file__).parents[2] / "docs" / "unsubscribing.md").read_text("utf-8")


def test_the_table_is_the_one_that_decides() -> None:
    lines = [line.strip("| ").split(" | ") for line in PAGE.splitlines() if line.startswith("| ")]
    names, told = lines[0][1:5], [line for line in lines if line[0].startswith("`")]

    assert [
        (line[0].strip("`"), {name: cell == "stops" for name, cell in zip(names, line[1:5], strict=True)})
        for line in told
    ] == matrix()


def test_the_answer_and_the_request_in_it_are_those_of_the_program(tmp_path: Path) -> None:
    answer = re.search(r"```json\n(.*?)```", PAGE, re.DOTALL)
    assert answer is not None
    with office(tmp_path) as here:
        here.mailbox("news@example.com", default_mode="autonomous")
        asked(here)
        sent = here.call(
            "send_email", mailbox="news@example.com", to=["ann@example.org"], subject="Hi", body="Hi."
        )

    wanted = json.loads(answer[1])
    assert {name: sent[name] for name in wanted} == wanted


def asked(here: Office) -> None:
    """Ann unsubscribes, by the operator's hand."""
    here.call("suppress_address", address="ann@example.org", reason="unsubscribe")


def test_each_command_in_it_is_one_with_these_options() -> None:
    commands = re.findall(r"^multimail (.+)$", PAGE, re.MULTILINE)
    assert len(commands) == 5
    for line in commands:
        name, *arguments = shlex.split(line)
        command = program.get_command(None, name)  # type: ignore[arg-type]
        assert command is not None
        command.make_context(name, arguments, resilient_parsing=True)
        ran = CliRunner().invoke(program, [name, "--help"])
        options = {one for one in arguments if one.startswith("--")}
        assert ran.exit_code == 0
        assert [one for one in options if one not in ran.output] == []
