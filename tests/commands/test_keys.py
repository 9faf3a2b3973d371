"""Keys on the command line: the first one for a person at a terminal, the others by whoever holds it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.program import operator_key, run, terminal

WORDS = "correct horse battery staple"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def test_the_first_key_is_not_given_to_a_pipe(data: Path) -> None:
    done = run(data, "keys", "first", cold=True)

    assert (done.returncode, done.stdout) == (6, "")
    assert "terminal" in done.stderr


def test_the_first_key_is_given_once(data: Path) -> None:
    operator_key(data)

    with terminal(data, "keys", "first") as screen:
        assert screen.finish() == 5
    assert "already_exists" in screen.shown
    assert "mm_" not in screen.shown


def test_an_operator_makes_a_key_into_a_private_file(data: Path, tmp_path: Path) -> None:
    operator = operator_key(data)
    path = tmp_path / "ann.key"

    done = run(
        data, "keys", "create", "Ann", "--role", "reviewer", "--write-to", str(path), MULTIMAIL_KEY=operator
    )

    key = path.read_text("utf-8").strip()
    assert (done.returncode, path.stat().st_mode & 0o777) == (0, 0o600)
    assert key not in done.stdout + done.stderr
    pending = run(data, "pending", "--json", MULTIMAIL_KEY=key)
    assert json.loads(pending.stdout) == {"pending": [], "count": 0}


def test_a_key_is_not_made_for_a_pipe(data: Path) -> None:
    operator = operator_key(data)

    done = run(data, "keys", "create", "Ann", MULTIMAIL_KEY=operator)

    listed = json.loads(run(data, "keys", "list", "--json", MULTIMAIL_KEY=operator).stdout)
    assert (done.returncode, done.stdout) == (2, "")
    assert [one["name"] for one in listed["keys"]] == ["agent", "operator"]


def test_a_new_key_is_shown_on_a_terminal(data: Path) -> None:
    operator = operator_key(data)

    with terminal(data, "keys", "create", "Ann", MULTIMAIL_KEY=operator) as screen:
        assert screen.finish() == 0
    assert screen.shown.count("mm_") >= 1


def test_without_a_key_nobody_makes_one(data: Path, tmp_path: Path) -> None:
    done = run(data, "keys", "create", "Eve", "--role", "operator", "--write-to", str(tmp_path / "eve"))

    assert done.returncode == 3
    assert not (tmp_path / "eve").exists()


def test_a_revoked_key_is_worthless_at_once(data: Path, tmp_path: Path) -> None:
    operator = operator_key(data)
    path = tmp_path / "ann"
    made = run(data, "keys", "create", "Ann", "--json", "--write-to", str(path), MULTIMAIL_KEY=operator)

    run(data, "keys", "revoke", json.loads(made.stdout)["key_id"], MULTIMAIL_KEY=operator)

    assert run(data, "inbox", MULTIMAIL_KEY_FILE=str(path)).returncode == 3


def test_a_passphrase_decides_as_its_key_does(data: Path) -> None:
    operator = operator_key(data)
    with terminal(data, "keys", "passphrase", MULTIMAIL_KEY=operator) as screen:
        for prompt in ("New passphrase", "Repeat"):
            screen.until(prompt)
            screen.type(WORDS)
        assert screen.finish() == 0, screen.shown
    assert WORDS not in screen.shown

    with terminal(data, "freeze") as screen:
        screen.until("key or passphrase")
        screen.type("not the right words")
        screen.until("neither")
        screen.until("key or passphrase: ")
        screen.type(WORDS)
        assert screen.finish() == 0, screen.shown


def test_only_a_person_has_a_passphrase(data: Path, tmp_path: Path) -> None:
    operator = operator_key(data)
    path = tmp_path / "robot"
    run(data, "keys", "create", "Robot", "--role", "reviewer", "--kind", "program", "--write-to", str(path),
        MULTIMAIL_KEY=operator)  # fmt: skip

    with terminal(data, "keys", "passphrase", MULTIMAIL_KEY_FILE=str(path)) as screen:
        assert screen.finish() == 3
    assert "Only a person's key" in screen.shown


def test_a_lost_key_is_replaced_by_whoever_types_the_folders_name(data: Path) -> None:
    old = operator_key(data)

    with terminal(data, "keys", "first", "--lost") as screen:
        screen.until("Type data")
        screen.type("data")
        assert screen.finish() == 0, screen.shown
    new = next(word for word in screen.shown.split() if word.startswith("mm_"))

    assert run(data, "keys", "list", MULTIMAIL_KEY=old).returncode == 3
    assert run(data, "keys", "list", MULTIMAIL_KEY=new).returncode == 0


def test_a_lost_key_is_not_replaced_by_accident(data: Path) -> None:
    old = operator_key(data)

    with terminal(data, "keys", "first", "--lost") as screen:
        screen.until("Type data")
        screen.type("yes")
        assert screen.finish() == 6

    assert run(data, "keys", "list", MULTIMAIL_KEY=old).returncode == 0
