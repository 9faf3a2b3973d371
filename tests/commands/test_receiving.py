"""The program of a receiving process: it lives as long as the resident that started it, and no signal ends it."""

from __future__ import annotations

import os
import pickle
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

SETTINGS = ("settings", "127.0.0.1", 0, "localhost", 1_000, 10, 10, 10, 10.0, True)


@contextmanager
def started() -> Iterator[tuple[subprocess.Popen[bytes], socket.socket]]:
    """The program, and the resident's end of its channel."""
    ours, theirs = socket.socketpair()
    handing, handed = socket.socketpair()
    ends = (theirs.fileno(), handed.fileno())
    command = [sys.executable, "-P", "-m", "multimail.commands.receiving", *map(str, ends)]
    with ours, handing, subprocess.Popen(command, pass_fds=ends) as process:
        theirs.close()
        handed.close()
        ours.settimeout(10)
        try:
            yield process, ours
        finally:
            process.kill()


def test_without_its_resident_it_ends_at_once() -> None:
    with started() as (process, resident):
        resident.sendall(_frame(SETTINGS))
        assert resident.recv(100).endswith(b"ready\x94.")
        resident.close()
        assert process.wait(10) == 0


def test_a_signal_to_all_of_a_service_leaves_the_end_to_the_resident() -> None:
    with started() as (process, resident):
        resident.sendall(_frame(SETTINGS))
        assert resident.recv(100)
        os.kill(process.pid, signal.SIGTERM)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.2)
        resident.sendall(_frame(("end", 1.0)))
        assert process.wait(10) == 0


def _frame(value: object) -> bytes:
    body = pickle.dumps(value)
    return len(body).to_bytes(4, "big") + body
