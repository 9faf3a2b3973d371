"""When garbage is looked for: not at the beginning, seldom then, and not at the end."""

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
    gc.unfreeze()
    atexit.unregister(gc.freeze)


@pytest.mark.usefixtures("thresholds")
def test_while_a_process_starts_garbage_is_not_looked_for_and_then_seldom() -> None:
    gc.set_threshold(700, 10, 10)
    garbage.look_later()
    starting = gc.get_threshold()[0]
    garbage.look_seldom()

    assert starting > gc.get_threshold()[0] > 700
    assert gc.get_freeze_count() > 0


def test_at_its_end_a_process_does_not_look_through_everything_again() -> None:
    code = """
from multimail.commands import garbage
class Ring:
    def __del__(self): print("looked")
ring = Ring()
ring.itself = ring
del ring
garbage.look_later()
"""
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=60
    )

    assert done.stdout == ""
