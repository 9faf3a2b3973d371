"""Faults to seed into a resident: a harness that does not find them proves nothing."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from multimail.ports.records import Claim
from multimail.services.consignment import Consignment
from multimail.services.outbox import Outbox
from multimail.services.settling import Result
from multimail.surfaces.smtp.session import Receiver


def _ok_before_commit() -> None:
    """250 as soon as the mail was read."""

    async def accept(self: Receiver, mail: Any) -> None:
        self.reception.accepting.add(self.loop.create_task(self.reception.intake.accept(mail)))

    Receiver._accept = accept  # type: ignore[method-assign]


def _no_dedupe() -> None:
    """What arrived is forgotten: a mail that a peer offers again is a new mail."""
    with sqlite3.connect(Path(os.environ["MULTIMAIL_DATA"]) / "multimail.db") as data:
        data.execute(
            "CREATE TRIGGER IF NOT EXISTS forget AFTER INSERT ON arrivals BEGIN DELETE FROM arrivals; END"
        )
    data.close()


def _no_mark() -> None:
    """The content goes before `sending` is durable; the mark is made up for when the outcome is known."""
    mark, settle = Outbox._mark, Outbox._settle

    loads: dict[str, Consignment] = {}

    async def skip(self: Outbox, load: Consignment, ids: tuple[str, ...]) -> tuple[str, ...]:
        loads[load.claim.message.id] = load
        return ids

    async def mark_late(self: Outbox, claim: Claim, results: Sequence[Result], **how: bool) -> None:
        await mark(self, loads.pop(claim.message.id), tuple(one.delivery.id for one in results))
        await settle(self, claim, results, **how)

    Outbox._mark, Outbox._settle = skip, mark_late  # type: ignore[method-assign]


FAULTS = {
    "": lambda: None,
    "ok_before_commit": _ok_before_commit,
    "no_dedupe": _no_dedupe,
    "no_mark": _no_mark,
}


def seed(name: str) -> None:
    """Break this process in one way; no name breaks nothing."""
    FAULTS[name]()
