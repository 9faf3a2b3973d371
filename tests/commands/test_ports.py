"""A busy port is told with the process that has it."""

from __future__ import annotations

import os
import socket
import subprocess
from pathlib import Path

import pytest

from multimail.commands import ports


def test_the_process_that_listens_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        assert ports.holder(listener.getsockname()[1]).endswith(f"(process {os.getpid()})")


def test_a_free_port_has_no_holder() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    assert ports.holder(port) == ""


def test_without_a_proc_file_system_lsof_is_asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    lsof = tmp_path / "lsof"
    lsof.write_text(f'#!/bin/sh\n[ "$2" = "-iTCP:1025" ] && echo p{os.getpid()}\n', "utf-8")
    lsof.chmod(0o700)
    monkeypatch.setattr(ports, "_TABLES", (str(tmp_path / "none"),))
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")

    assert ports.holder(1025).endswith(f"(process {os.getpid()})")
    assert ports.holder(1026) == ""


def test_where_nothing_can_tell_nobody_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(ports, "_TABLES", (str(tmp_path / "none"),))
    monkeypatch.setenv("PATH", str(tmp_path))

    assert ports.holder(1025) == ""


def test_a_program_that_has_ended_meanwhile_is_still_a_program() -> None:
    ended = subprocess.Popen(["true"])
    ended.wait()

    assert ports._named(ended.pid) == f"a program (process {ended.pid})"
