"""A key goes to a terminal or into a private file, and nowhere else."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from multimail.core.errors import Problem
from multimail.surfaces.cli import secrets


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_pipe_is_refused_before_anything_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout", io.StringIO())

    with pytest.raises(Problem, match="terminal only"), secrets.kept_in(None):
        pytest.fail("a key would have been made")


def test_a_terminal_may_show_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout", Screen())

    with secrets.kept_in(None):
        pass


def test_a_file_for_it_is_new_and_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "key"

    with secrets.kept_in(path):
        secrets.write(path, "mm_secret")

    assert (path.read_text("utf-8"), path.stat().st_mode & 0o777) == ("mm_secret\n", 0o600)


def test_a_file_that_exists_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text("mine", "utf-8")

    with pytest.raises(Problem, match="already_exists"), secrets.kept_in(path):
        pytest.fail("a key would have been made")
    assert path.read_text("utf-8") == "mine"


def test_no_empty_file_is_left_when_no_key_is_made(tmp_path: Path) -> None:
    path = tmp_path / "key"

    with pytest.raises(Problem, match="forbidden"), secrets.kept_in(path):
        raise Problem("forbidden")
    assert not path.exists()


def test_a_folder_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="cannot be written"), secrets.kept_in(tmp_path / "no" / "key"):
        pytest.fail("a key would have been made")
