"""Hosting a resident in this process: who may, and what a busy port is told."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from multimail import config
from multimail.commands import hosting, lock
from multimail.core.errors import Problem
from multimail.wiring.folder import prepare
from tests.support.program import run


async def greet(place: object) -> None:
    pytest.fail("nothing may run")


def test_a_second_resident_in_the_folder_is_refused(tmp_path: Path) -> None:
    with lock.held(prepare(tmp_path / "data")):
        with pytest.raises(Problem, match="already_exists"):
            hosting.host(config.load(data=tmp_path / "data"), hosting.DOOR, greet)

        assert run(tmp_path / "data", "resident").returncode == 75


def test_a_busy_smtp_port_is_told_with_its_setting(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = run(tmp_path / "data", "serve", MULTIMAIL_SMTP_PORT=port)

    assert done.returncode == 7
    assert "MULTIMAIL_SMTP_PORT" in done.stderr


def test_other_problems_are_told_as_they_are() -> None:
    problem = Problem("invalid_setting", "no such host")

    assert hosting._with_holder(problem) is problem


def test_a_holder_that_may_not_be_looked_at_is_still_somebody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hosting, "holder", lambda port: "")

    told = hosting._with_holder(Problem("port_busy", field="smtp_port", port=1025))

    assert told.message == "Port 1025 is in use by another process, which this user may not look at."
