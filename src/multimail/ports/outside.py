"""Ports for time and ids."""

from __future__ import annotations

from typing import Protocol

from multimail.core.times import Micros


class Clock(Protocol):
    """Now, and waiting until a time; a virtual clock makes both instant."""

    def now(self) -> Micros: ...
    async def sleep(self, seconds: float) -> None: ...


class Ids(Protocol):
    """New ids and secrets."""

    def new(self, prefix: str, now: Micros) -> str: ...
    def secret(self, size: int = 32) -> str: ...
