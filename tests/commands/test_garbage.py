"""Garbage is looked for seldom."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from multimail.commands import garbage


@pytest.fixture
def thresholds() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)


@pytest.mark.usefixtures("thresholds")
def test_garbage_is_looked_for_less_often_than_python_would() -> None:
    gc.set_threshold(700, 10, 10)
    garbage.look_seldom()
    assert gc.get_threshold()[0] > 700
