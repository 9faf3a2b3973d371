"""The page about reputation: its commands are understood, and its numbers are those that hold."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Final

import click
import pytest

from multimail.commands.program import program
from multimail.core.events import KINDS
from multimail.core.reputation import Rules, WarmUp

PAGE: Final = (Path(__file__).parents[2] / "docs" / "reputation.md").read_text("utf-8")
COMMANDS: Final = re.findall(r"(?m)^    multimail (.+)$", PAGE)
TEXT: Final = " ".join(PAGE.split())


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_is_understood(line: str) -> None:
    name, *arguments = shlex.split(line)
    command = program.get_command(click.Context(program), name)
    assert command is not None

    command.make_parser(click.Context(command)).parse_args(arguments)


def test_rates_and_bounds_are_those_that_hold_unless_others_are_set() -> None:
    rules, plan = Rules(), WarmUp(0)
    rungs = (("warned", rules.warn), ("throttled", rules.throttle), ("paused", rules.pause))

    for name, rung in rungs:
        assert f"| {name} | {rung.bounces:g} % | {rung.complaints:g} % |" in PAGE
    assert f"the last {rules.window_hours} hours, from {rules.minimum} mails on" in TEXT
    assert f"at most {rules.per_minute} mails a minute" in TEXT
    assert f"below {rules.recover:g} times the rate" in TEXT
    assert (
        f"sends {plan.first} mails on the first day and, by equal factors, {plan.target:,} on the thirtieth"
        in TEXT
    )
    assert (rules.spike_factor, plan.days) == (5, 30)


def test_every_event_about_sending_is_named() -> None:
    assert [kind for kind in KINDS if kind.startswith("sending.") and f"`{kind}`" not in PAGE] == []
