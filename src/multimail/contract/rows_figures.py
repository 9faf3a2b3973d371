"""Operation rows: what a freeze stops."""

from __future__ import annotations

from typing import Final

from multimail.contract import freezes
from multimail.contract.operation import Effect, Example, Operation, Toolset
from multimail.contract.rows_mail import COMMON
from multimail.core.model import Scope

ROWS: Final[tuple[Operation, ...]] = (
    Operation(
        name="list_frozen",
        title="List what a freeze stops",
        description="The freezes that are on, since when, why and by whom, and the mail that waits behind them.",
        request=freezes.ListFrozen,
        view=freezes.FrozenList,
        scope=Scope.OVERSIGHT,
        effect=Effect.READ,
        toolset=Toolset.REVIEW,
        idempotent=True,
        problems=(*COMMON, "unknown_mailbox", "invalid_cursor"),
        examples=(Example("Everything", {}), Example("One mailbox", {"mailbox": "agent@localhost"})),
        positional=("mailbox",),
    ),
)  # fmt: skip
