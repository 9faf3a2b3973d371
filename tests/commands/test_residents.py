"""Residents that doors start: one for each folder, detached, replaced when old, quiet about the door's key."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from multimail.commands import lock, residents
from multimail.core.errors import Problem
from tests.support.program import LIMIT_S, environment, run, serving
from tests.support.warm import start

ENSURE = """
import sys
from pathlib import Path
from multimail.commands import residents
print(residents.ensure(Path(sys.argv[1])).pid)
"""


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "data"
    yield folder
    residents.stop(folder)


def ensuring(data: Path, **more: str) -> subprocess.Popen[str]:
    """A process that wants a resident and ends, in a group of its own."""
    return start(
        ["-c", ENSURE, str(data)], env=environment(data, **more), stdout=subprocess.PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip


def pid_from(process: subprocess.Popen[str]) -> int:
    with process:
        said, _ = process.communicate(timeout=60)
    return int(said)


def test_several_that_want_one_at_once_get_the_same(data: Path) -> None:
    pids = [pid_from(process) for process in [ensuring(data) for _ in range(4)]]

    assert len(set(pids)) == 1
    assert lock.holder(data) == pids[0]


def test_it_outlives_its_starter_and_the_starters_group(data: Path) -> None:
    starter = ensuring(data)
    pid = pid_from(starter)

    os.kill(pid, signal.SIGHUP)

    assert os.getsid(pid) != starter.pid
    assert lock.holder(data) == pid


def test_it_takes_free_ports_where_its_own_are_busy(data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        pid_from(ensuring(data, MULTIMAIL_HTTP_PORT=str(port), MULTIMAIL_SMTP_PORT=str(port)))

    found = lock.find(data)
    assert found is not None
    assert port not in {found.http_port, found.smtp_port}


def test_the_doors_key_is_not_handed_on(data: Path) -> None:
    pid = pid_from(ensuring(data, MULTIMAIL_KEY="mm_secret"))

    assert b"mm_secret" not in Path(f"/proc/{pid}/environ").read_bytes()


def test_an_older_one_makes_room(data: Path) -> None:
    old = pid_from(ensuring(data))
    published = json.loads((data / lock.FILE).read_text("utf-8"))
    (data / lock.FILE).write_text(json.dumps({**published, "version": "0.0.9"}), "utf-8")

    assert pid_from(ensuring(data)) != old


def test_a_newer_one_stays(data: Path) -> None:
    newer = pid_from(ensuring(data))
    published = json.loads((data / lock.FILE).read_text("utf-8"))
    (data / lock.FILE).write_text(json.dumps({**published, "version": "99.0"}), "utf-8")

    assert pid_from(ensuring(data)) == newer


def test_a_killed_one_is_followed_by_another(data: Path) -> None:
    first = pid_from(ensuring(data))
    ending = os.pidfd_open(first)
    os.kill(first, signal.SIGKILL)
    # Killed is not yet gone: only with its end the lock is free.
    assert select.select([ending], [], [], LIMIT_S)[0]
    os.close(ending)

    assert pid_from(ensuring(data)) != first


def test_one_that_cannot_start_is_a_problem_that_names_its_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(residents, "_START_LASTS", 0.05)
    monkeypatch.setattr(sys, "executable", "/bin/true")

    with pytest.raises(Problem) as caught:
        residents.ensure(tmp_path)

    assert caught.value.code == "unavailable"
    assert residents.LOG in caught.value.advice


def test_serve_takes_the_place_of_one_that_a_door_started(data: Path) -> None:
    pid_from(ensuring(data))

    with serving(data) as server:
        server.until("Ctrl-C stops it.")
        found = lock.find(data)
        assert found is not None
        assert (found.pid, found.started_by) == (server.process.pid, "person")


def test_stop_ends_it_and_says_so(data: Path) -> None:
    pid_from(ensuring(data))

    assert run(data, "stop").stdout == "Stopped.\n"
    assert run(data, "stop").stdout == "Nothing runs.\n"


def test_a_log_that_grew_large_is_put_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / residents.LOG).write_text("x" * 100, "utf-8")
    monkeypatch.setattr(residents, "_LOG_LIMIT", 50)

    with residents._log(tmp_path) as log:
        log.write(b"new\n")

    assert (tmp_path / residents.LOG).read_text("utf-8") == "new\n"
    assert (tmp_path / f"{residents.LOG}.1").exists()
