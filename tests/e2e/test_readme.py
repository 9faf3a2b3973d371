"""The README's commands are run, all of them, so that a stranger's first minutes are what it promises."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]

# Commands that start everything or test everything, and the file that runs them as they stand in the README.
RUN_ELSEWHERE = {"make run": "tests/e2e/test_make_run.py", "make test": ".ci/run"}


def commands(markdown: str) -> list[str]:
    """The commands of all shell blocks: whole lines of `sh`, those after a prompt of `console`."""
    found = []
    for language, block in re.findall(
        r"^```(sh|bash|console)\n(.*?)^```", markdown, re.MULTILINE | re.DOTALL
    ):
        for line in block.replace("\\\n", " ").splitlines():
            typed = line.removeprefix("$ ") if language == "console" and line.startswith("$ ") else line
            if typed.strip() and not typed.startswith("#") and (language != "console" or typed != line):
                found.append(" ".join(typed.split()))
    return found


README = commands((PROJECT / "README.md").read_text("utf-8"))


def run(command: str, home: Path) -> subprocess.CompletedProcess[str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {"PATH": path, "HOME": str(home), "LANG": "C.UTF-8"}
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command],
        cwd=PROJECT, env=environment, check=False, capture_output=True, text=True, timeout=60,
    )  # fmt: skip


def test_the_readme_has_the_two_commands_a_stranger_needs() -> None:
    assert set(README) >= RUN_ELSEWHERE.keys()


def test_a_command_left_to_another_file_is_run_there() -> None:
    words = {command: tuple(command.split()) for command in RUN_ELSEWHERE}
    texts = {command: (PROJECT / name).read_text("utf-8") for command, name in RUN_ELSEWHERE.items()}
    wanted = {command: re.compile(r'"?,? *"?'.join(parts)) for command, parts in words.items()}

    assert [command for command, text in texts.items() if not wanted[command].search(text)] == []


def test_every_other_command_of_the_readme_does_its_work(tmp_path: Path) -> None:
    done = {command: run(command, tmp_path) for command in README if command not in RUN_ELSEWHERE}

    assert {command: one.stdout + one.stderr for command, one in done.items() if one.returncode} == {}


def test_commands_are_found_in_every_kind_of_block() -> None:
    text = (
        "```sh\n# a comment\nmake run\na \\\n  b\n```\n\n```console\n$ c\noutput\n```\n\n```json\n{}\n```\n"
    )

    assert commands(text) == ["make run", "a b", "c"]
