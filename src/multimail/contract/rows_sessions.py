"""Operation rows: one's own sign-ins to the pages. For people at a terminal or program, offered to no model."""

from typing import Final

from multimail.contract import sessions
from multimail.contract.operation import CLI, REST, Effect, Example, Operation, Toolset
from multimail.contract.rows_mail import COMMON
from multimail.core.model import Scope

_NOT_FOR_MODELS: Final = frozenset({CLI, REST})

ROWS: Final[tuple[Operation, ...]] = (
    Operation(
        name="list_sessions",
        title="List your sign-ins",
        description="The browsers in which you are signed in to the pages, newest first.",
        request=sessions.ListSessions,
        view=sessions.SessionList,
        scope=Scope.READ,
        effect=Effect.READ,
        toolset=Toolset.AGENT,
        idempotent=True,
        problems=COMMON,
        examples=(Example("All", {}),),
        surfaces=_NOT_FOR_MODELS,
    ),
    Operation(
        name="close_sessions",
        title="Sign out elsewhere",
        description="End your sign-ins to the pages: one, all but one, or all of them.",
        request=sessions.CloseSessions,
        view=sessions.SessionsClosed,
        scope=Scope.READ,
        effect=Effect.REMOVE,
        toolset=Toolset.AGENT,
        idempotent=True,
        problems=COMMON,
        examples=(Example("Everywhere", {}),),
        positional=("session_id",),
        surfaces=_NOT_FOR_MODELS,
    ),
)
