"""Operation rows: how long mail is kept, and deleting it for good. For operators; no agent is offered them."""

from typing import Final

from multimail.contract import administration, keeping
from multimail.contract.operation import CLI, REST, Effect, Example, Operation, Toolset
from multimail.contract.rows_mail import COMMON
from multimail.core.model import Scope

_NOT_FOR_MODELS: Final = frozenset({CLI, REST})

ROWS: Final[tuple[Operation, ...]] = (
    Operation(
        name="get_mailbox",
        title="Show a mailbox",
        description="One mailbox with all its settings: modes, lists, caps, how long mail is kept, notices.",
        request=administration.GetMailbox,
        view=administration.MailboxDetails,
        scope=Scope.READ,
        effect=Effect.READ,
        toolset=Toolset.AGENT,
        idempotent=True,
        problems=(*COMMON, "unknown_mailbox"),
        examples=(Example("One", {"mailbox": "agent@localhost"}),),
        positional=("mailbox",),
        surfaces=_NOT_FOR_MODELS,
    ),
    Operation(
        name="empty_mailbox",
        title="Empty a mailbox",
        description="Delete a mailbox's mail for good. What waits for somebody or is on its way stays.",
        request=keeping.EmptyMailbox,
        view=keeping.EmptyResult,
        scope=Scope.ADMIN,
        effect=Effect.REMOVE,
        toolset=Toolset.ADMIN,
        idempotent=True,
        problems=(*COMMON, "unknown_mailbox", "invalid_time"),
        examples=(
            Example("All of it", {"mailbox": "agent@localhost"}),
            Example("What is old", {"mailbox": "agent@localhost", "before": "2026-01-01"}),
        ),
        positional=("mailbox",),
        surfaces=_NOT_FOR_MODELS,
    ),
    Operation(
        name="delete_messages",
        title="Delete mails for good",
        description="Delete mails for good, with texts, files and search entries. Mail that waits has to end first.",
        request=keeping.DeleteMessages,
        view=keeping.DeleteRows,
        scope=Scope.ADMIN,
        effect=Effect.REMOVE,
        toolset=Toolset.ADMIN,
        problems=(*COMMON, "not_found", "conflict"),
        examples=(Example("One mail", {"message_ids": ["msg_00000000000000"]}),),
        positional=("message_ids",),
        surfaces=_NOT_FOR_MODELS,
    ),
)
