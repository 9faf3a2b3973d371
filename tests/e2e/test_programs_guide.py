"""The guide for programs is run as it stands: one shell from its first block to its last."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.office import office
from tests.support.program import LIMIT_S, PROJECT, environment

GUIDE = (PROJECT / "docs" / "programs.md").read_text("utf-8")
BLOCK = re.compile(r"^```(sh|python)\n(.*?)^```", re.MULTILINE | re.DOTALL)
DEFAULT = "http://127.0.0.1:8025"


def script() -> str:
    """All blocks in order: commands as they are, each piece of Python as a program of its own."""
    parts = ["set -euo pipefail"]
    for number, (language, text) in enumerate(BLOCK.findall(GUIDE)):
        if language == "python":
            parts.append(f"cat > step{number}.py <<'PYTHON'\n{text}PYTHON\npython step{number}.py")
        else:
            parts.append(text)
        parts.append("echo")
    return "\n".join(parts)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    """The guide, typed at a server that runs, with the operator's key at home."""
    folder = tmp_path_factory.mktemp("guide")
    with office(folder) as firm:
        (folder / "operator.key").write_text(firm.operator, "utf-8")
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        return subprocess.run(
            ["bash", "-c", script().replace(DEFAULT, firm.url)], cwd=folder, check=False, capture_output=True,
            text=True, timeout=LIMIT_S, env={**environment(folder / "data"), "PATH": path},
        )  # fmt: skip


def test_every_block_does_its_work_without_a_complaint(ran: subprocess.CompletedProcess[str]) -> None:
    assert (ran.returncode, ran.stderr) == (0, ""), ran.stdout


def test_mail_is_held_the_contact_is_known_and_a_refusal_has_a_code(
    ran: subprocess.CompletedProcess[str],
) -> None:
    assert '"status":"pending_approval"' in ran.stdout
    assert re.search(r"^msg_\w{14} pending_approval$", ran.stdout, re.MULTILINE)
    assert re.search(r"^contact_\w{14} pro$", ran.stdout, re.MULTILINE)
    assert "not_found" in ran.stdout


def test_a_program_hands_on_what_is_for_a_person(ran: subprocess.CompletedProcess[str]) -> None:
    assert "Your booking escalated" in ran.stdout
    assert "Your desk escalated" in ran.stdout


def test_every_file_that_the_guide_names_is_there_and_every_example_is_named() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", GUIDE)
    missing = [link for link in links if not (PROJECT / "docs" / link).exists()]
    examples = {path.name for path in (PROJECT / "examples").glob("*.py")}

    assert missing == []
    assert examples == {Path(link).name for link in links if link.startswith("../examples/")}
