"""The confusion table over a folder of labelled mails."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import returns


def folder(tmp_path: Path, **kinds: str) -> Path:
    """One bounce under each name, labelled as given."""
    bounce = (
        "From: MAILER-DAEMON@x.example\nSubject: failure notice\n\n<a@y.example>: 550 5.1.1 no such user\n"
    )
    for name in kinds:
        (tmp_path / f"{name}.eml").write_text(bounce, encoding="utf-8")
    rows = "".join(f"{name}\t{kind}\t\n" for name, kind in kinds.items())
    (tmp_path / "labels.tsv").write_text(rows, encoding="utf-8")
    return tmp_path


def test_the_corpus_agrees(capsys: pytest.CaptureFixture[str]) -> None:
    assert returns.main([]) == 0
    assert "not_a_bounce" in capsys.readouterr().out


def test_a_mail_that_is_taken_for_something_else_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert returns.main([str(folder(tmp_path, one="hard", two="soft"))]) == 1
    assert "two: soft, taken for hard (no_such_user)" in capsys.readouterr().out


def test_one_mail_that_is_no_bounce_and_taken_for_one_is_too_many(tmp_path: Path) -> None:
    kinds = {f"n{number}": "hard" for number in range(40)}
    assert returns.main([str(folder(tmp_path, **kinds))]) == 0
    assert returns.main([str(folder(tmp_path, **kinds, person="not_a_bounce"))]) == 1
