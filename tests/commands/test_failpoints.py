"""A failpoint kills the process at the pass that was counted out, and only there."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from multimail.commands import failpoints
from multimail.core.errors import Problem

PASS_FOUR_TIMES = """
import sys
from multimail.commands import failpoints
from multimail.core.failpoints import hit
failpoints.arm(sys.argv[1])
for round in range(4):
    hit("store.before_begin")
    print(round, flush=True)
    hit("store.before_commit")
"""


@pytest.mark.parametrize(
    ("spec", "rounds"),
    [("store.before_begin:3", 2), ("store.before_commit", 1), ("store.before_commit:4", 4)],
)
def test_the_process_dies_at_the_counted_pass(spec: str, rounds: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PASS_FOUR_TIMES, spec], check=False, capture_output=True, text=True, timeout=30
    )

    assert (done.returncode, len(done.stdout.split())) == (-signal.SIGKILL, rounds)


def test_other_failpoints_and_later_passes_are_free() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PASS_FOUR_TIMES, "store.before_begin:5"],
        check=True,
        capture_output=True,
        timeout=30,
    )

    assert len(done.stdout.split()) == 4


@pytest.mark.parametrize(
    ("spec", "advice"), [("store.before_comit", "store.before_commit"), ("x.y:2", "lists them")]
)
def test_a_name_that_is_none_is_refused_with_the_nearest(spec: str, advice: str) -> None:
    with pytest.raises(Problem) as caught:
        failpoints.arm(spec)

    assert caught.value.code == "invalid_setting"
    assert advice in caught.value.advice
