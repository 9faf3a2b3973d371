"""Options come before the environment, and those that were not given say nothing."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from multimail.commands.given import settings_of


def context(**given: Path | None) -> click.Context:
    return click.Context(click.Command("x"), obj={"data": None, "key_file": None, "json": True} | given)


def test_an_option_comes_before_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MULTIMAIL_DATA", "/elsewhere")

    assert settings_of(context(data=tmp_path)).data == tmp_path
    assert settings_of(context()).data == Path("/elsewhere")
