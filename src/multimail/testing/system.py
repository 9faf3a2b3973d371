"""A whole server on a clock of its own: the program's composition with the kit's plugs in it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from multimail.adapters.hooks.sender import Sender
from multimail.adapters.system import Ids
from multimail.core.times import Micros
from multimail.testing.account import Account, settings
from multimail.testing.drive import Drive
from multimail.testing.hooks import Hooks
from multimail.testing.outside import Outside
from multimail.testing.reviewers import Reviewers
from multimail.testing.stepped import SteppedClock
from multimail.testing.storage import FaultyStore
from multimail.testing.switches import Switchboard
from multimail.wiring.plugs import Plugs
from multimail.wiring.system import Running, reach, running

if TYPE_CHECKING:
    from multimail.ports.store import Store
    from multimail.ports.transport import Transport
    from multimail.ports.webhooks import HookSender
    from multimail.services.context import Services


@dataclass(frozen=True, slots=True)
class System:
    """What runs; everything in it belongs to the server's thread."""

    place: Running
    folder: Path
    account: Account
    clock: SteppedClock
    drive: Drive
    outside: Outside
    hooks: Hooks
    reviewers: Reviewers
    board: Switchboard

    @property
    def services(self) -> Services:
        return self.place.services


@dataclass(frozen=True, slots=True)
class Beginning:
    """How a system begins: its account in a folder of its own, the moment, and settings unlike the default."""

    account: Account
    folder: Path
    at: Micros
    chosen: dict[str, Any]


@asynccontextmanager
async def system(beginning: Beginning, soon: Callable[[Callable[[], None]], None]) -> AsyncIterator[System]:
    """Everything runs when this is entered. `soon` calls something on this loop from any thread."""
    drives: list[Drive] = []

    def ring() -> None:
        for drive in drives:
            drive.ring()

    board = Switchboard(lambda: soon(ring))
    clock = SteppedClock(beginning.at, ring)
    outside = Outside(board, clock.now)
    reviewers = Reviewers(beginning.account.reviewer, lambda: soon(ring))

    def work(services: Services, transport: Transport, hooks: HookSender) -> Drive:
        reviewers.services = services
        drives.append(Drive(services, transport, hooks, clock, reviewers))
        return drives[0]

    chosen = settings(beginning.account.copy(beginning.folder), **beginning.chosen)
    hooks = Hooks(Sender(reach(chosen)), board, clock)
    plugs = Plugs(
        clock=clock, ids=Ids(), store=lambda store: cast("Store", FaultyStore(store, board, clock.tick)),
        transport=outside, hooks=hooks, work=work,
    )  # fmt: skip
    async with running(chosen, free_ports=True, plugs=plugs) as place:
        try:
            yield System(
                place, chosen.folder, beginning.account, clock, drives[0], outside, hooks, reviewers, board
            )
        finally:
            # Nobody is left to clear a fault that something waits behind.
            board.clear()
            drives[0].ring()
