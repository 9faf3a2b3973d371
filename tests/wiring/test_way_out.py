"""Settings name the way out; nothing leaves where none is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from multimail import config
from multimail.core.errors import Problem
from multimail.wiring.way_out import transport


def test_without_a_relay_mail_is_captured(tmp_path: Path) -> None:
    assert transport(config.load(data=tmp_path)).name == "capture"


def test_with_a_relay_mail_goes_there(tmp_path: Path) -> None:
    assert transport(config.load(data=tmp_path, relay="smtp://relay.example")).name == "relay"


def test_a_relay_that_cannot_be_understood_is_refused_by_its_setting(tmp_path: Path) -> None:
    with pytest.raises(Problem) as caught:
        transport(config.load(data=tmp_path, relay="gopher://relay.example"))
    assert (caught.value.code, caught.value.field) == ("invalid_setting", "relay")
