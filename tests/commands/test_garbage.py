"""Garbage is looked for seldom."""

from __future__ import annotations

import atexit
import gc
import subprocess
import sys
from collections.abc import Iterator

import pytest

from multimail.commands import garbage


@pytest.fixture
def thresholds() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)
    atexit.unregister(gc.freeze)


@pytest.mark.usefixtures("thresholds")
def test_garbage_is_looked_for_less_often_than_python_would() -> None:
    gc.set_threshold(700, 10, 10)
    garbage.look_seldom()
    assert gc.get_threshold()[0] > 700


def test_at_its_end_a_process_does_not_look_through_everything_again() -> None:
    code = """
from multimail.commands import garbage
class Ring:
    def __del__(self): print("looked")
ring = Ring()
ring.itself = ring
del ring
garbage.look_seldom()
"""
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=60)

    assert done.stdout == ""
