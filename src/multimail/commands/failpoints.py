"""Failpoints armed from outside: the process is killed, as by a power cut, when it passes one."""

from __future__ import annotations

import os
import signal
import threading

from multimail.core import failpoints
from multimail.core.errors import Problem
from multimail.core.text import nearest


def arm(spec: str) -> None:
    """`NAME:COUNT`: kill this process when it passes NAME for the COUNTth time. Without COUNT, the first."""
    name, _, count = spec.partition(":")
    if name not in failpoints.FAILPOINTS:
        near = nearest(name, failpoints.FAILPOINTS)
        hint = f"Did you mean {' or '.join(near)}?" if near else "multimail failpoints lists them."
        raise Problem("invalid_setting", f"There is no failpoint {name!r}.", field="failpoint", advice=hint)
    failpoints.arm(_Countdown(name, int(count or 1)).passed)


class _Countdown:
    """Counts on whichever thread passes by; the kill takes no time for anybody to notice."""

    def __init__(self, name: str, count: int) -> None:
        self._name = name
        self._left = count
        self._lock = threading.Lock()

    def passed(self, name: str) -> None:
        if name != self._name:
            return
        with self._lock:
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
