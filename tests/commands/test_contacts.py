"""`multimail contacts`: files in and out by command, with how far it is on standard error."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.program import operator_key, run

TABLE = "email;name;tags\r\nann@x.example;Ann;vip\r\nnobody;;\r\n"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    run(folder, "mailboxes")
    return folder


def test_a_file_comes_in_and_goes_out_again(data: Path, tmp_path: Path) -> None:
    key = operator_key(data)
    given, taken = tmp_path / "people.csv", tmp_path / "all.jsonl"
    given.write_bytes(TABLE.encode())

    would = run(data, "contacts", "import", str(given), "--dry-run", MULTIMAIL_KEY=key)
    done = run(data, "contacts", "import", str(given), cold=True, MULTIMAIL_KEY=key)
    out = run(data, "contacts", "export", str(taken), "--tag", "vip", MULTIMAIL_KEY=key)
    again = run(data, "contacts", "export", str(taken), MULTIMAIL_KEY=key)
    shown = run(data, "contacts", "ann@x.example", MULTIMAIL_KEY=key)

    assert would.stdout == "Would be: 1 made, 0 changed, 0 as they were, 1 passed over.\n"
    assert done.stdout == "1 made, 0 changed, 0 as they were, 1 passed over.\n"
    assert "line 3: 1 made, 0 changed, 1 passed over" in done.stderr
    assert "line 3: invalid_address" in done.stderr
    assert (out.returncode, '"email":"ann@x.example"' in taken.read_text("utf-8")) == (0, True)
    assert (again.returncode != 0, "already_exists" in again.stderr) == (True, True)
    assert "ann@x.example" in shown.stdout


def test_what_cannot_be_imported_says_why_and_has_an_exit_code(data: Path, tmp_path: Path) -> None:
    key = operator_key(data)
    odd, open_ = tmp_path / "people.xyz", tmp_path / "open.csv"
    odd.write_text("x")
    open_.write_text('email\n"ann@x.example\n')

    unknown = run(data, "contacts", "import", str(odd), MULTIMAIL_KEY=key)
    unclosed = run(data, "contacts", "import", str(open_), MULTIMAIL_KEY=key)
    nobody = run(data, "contacts", "import", str(open_))

    assert (unknown.returncode != 0, "--format csv or vcard or jsonl" in unknown.stderr) == (True, True)
    assert (unclosed.returncode != 0, "unclosed_quote" in unclosed.stderr) == (True, True)
    assert nobody.returncode == 3
