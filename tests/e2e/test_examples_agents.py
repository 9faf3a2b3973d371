"""Agents of three frameworks answer a customer with MultiMail's tools: the example as it stands, a model by script."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.office import LONGEST_S, Office, office
from tests.support.program import PROJECT


def ran(firm: Office, framework: str) -> subprocess.CompletedProcess[str]:
    """The example in a process of its own, with a key that would make telemetry call home, if it were on."""
    settings = {"OPENAI_API_KEY": "sk-nothing", "PYTHONWARNINGS": "default"}
    return subprocess.run(
        [sys.executable, "-m", "tests.support.scripted", framework], cwd=PROJECT, check=False,
        env=firm.environment(firm.key("agent"), **settings), capture_output=True, text=True, timeout=LONGEST_S,
    )  # fmt: skip


@pytest.mark.parametrize("framework", ["langchain", "openai", "pydantic_ai"])
def test_an_agent_of_a_framework_answers_and_is_held(tmp_path: Path, framework: str) -> None:
    with office(tmp_path) as firm:
        firm.arrive("agent@localhost", "Parcel", "Order 42 did not come.\n")
        agent = ran(firm, framework)
        waiting = firm.call("list_pending")["pending"]

    assert (agent.returncode, agent.stdout) == (0, "held\n"), agent.stderr
    assert [(one["to"], one["subject"], one["draft_body"]) for one in waiting] == [
        ("ann@example.com", "Re: Parcel", "It will come on **Monday**.")
    ]
