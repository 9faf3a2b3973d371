"""The guide for programs is run as it stands: one shell from its first block to its last."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.support.office import LONGEST_S, office
from tests.support.program import PROJECT, environment

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


def test_every_block_of_the_guide_does_its_work_without_a_complaint(tmp_path: Path) -> None:
    with office(tmp_path) as firm:
        (tmp_path / "operator.key").write_text(firm.operator, "utf-8")
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        ran = subprocess.run(
            ["bash", "-c", script().replace(DEFAULT, firm.url)], cwd=tmp_path, check=False, capture_output=True,
            text=True, timeout=LONGEST_S, env={**environment(tmp_path / "data"), "PATH": path},
        )  # fmt: skip

    assert (ran.returncode, ran.stderr) == (0, ""), ran.stdout
    assert '"status":"pending_approval"' in ran.stdout
    assert re.search(r"^msg_\w{14} pending_approval$", ran.stdout, re.MULTILINE)
    assert re.search(r"^contact_\w{14} pro$", ran.stdout, re.MULTILINE)
    assert "not_found" in ran.stdout
    assert "2 withdrawn" in ran.stdout
    # The program with a limit hands on what is for a person.
    assert "Your booking escalated" in ran.stdout
    assert "Your desk escalated" in ran.stdout


def test_every_file_that_the_guide_names_is_there_and_every_example_is_named() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", GUIDE)
    missing = [link for link in links if not (PROJECT / "docs" / link).exists()]
    examples = {path.name for path in (PROJECT / "examples").glob("*.py")}

    assert missing == []
    assert examples == {Path(link).name for link in links if link.startswith("../examples/")}
