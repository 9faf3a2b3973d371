"""The guides to pace and sequences: their commands run, and do what is said beside them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import pytest

from tests.e2e.test_consent_guide import run
from tests.support.desk import Desk, opened

pytestmark = pytest.mark.anyio
DOCS: Final = Path(__file__).parents[2] / "docs"
NEWS: Final = "news@example.com"


def commands(page: str) -> list[str]:
    return re.findall(r"^multimail (.+)$", (DOCS / page).read_text("utf-8"), re.MULTILINE)


async def done(desk: Desk, page: str, **ids: str) -> dict[str, Any]:
    """The answers, by the first two words of each command."""
    await desk.call("operator", "create_mailbox", address=NEWS, default_mode="autonomous")
    answers = {}
    for line in commands(page):
        if "pace_00000000000000" in line:
            (rule, *_) = (await desk.call("operator", "list_pace")).pace_rules
            answers["delete-pace"] = await run(desk, line.replace("pace_00000000000000", rule.rule_id))
            continue
        answers[" ".join(line.split()[:2])] = await run(desk, line)
    return answers


async def test_the_commands_about_pace_do_what_they_say(tmp_path: Path) -> None:
    async with opened(tmp_path) as desk:
        answers = await done(desk, "pace.md")

    assert answers["set-pace --topic"]["on_cap"] == "refuse"
    assert answers["delete-pace"]["deleted"]
    assert len(answers["list-pace"]["pace_rules"]) == 3
    assert answers["check-pace ann@example.de"]["timezone"] == "Europe/Berlin"


async def test_the_commands_about_sequences_do_what_they_say(tmp_path: Path) -> None:
    async with opened(tmp_path) as desk:
        answers = await done(desk, "sequences.md")

    assert answers["enroll-contacts welcome"]["enrolled"] == 2
    assert [one["subject"] for one in answers["claim-sequence-steps welcome"]["steps"]] == ["Welcome"]
    assert answers["stop-sequence welcome"]["stopped"] == 1
