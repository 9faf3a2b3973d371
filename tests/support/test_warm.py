"""A process that imports nothing anew is as one that does: its arguments, environment, streams, signals and end."""

from __future__ import annotations

import os
import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.support.program import environment, run, serving, terminal
from tests.support.warm import start

READY = "Ctrl-C stops it."


@pytest.mark.parametrize(
    ("words", "more"),
    [
        (["mailboxes", "--json"], {}),
        (["read", "msg_00000000000000", "--json"], {}),
        (["no-such-command"], {}),
        (["send", "--to", "ann@example.org", "--subject", "ß", "--body", "–"], {"MULTIMAIL_KEY": "mm_none"}),
    ],
)
def test_it_says_and_ends_as_one_that_imports_everything(
    tmp_path: Path, words: list[str], more: dict[str, Any]
) -> None:
    data = tmp_path / "data"
    run(data, "mailboxes")

    cold, warm = run(data, *words, cold=True, **more), run(data, *words, **more)

    assert cold.stdout + cold.stderr != ""
    assert (warm.returncode, warm.stdout, warm.stderr) == (cold.returncode, cold.stdout, cold.stderr)


@pytest.mark.parametrize("cold", [True, False])
def test_it_knows_whether_it_is_on_a_terminal(tmp_path: Path, cold: bool) -> None:
    assert run(tmp_path / "data", "keys", "first", cold=cold).returncode == 6

    with terminal(tmp_path / "data", "keys", "first", cold=cold) as screen:
        assert screen.finish() == 0, screen.shown
    assert "mm_" in screen.shown


def test_it_leads_a_session_and_is_ended_by_signals(tmp_path: Path) -> None:
    with serving(tmp_path / "data") as server:
        server.until(READY)
        pid = server.process.pid
        assert (os.getsid(pid), server.process.poll()) == (pid, None)
        assert server.stop(signal.SIGKILL)[0] == -signal.SIGKILL

    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_whoever_waits_for_it_is_told_when_it_takes_too_long(tmp_path: Path) -> None:
    with serving(tmp_path / "data") as server:
        server.until(READY)
        with pytest.raises(subprocess.TimeoutExpired):
            server.process.wait(0.01)


def test_several_at_once_keep_to_themselves(tmp_path: Path) -> None:
    words = [str(number) for number in range(8)]

    with ThreadPoolExecutor() as threads:
        said = list(threads.map(lambda word: run(tmp_path / "data", "--help", word, "-x").stdout, words))
        ended = list(threads.map(lambda word: run(tmp_path / "data", word).stderr, words))

    assert len(set(said)) == 1
    assert [f"'{word}'" in text for word, text in zip(words, ended, strict=True)] == [True] * 8


def test_none_of_them_holds_the_streams_of_another(tmp_path: Path) -> None:
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    given: dict[str, Any] = {"cwd": tmp_path, "env": environment(tmp_path / "data"), **pipes}

    with (
        start(["-m", "multimail", "mcp"], **given) as first,
        start(["-m", "multimail", "mcp"], **given) as second,
    ):
        # It ends when nobody can write to it any more, and is read to the end when nobody can write to us.
        ended = first.communicate(b"", timeout=60)
        still = second.poll()
        second.communicate(b"", timeout=60)

    assert (ended[0], first.returncode, still, second.returncode) == (b"", 0, None, 0)
