"""The program as a whole: what it lists, what it imports, and how a mistake ends."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import multimail
from multimail import __main__
from tests.support.program import run

IMPORTED_BY_THE_DOOR = """
import json, sys
import multimail.commands.door
print(json.dumps(sorted(sys.modules)))
"""


def test_the_version_is_the_packages(tmp_path: Path) -> None:
    assert run(tmp_path / "data", "--version", cold=True).stdout.strip() == multimail.__version__


def test_help_lists_the_server_and_the_mailbox(tmp_path: Path) -> None:
    listed = run(tmp_path / "data", "--help", cold=True).stdout

    assert all(
        f"\n  {word} " in listed for word in ("serve", "mcp", "doctor", "keys", "inbox", "send", "decide")
    )
    assert "resident" not in listed
    assert "create-key" not in listed


def test_asking_for_help_makes_no_data_folder(tmp_path: Path) -> None:
    run(tmp_path / "data", "send", "--help")

    assert not (tmp_path / "data").exists()


def test_an_operation_is_a_command_by_all_of_its_names(tmp_path: Path) -> None:
    answers = {
        run(tmp_path / "data", name, "--json").stdout
        for name in ("mailboxes", "list_mailboxes", "list-mailboxes")
    }

    assert len(answers) == 1
    assert json.loads(answers.pop())["count"] == 2


@pytest.mark.parametrize(
    ("words", "code"), [(["no-such-command"], 2), (["send", "--tp", "x"], 2), (["read"], 2)]
)
def test_a_mistake_ends_with_an_exit_code_and_without_a_traceback(
    tmp_path: Path, words: list[str], code: int
) -> None:
    done = run(tmp_path / "data", *words)

    assert (done.returncode, done.stdout) == (code, "")
    assert "Traceback" not in done.stderr


def test_a_problem_is_json_where_json_was_asked_for(tmp_path: Path) -> None:
    done = run(tmp_path / "data", "read", "msg_00000000000000", "--json", cold=True)

    assert (done.returncode, done.stdout) == (4, "")
    assert json.loads(done.stderr)["error"]["code"] == "not_found"


def test_the_door_imports_nothing_that_a_list_of_tools_does_not_need() -> None:
    done = subprocess.run(
        [sys.executable, "-c", IMPORTED_BY_THE_DOOR], check=True, capture_output=True, text=True, timeout=60
    )
    ours = {name for name in json.loads(done.stdout) if name.startswith("multimail.")}

    assert not [
        name
        for name in ours
        if name.startswith(("multimail.adapters", "multimail.contract", "multimail.mime"))
    ]
    assert not {
        name
        for name in json.loads(done.stdout)
        if name in {"aiosmtpd", "aiosmtplib", "jinja2", "nh3", "selectolax"}
    }


def test_the_door_is_opened_before_the_command_line_is_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    from multimail.commands import door

    given: list[list[str]] = []
    monkeypatch.setattr("sys.argv", ["multimail", "mcp", "--data", "/data"])
    monkeypatch.setattr(door, "main", given.append)

    with pytest.raises(SystemExit):
        __main__.main()

    assert given == [["--data", "/data"]]
