"""What a person sees: harmless, on the right stream, with paths that work from where they are."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from multimail.commands import terminal
from multimail.core.errors import Problem

PROBLEM = Problem(
    "not_found", "There is no \x1b[2Jmail.", field="message_id", advice="Look again.", review_url="u"
)


def test_a_complaint_has_code_field_sentence_advice_and_details(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        terminal.fail(PROBLEM)

    shown = capsys.readouterr()
    assert (left.value.code, shown.out) == (4, "")
    assert shown.err == "not_found (message_id): There is no ␛[2Jmail.\nLook again.\nreview_url: u\n"


def test_a_complaint_can_be_json(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        terminal.fail(PROBLEM, as_json=True)

    error = json.loads(capsys.readouterr().err)["error"]
    assert (error["code"], error["field"], error["review_url"]) == ("not_found", "message_id", "u")


def test_the_program_is_called_by_a_path_that_works_from_here(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    script = tmp_path / "bin" / "multimail"
    script.parent.mkdir()
    script.touch(mode=0o755)
    monkeypatch.setattr("sys.argv", [str(script)])

    assert terminal.us() == str(script)
    monkeypatch.chdir(tmp_path)
    assert terminal.us() == "bin/multimail"


def test_a_module_is_called_through_its_interpreter(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("sys.argv", ["/somewhere/multimail/__main__.py"])
    monkeypatch.chdir(tmp_path)

    assert terminal.us() == f"{sys.executable} -m multimail"


def test_a_pipe_is_no_terminal() -> None:
    assert not terminal.is_shown()
    assert not terminal.can_ask()
