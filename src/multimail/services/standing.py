"""How things stand for a person at this moment: how much waits for a decision, and what is frozen.

Every page says so, therefore it is one short read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from multimail.core.model import Principal, Scope
from multimail.core.times import Micros
from multimail.ports.store import Tx
from multimail.services.context import Services

UNDECIDED: Final = ("pending_approval", "escalated", "pending_inbound_approval")
"""States of mail that needs somebody's decision now."""
MOST: Final = 1_000
"""Nobody reads a larger number than this: counting ends here."""


@dataclass(frozen=True, slots=True)
class Standing:
    """`waiting` ends at `MOST`. `frozen` are addresses of mailboxes that are frozen by themselves."""

    waiting: int
    everything_frozen: bool
    since: Micros | None
    reason: str
    frozen: tuple[str, ...]


async def standing(services: Services, principal: Principal) -> Standing:
    """As far as this principal may see it: the mailboxes of its key, and what waits if it may decide."""

    def look(tx: Tx) -> Standing:
        boxes = principal.mailboxes
        ids = None if boxes is None else sorted(boxes)
        decides = Scope.OVERSIGHT in principal.scopes
        since = tx.settings.get("frozen_at")
        return Standing(
            tx.messages.waiting(ids, UNDECIDED, MOST) if decides else 0,
            since is not None,
            since,
            str(tx.settings.get("freeze_reason:all") or ""),
            tuple(tx.mailboxes.frozen(ids)),
        )

    return await services.store.read(look)
