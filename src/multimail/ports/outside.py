"""Ports for time and ids."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

from multimail.core.times import Micros


class Clock(Protocol):
    """Now, and waiting until a time; a virtual clock makes both instant."""

    def now(self) -> Micros: ...
    async def sleep(self, seconds: float) -> None: ...
    async def wait(
        self, seconds: float, change: Callable[[float], Awaitable[object]], *, idle: bool = False
    ) -> None:
        """Return when `change` does, and after `seconds` of this clock at the latest. `change` is told how many
        seconds of the machine's time it may take, and is cancelled when this clock is there first. `idle` says
        that no caller waits for this: a clock that goes from one due moment to the next need not stop for it."""
        ...


class Ids(Protocol):
    """New ids and secrets."""

    def new(self, prefix: str, now: Micros) -> str: ...
    def secret(self, size: int = 32) -> str: ...
