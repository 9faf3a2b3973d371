"""The program's own commands in the person's hands: review on a terminal, install, failpoints, faults."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from multimail.core.failpoints import FAILPOINTS
from tests.support.program import environment, operator_key, run, terminal

FAULT = """
from multimail.commands import program, ports
import multimail.commands.failpoints
import multimail.core.failpoints as table
table.FAILPOINTS = None
program.program(["failpoints"])
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def held(data: Path) -> str:
    mail = (
        "--mailbox",
        "agent@localhost",
        "--to",
        "ann@example.com",
        "--subject",
        "Offer",
        "--body",
        "It is free.",
    )
    return str(json.loads(run(data, "send", *mail, "--json").stdout)["message_id"])


def test_a_review_needs_a_person_at_a_terminal(data: Path) -> None:
    done = run(data, "review", cold=True, MULTIMAIL_KEY=operator_key(data))

    assert (done.returncode, done.stdout) == (6, "")


def test_a_person_reviews_with_a_key_that_is_asked_for(data: Path) -> None:
    key, message_id = operator_key(data), held(data)

    with terminal(data, "review") as screen:
        screen.until("key or passphrase: ")
        screen.type(key)
        screen.until("[q]uit > ")
        screen.type("a")
        assert screen.finish() == 0, screen.shown

    assert "It is free." in screen.shown
    assert key not in screen.shown
    status = json.loads(run(data, "history", message_id, "--json").stdout)["status"]
    assert status == "queued"


def test_nobody_reviews_without_a_key(data: Path) -> None:
    held(data)

    with terminal(data, "review") as screen:
        for _ in range(3):
            screen.until("key or passphrase: ")
            screen.type("x")
        assert screen.finish() == 3

    assert "It is free." not in screen.shown


def test_install_prints_or_writes_the_entry(data: Path, tmp_path: Path) -> None:
    printed = run(data, "install", "claude-desktop", "--print", cold=True)
    path = tmp_path / "config.json"
    written = run(data, "install", "claude-desktop", "--config", str(path))
    again = run(data, "install", "claude-desktop", "--config", str(path))

    assert json.loads(printed.stdout) == json.loads(path.read_text("utf-8"))
    assert written.stdout.startswith(f"Written: {path}")
    assert again.stdout.startswith("Nothing to do")


def test_installing_says_where_the_old_file_is(data: Path, tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_text("{}", "utf-8")

    done = run(data, "install", "claude-code", "--config", str(path))

    assert f"As it was before: {path}.before-multimail" in done.stdout


def test_a_hosts_entry_starts_a_door(data: Path) -> None:
    printed = run(data, "install", "claude-desktop", "--print")
    entry = json.loads(printed.stdout)["mcpServers"]["multimail"]
    hello = {
        "jsonrpc": "2.0", "id": 1, "method": "initialize",
        "params": {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}},
    }  # fmt: skip

    done = subprocess.run(
        [entry["command"], *entry["args"]], env={**environment(data), **entry["env"]}, cwd="/",
        input=json.dumps(hello) + "\n", capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip

    assert json.loads(done.stdout.splitlines()[0])["result"]["serverInfo"]["name"] == "multimail"


def test_failpoints_are_listed_from_their_table(data: Path) -> None:
    listed = run(data, "failpoints", cold=True).stdout

    assert [line.split()[0] for line in listed.splitlines()] == list(FAILPOINTS)


def test_a_fault_of_ours_has_its_exit_code_and_its_place(data: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FAULT],
        env=environment(data),
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert done.returncode == 70
    assert "internal: An unexpected fault" in done.stderr
    assert "Traceback" in done.stderr
