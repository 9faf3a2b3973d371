"""Operation rows for programs and operators: many mails at once, and what may pass without a person."""

from __future__ import annotations

from typing import Final

from multimail.contract import bulk
from multimail.contract.operation import CLI, REST, Effect, Example, Operation, Toolset
from multimail.contract.rows_mail import COMMON
from multimail.core.model import Scope

PROGRAMS: Final = frozenset({CLI, REST})

ROWS: Final[tuple[Operation, ...]] = (
    Operation(
        name="decide_emails",
        title="Decide on many mails",
        description="Decide on up to 1,000 held mails at once; each has a result of its own.",
        request=bulk.DecideEmails,
        view=bulk.DecisionRows,
        scope=Scope.OVERSIGHT,
        effect=Effect.SEND,
        toolset=Toolset.REVIEW,
        open_world=True,
        problems=(*COMMON, "not_found", "changed", "digest_required", "conflict", "storage_full", "storage_failed"),
        examples=(
            Example(
                "Two decisions",
                {
                    "decisions": [
                        {"message_id": "msg_00000000000000", "decision": "approve"},
                        {"message_id": "msg_00000000000001", "decision": "reject", "note": "Wrong price."},
                    ]
                },
            ),
        ),
        surfaces=PROGRAMS,
    ),
    Operation(
        name="cancel_messages",
        title="Withdraw many mails",
        description="Withdraw mails of yours that have not left, by ids, mailbox or tags; each has a result.",
        request=bulk.CancelMessages,
        view=bulk.CancelRows,
        scope=Scope.SEND,
        effect=Effect.REMOVE,
        toolset=Toolset.AGENT,
        idempotent=True,
        problems=(*COMMON, "not_found", "unknown_mailbox"),
        examples=(
            Example("By id", {"message_ids": ["msg_00000000000000"], "reason": "no longer needed"}),
            Example("A campaign", {"mailbox": "agent@localhost", "tags": ["win_back"]}),
        ),
        surfaces=PROGRAMS,
    ),
)  # fmt: skip
