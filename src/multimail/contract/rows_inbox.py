"""Operation rows: the inbox as people look at it. Programs may too; models have `check_inbox` and `get_thread`."""

from typing import Final

from multimail.contract import conversations, inspection
from multimail.contract.operation import CLI, REST, Effect, Example, Operation, Toolset
from multimail.contract.rows_mail import COMMON
from multimail.core.model import Scope

_NOT_FOR_MODELS: Final = frozenset({CLI, REST})

ROWS: Final[tuple[Operation, ...]] = (
    Operation(
        name="list_conversations",
        title="List conversations",
        description="Conversations of a folder, newest mail first, with how many mails each has and who takes part.",
        request=conversations.ListConversations,
        view=conversations.ConversationList,
        scope=Scope.READ,
        effect=Effect.READ,
        toolset=Toolset.AGENT,
        idempotent=True,
        problems=(*COMMON, "unknown_mailbox", "invalid_query", "invalid_cursor"),
        examples=(
            Example("The inbox", {}),
            Example("A search", {"folder": "all", "query": "invoice is:unread", "limit": 10}),
        ),
        positional=("query",),
        surfaces=_NOT_FOR_MODELS,
    ),
    Operation(
        name="inspect_message",
        title="Look into a mail",
        description="A mail from inside: header lines, parts, links with their true targets, claims about its sender.",
        request=inspection.InspectMessage,
        view=inspection.MessageInspection,
        scope=Scope.READ,
        effect=Effect.READ,
        toolset=Toolset.AGENT,
        idempotent=True,
        problems=(*COMMON, "not_found"),
        examples=(
            Example("All but its source", {"message_id": "msg_00000000000000"}),
            Example("The source", {"message_id": "msg_00000000000000", "include": ["source"]}),
        ),
        positional=("message_id",),
        surfaces=_NOT_FOR_MODELS,
    ),
    Operation(
        name="suggest_search",
        title="Complete a search",
        description="What a search may go on with: operators, tags, people and mailboxes that this key sees.",
        request=conversations.SuggestSearch,
        view=conversations.Suggestions,
        scope=Scope.READ,
        effect=Effect.READ,
        toolset=Toolset.AGENT,
        idempotent=True,
        problems=(*COMMON, "unknown_mailbox"),
        examples=(Example("A beginning", {"text": "from:ann"}),),
        positional=("text",),
        surfaces=_NOT_FOR_MODELS,
    ),
)
