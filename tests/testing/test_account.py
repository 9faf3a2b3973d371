"""The account that servers under test begin with: made once, copied whole, and private."""

from __future__ import annotations

from pathlib import Path

import pytest

from multimail.testing.account import prepared, settings
from multimail.wiring.folder import is_open_to_others


def test_it_is_made_once_and_copied_for_each(tmp_path: Path) -> None:
    account = prepared()

    copied = account.copy(tmp_path)

    assert prepared() is account
    assert (copied / "multimail.db").read_bytes() == (account.folder / "multimail.db").read_bytes()
    assert not any(is_open_to_others(path) for path in (copied, *copied.iterdir()))
    assert account.operator_key.startswith("mm_")


def test_no_variable_of_the_environment_gets_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MULTIMAIL_HELD_DAYS", "3")
    monkeypatch.setenv("MULTIMAIL_KEY", "mm_somebody")

    found = settings(tmp_path, cap_per_day=4)

    assert (found.held_days, found.key, found.cap_per_day) == (7, None, 4)
    assert (found.smtp_port, found.http_port, found.folder) == (0, 0, tmp_path.resolve())


@pytest.mark.parametrize(
    ("given", "meant"),
    [("held_day", "did you mean held_days"), ("data", "did you mean folder"), ("flows", "flow")],
)
def test_what_is_no_setting_is_refused_by_its_name(given: str, meant: str, tmp_path: Path) -> None:
    with pytest.raises(TypeError, match=f"'{given}'.*{meant}"):
        settings(tmp_path, **{given: 3})
