"""The work without a caller: sending, what time brings, tidying up; and its end without a torn hand-over."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Final

from multimail.services import (
    backups,
    breakers_notices,
    cautions_backlog,
    erasing,
    loops,
    purging,
    review_notices,
    sequence_runner,
    upkeep,
)
from multimail.services.breakers import Breakers
from multimail.services.context import Services
from multimail.services.notify import Notifier
from multimail.services.outbox import Outbox

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from multimail.ports.transport import Transport
    from multimail.ports.webhooks import HookSender

_OWNER_BYTES: Final = 9
_REST: Final = {"cautions": 0.04}
"""Seconds between two slices of work that only computes: most of what is asked for meanwhile meets none of it."""
_AWAITED: Final = frozenset({"timers", "outbox", "webhooks"})
"""Steps that somebody waits for: they look at what changed at once, the others a little later and less often."""
_POST_GRACE: Final = 1.0
"""Seconds for receivers of webhooks to answer: they may be slow, and are asked again."""


class Work:
    """The loops of one resident, from `start` to `stop`."""

    def __init__(self, services: Services, transport: Transport, hooks: HookSender) -> None:
        self._services = services
        self._outbox = Outbox(services, transport, owner=services.ids.secret(_OWNER_BYTES))
        self._breakers = Breakers(services)
        self._notifier = Notifier(services, hooks, owner=services.ids.secret(_OWNER_BYTES))
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Take back what a dead resident left, then begin. There must be no other resident."""
        await upkeep.rescue(self._services, alone=True)
        await self._notifier.rescue()
        every: dict[str, Coroutine[None, None, None]] = {
            name: loops.run(
                self._services,
                step,
                _REST.get(name, 0.0),
                loops.AT_ONCE if name in _AWAITED else loops.UNHURRIED,
                [upkeep.DUE[name]] if name in upkeep.DUE else [],
            )
            for name, step in self.steps().items()
        }
        every["housekeeping"] = loops.housekeeping(self._services)
        every["indexing"] = loops.indexing(self._services)
        self._tasks = [asyncio.create_task(one, name=name) for name, one in every.items()]

    def steps(self) -> dict[str, loops.Step]:
        """What is repeated while it finds work; what a step begins may go on after it."""
        return {
            "timers": partial(upkeep.step, self._services),
            "sequences": partial(sequence_runner.step, self._services),
            "notices": partial(review_notices.step, self._services),
            "breaker notices": partial(breakers_notices.step, self._services),
            "keeping": partial(purging.step, self._services),
            "erasing": partial(erasing.step, self._services),
            "backups": partial(backups.step, self._services),
            "breakers": self._breakers.step,
            "outbox": self._outbox.begin,
            "webhooks": self._notifier.begin,
            "cautions": partial(cautions_backlog.step, self._services),
        }

    def under_way(self) -> set[asyncio.Task[None]]:
        """What the steps began and has not ended yet."""
        return self._outbox.under_way() | self._notifier.under_way()

    async def stop(self, grace: float) -> None:
        """Begin nothing new, and let hand-overs and posts under way end within `grace` seconds.

        What was cut off in the middle of a hand-over is `unknown` at the next start, and never sent twice; a webhook
        that was cut off is posted again.
        """
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(self._outbox.finish(grace), self._notifier.finish(min(grace, _POST_GRACE)))
