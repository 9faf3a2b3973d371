"""Who is the resident: one at a time, found only while it lives, whatever a killed one left behind."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from multimail.commands import lock
from multimail.commands.lock import Resident
from multimail.core.errors import Problem

HOLD = """
import os, sys
from pathlib import Path
from multimail.commands import lock
folder = Path(sys.argv[1])
with lock.held(folder):
    lock.publish(folder, lock.Resident(os.getpid(), "1.0", "door", 1, 2, "http://127.0.0.1:2", "capture"))
    print("held", flush=True)
    sys.stdin.read()
"""


def resident(pid: int) -> Resident:
    return Resident(pid, "1.0", "door", 1025, 8025, "http://127.0.0.1:8025", "capture")


def holding(folder: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_nobody_holds_an_empty_folder(tmp_path: Path) -> None:
    assert not lock.is_held(tmp_path)
    assert (lock.find(tmp_path), lock.holder(tmp_path), lock.crashed(tmp_path)) == (None, None, False)


def test_a_resident_is_found_while_it_lives_and_leaves_nothing(tmp_path: Path) -> None:
    with holding(tmp_path) as process:
        assert lock.find(tmp_path) is not None
        assert lock.holder(tmp_path) == process.pid
        process.communicate(timeout=10)

    assert (lock.find(tmp_path), lock.crashed(tmp_path)) == (None, False)


def test_a_second_resident_is_refused(tmp_path: Path) -> None:
    with holding(tmp_path) as process:
        with pytest.raises(Problem, match="already_exists"), lock.held(tmp_path):
            pytest.fail("there would be two")
        assert lock.holder(tmp_path) == process.pid
        process.communicate(timeout=10)


def test_a_killed_resident_is_not_found_and_counts_as_crashed(tmp_path: Path) -> None:
    with holding(tmp_path) as process:
        process.kill()
        process.wait(timeout=10)

    assert (tmp_path / lock.FILE).exists()
    assert lock.find(tmp_path) is None
    assert lock.crashed(tmp_path)


def test_what_a_killed_one_left_is_not_taken_for_the_new_one(tmp_path: Path) -> None:
    lock.publish(tmp_path, resident(pid=1))

    with lock.held(tmp_path):
        assert lock.find(tmp_path) is None
        lock.publish(tmp_path, resident(pid=1))
        assert lock.find(tmp_path) is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": 1}'])
def test_a_file_that_cannot_be_read_names_nobody(tmp_path: Path, text: str) -> None:
    with lock.held(tmp_path):
        (tmp_path / lock.FILE).write_text(text, "utf-8")

        assert lock.find(tmp_path) is None
        assert lock.is_held(tmp_path)
