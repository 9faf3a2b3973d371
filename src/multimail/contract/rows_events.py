"""Operation rows: what happened, for programs that follow it."""

from typing import Final

from multimail.contract import events
from multimail.contract.operation import CLI, REST, Effect, Example, Operation, Toolset
from multimail.contract.rows_mail import COMMON
from multimail.core.model import Scope

ROWS: Final[tuple[Operation, ...]] = (
    Operation(
        name="list_events",
        title="Follow events",
        description="What happened, in order, from a place on: mail, decisions, tags, contacts. Can wait for the next.",
        request=events.ListEvents,
        view=events.EventList,
        scope=Scope.READ,
        effect=Effect.READ,
        toolset=Toolset.AGENT,
        idempotent=True,
        waits=True,
        problems=(*COMMON, "unknown_mailbox", "invalid_cursor"),
        examples=(
            Example("From the beginning", {"limit": 10}),
            Example("What comes next", {"after": "now", "kinds": ["message.received"], "timeout_seconds": 0}),
        ),
        positional=("after",),
        surfaces=frozenset({CLI, REST}),
    ),
)
