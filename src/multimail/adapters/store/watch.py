"""Noticing commits, those of other processes included: one timer, which runs only while somebody waits."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from multimail.core.errors import Problem

_INTERVAL: Final = 0.025


class Watch:
    """`version` is asked every 25 ms while there are waiters, and at once after a commit of this process.

    All of it happens on one event loop.
    """

    def __init__(self, version: Callable[[], int]) -> None:
        self._version = version
        self._waiters: dict[asyncio.Future[int], int] = {}
        self._timer: asyncio.TimerHandle | None = None

    async def changed(self, since: int, timeout: float) -> int:  # noqa: ASYNC109 - a result, not an error
        """Return the version as soon as it is not `since`, or whatever it is after `timeout` seconds."""
        now = self._version()
        if now != since or timeout <= 0:
            return now
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[int] = loop.create_future()
        self._waiters[waiter] = since
        self._arm(loop)
        try:
            done, _ = await asyncio.wait({waiter}, timeout=timeout)
        finally:
            self._waiters.pop(waiter, None)
            self._disarm_if_idle()
        return waiter.result() if done else self._version()

    def look(self) -> None:
        """Wake whoever waits for a version other than the present one."""
        if self._waiters:
            now = self._version()
            for waiter, since in list(self._waiters.items()):
                if now != since and not waiter.done():
                    waiter.set_result(now)

    def close(self) -> None:
        """Stop the timer and end every wait with `unavailable`."""
        for waiter in list(self._waiters):
            if not waiter.done():
                waiter.set_exception(Problem("unavailable", "The data file is closed."))
        self._waiters.clear()
        self._disarm_if_idle()

    def _arm(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._timer is None:
            self._timer = loop.call_later(_INTERVAL, self._tick, loop)

    def _disarm_if_idle(self) -> None:
        if not self._waiters and self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _tick(self, loop: asyncio.AbstractEventLoop) -> None:
        self._timer = None
        self.look()
        if self._waiters:
            self._arm(loop)
