"""The work without a caller: sending, what time brings, tidying up; and its end without a torn hand-over."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Final

from multimail.services import loops, upkeep
from multimail.services.context import Services
from multimail.services.outbox import Outbox

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from multimail.ports.transport import Transport

_OWNER_BYTES: Final = 9


class Work:
    """The loops of one resident, from `start` to `stop`."""

    def __init__(self, services: Services, transport: Transport) -> None:
        self._services = services
        self._outbox = Outbox(services, transport, owner=services.ids.secret(_OWNER_BYTES))
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Take back what a dead resident left, then begin. There must be no other resident."""
        await upkeep.rescue(self._services, alone=True)
        every: dict[str, Coroutine[None, None, None]] = {
            name: loops.run(self._services, step) for name, step in self.steps().items()
        }
        every["housekeeping"] = loops.housekeeping(self._services)
        self._tasks = [asyncio.create_task(one, name=name) for name, one in every.items()]

    def steps(self) -> dict[str, loops.Step]:
        """What is repeated while it finds work; what a step begins may go on after it."""
        return {"timers": partial(upkeep.step, self._services), "outbox": self._outbox.begin}

    def under_way(self) -> set[asyncio.Task[None]]:
        """What the steps began and has not ended yet."""
        return self._outbox.under_way()

    async def stop(self, grace: float) -> None:
        """Begin nothing new, and let hand-overs under way end within `grace` seconds.

        What was cut off in the middle of a hand-over is `unknown` at the next start, and never sent twice.
        """
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._outbox.finish(grace)
