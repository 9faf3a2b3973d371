"""The commands of the README are run as typed in a terminal: a stranger's first minutes are as it tells them."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.support.office import office

PROJECT = Path(__file__).resolve().parents[2]

# Commands that start everything or test everything, and the file that runs them as they stand in the README.
RUN_ELSEWHERE = {"make run": "tests/e2e/test_make_run.py", "make test": ".ci/run"}


def blocks(markdown: str) -> list[list[str]]:
    """The commands of each shell block: whole lines of `sh`, those after a prompt of `console`."""
    found = []
    for language, block in re.findall(r"^```(sh|console)\n(.*?)^```", markdown, re.MULTILINE | re.DOTALL):
        lines = block.replace("\\\n", " ").splitlines()
        typed = [line.removeprefix("$ ") for line in lines if language == "sh" or line.startswith("$ ")]
        found.append([" ".join(line.split()) for line in typed if line.strip() and not line.startswith("#")])
    return [commands for commands in found if commands]


README = blocks((PROJECT / "README.md").read_text("utf-8"))


@dataclass(frozen=True)
class Ran:
    """What a block printed on its terminal, and how it ended."""

    code: int
    output: str


def in_a_terminal(commands: list[str], home: Path) -> Ran:
    """Run a block as one shell with a terminal, where a person would type it."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {"PATH": path, "HOME": str(home), "LANG": "C.UTF-8", "TERM": "dumb"}
    outer, inner = pty.openpty()
    shown: list[bytes] = []
    try:
        process = subprocess.Popen(
            ["bash", "-euo", "pipefail", "-c", "\n".join(commands)],
            cwd=PROJECT, env=environment, stdin=inner, stdout=inner, stderr=inner, start_new_session=True,
        )  # fmt: skip
        reader = threading.Thread(target=lambda: shown.extend(_read(outer)))
        reader.start()
        code = process.wait(timeout=90)
    finally:
        os.close(inner)
    reader.join(timeout=10)
    os.close(outer)
    return Ran(code, b"".join(shown).decode("utf-8", "replace"))


def _read(terminal: int) -> Iterator[bytes]:
    while True:
        try:
            piece = os.read(terminal, 65_536)
        except OSError:
            return
        if not piece:
            return
        yield piece


def test_the_readme_has_the_two_commands_a_stranger_needs() -> None:
    assert {command for block in README for command in block} >= RUN_ELSEWHERE.keys()


def test_a_command_left_to_another_file_is_run_there() -> None:
    words = {command: tuple(command.split()) for command in RUN_ELSEWHERE}
    texts = {command: (PROJECT / name).read_text("utf-8") for command, name in RUN_ELSEWHERE.items()}
    wanted = {command: re.compile(r'"?,? *"?'.join(parts)) for command, parts in words.items()}

    assert [command for command, text in texts.items() if not wanted[command].search(text)] == []


def test_every_other_command_of_the_readme_does_its_work(tmp_path: Path) -> None:
    done = {
        tuple(block): in_a_terminal(block, tmp_path)
        for block in README
        if not RUN_ELSEWHERE.keys() & set(block)
    }

    assert {block: one.output for block, one in done.items() if one.code} == {}
    assert "pending_approval" in "".join(one.output for one in done.values())


def test_the_program_of_the_readme_does_its_work(tmp_path: Path) -> None:
    [program] = re.findall(
        r"^```python\n(.*?)^```", (PROJECT / "README.md").read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    with office(tmp_path) as firm:
        firm.arrive("agent@localhost", "A question", "How much is it?")
        own = {"MULTIMAIL_BASE_URL": firm.url, "MULTIMAIL_API_KEY": firm.key("agent")}
        done = subprocess.run(
            [sys.executable, "-c", program], env=own, capture_output=True, text=True, timeout=60, check=True
        )

    assert re.fullmatch(r"msg_\w+ pending_approval\nann@example.com A question\n", done.stdout)


def test_commands_are_found_in_every_kind_of_block() -> None:
    text = "```sh\n# a comment\nmake run\na \\\n  b\n```\n\n```console\n$ c\noutput\n$ d\n```\n\n```json\n{}\n```\n"

    assert blocks(text) == [["make run", "a b"], ["c", "d"]]
