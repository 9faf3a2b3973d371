"""Whatever a user can meet by name has its place in the reference."""

from __future__ import annotations

import click
import pytest

from multimail.commands.program import program
from multimail.config import Settings, variable
from multimail.contract.registry import OPERATIONS
from multimail.core.errors import CODES
from multimail.core.events import KINDS
from multimail.core.failpoints import FAILPOINTS
from multimail.core.lifecycle import DELIVERY, INBOUND, OUTBOUND
from multimail.core.model import Mode
from multimail.core.policy.rules import RULES
from tests.architecture.sources import PROJECT

NAMES: dict[str, tuple[str, list[str]]] = {
    "operation": ("operations", [row.name for row in OPERATIONS]),
    "error code": ("errors", list(CODES)),
    "rule": ("rules", [rule.name for rule in RULES]),
    "event": ("events", list(KINDS)),
    "mode": ("rules", list(Mode)),
    "setting": ("settings", [variable(name) for name in Settings.model_fields]),
    "failpoint": ("settings", list(FAILPOINTS)),
    "state": ("lifecycle", [state for machine in (OUTBOUND, INBOUND, DELIVERY) for state in machine.states]),
}


def undocumented(page: str, names: list[str]) -> list[str]:
    text = (PROJECT / f"docs/reference/{page}.md").read_text("utf-8")
    return [name for name in names if f"`{name}`" not in text]


@pytest.mark.parametrize("kind", NAMES)
def test_every_name_is_in_its_reference_page(kind: str) -> None:
    page, names = NAMES[kind]

    assert names
    assert undocumented(page, names) == []


def test_every_command_is_in_its_reference_page() -> None:
    text = (PROJECT / "docs/reference/commands.md").read_text("utf-8")
    context = click.Context(program)
    names = [
        name for name in program.list_commands(context) if not program.commands.get(name, program).hidden
    ]

    assert "serve" in names
    assert [
        name for name in names if f"multimail {name}`" not in text and f"### multimail {name}\n" not in text
    ] == []


def test_a_name_that_is_missing_is_found() -> None:
    assert undocumented("errors", ["invalid", "no_such_code"]) == ["no_such_code"]
