"""`make run` as a stranger types it: it starts, says where it is, answers there, and stops when told to."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import threading
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECT = Path(__file__).resolve().parents[2]
COMMAND = ["make", "run"]
LIMIT_S = 60


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def running(environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """The command in a process group of its own, which is killed at the latest after a minute."""
    process = subprocess.Popen(
        COMMAND, cwd=PROJECT, env={**os.environ, **environment}, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    limit = threading.Timer(LIMIT_S, stop, (process, signal.SIGKILL))
    limit.start()
    with process:
        try:
            yield process
        finally:
            stop(process, signal.SIGKILL)
            limit.cancel()


def stop(process: subprocess.Popen[str], how: signal.Signals) -> None:
    if process.poll() is None:
        os.killpg(process.pid, how)


def said_until(output: IO[str] | None, words: str) -> str:
    """What was printed up to the line with these words, or all of it when they never came."""
    said = ""
    for line in output or ():
        said += line
        if words in line:
            break
    return said


def test_make_run_serves_until_it_is_told_to_stop(tmp_path: Path) -> None:
    http, smtp = free_port(), free_port()
    environment = {
        "MULTIMAIL_DATA": str(tmp_path / "data"),
        "MULTIMAIL_HTTP_PORT": str(http),
        "MULTIMAIL_SMTP_PORT": str(smtp),
    }
    place = f"http://127.0.0.1:{http}"

    with running(environment) as process:
        said = said_until(process.stdout, place)
        assert place in said, said
        with urllib.request.urlopen(f"{place}/health", timeout=10) as answer:
            status = answer.status
        stop(process, signal.SIGTERM)
        said += said_until(process.stdout, "\0")

    assert status == 200
    assert "Traceback" not in said
