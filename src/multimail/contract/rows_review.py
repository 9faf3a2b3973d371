"""Operation rows: oversight, what waits, decisions, the freeze."""

from __future__ import annotations

from typing import Final

from multimail.contract import administration, reviews, sending
from multimail.contract.operation import Effect, Example, Operation, Toolset
from multimail.contract.rows_mail import COMMON
from multimail.core.model import Scope

ROWS: Final[tuple[Operation, ...]] = (
    Operation(
        name="list_pending",
        title="List what waits",
        description="Mail that waits for a person or for its time, with texts and the reason it was held.",
        request=reviews.ListPending,
        view=reviews.PendingList,
        scope=Scope.READ,
        effect=Effect.READ,
        toolset=Toolset.AGENT,
        idempotent=True,
        problems=(*COMMON, "unknown_mailbox", "invalid_cursor"),
        examples=(Example("Everything", {}), Example("One campaign", {"tag": "win_back"})),
    ),
    Operation(
        name="wait_for_decision",
        title="Wait for a decision",
        description="Wait until a person decided on a held mail; gives the decision, note and any edits as a diff.",
        request=reviews.WaitForDecision,
        view=reviews.Outcome,
        scope=Scope.READ,
        effect=Effect.READ,
        toolset=Toolset.AGENT,
        idempotent=True,
        waits=True,
        problems=(*COMMON, "not_found"),
        examples=(Example("Look once", {"message_id": "msg_00000000000000", "timeout_seconds": 0}),),
        positional=("message_id",),
    ),
    Operation(
        name="get_message_history",
        title="History of a mail",
        description="Everything that happened to a mail: drafts, rules, decisions, edits, delivery attempts.",
        request=reviews.GetMessageHistory,
        view=reviews.HistoryView,
        scope=Scope.READ,
        effect=Effect.READ,
        toolset=Toolset.AGENT,
        idempotent=True,
        problems=(*COMMON, "not_found"),
        examples=(Example("History", {"message_id": "msg_00000000000000"}),),
        positional=("message_id",),
    ),
    Operation(
        name="decide_email",
        title="Decide on a held mail",
        description="Approve (also with edits), reject, request_changes, escalate or cancel a held mail.",
        request=reviews.DecideEmail,
        view=reviews.DecisionView,
        scope=Scope.OVERSIGHT,
        effect=Effect.SEND,
        toolset=Toolset.REVIEW,
        open_world=True,
        asks=True,
        problems=(
            *COMMON, "not_found", "conflict", "changed", "digest_required", "self_approval", "late",
            "confirmation_required", "placeholders_unresolved", "read_only", "frozen", "storage_full",
            "storage_failed", "header_injection", "too_large",
        ),  # fmt: skip
        examples=(
            Example("Approve", {"message_id": "msg_00000000000000", "decision": "approve"}),
            Example(
                "Reject", {"message_id": "msg_00000000000000", "decision": "reject", "note": "Wrong price."}
            ),
        ),
        positional=("message_id", "decision"),
    ),
    Operation(
        name="freeze",
        title="Freeze sending",
        description="Stop everything that would leave one mailbox, or all of them, at once.",
        request=administration.Freeze,
        view=administration.FreezeResult,
        scope=Scope.OVERSIGHT,
        effect=Effect.WRITE,
        toolset=Toolset.REVIEW,
        idempotent=True,
        problems=(*COMMON, "unknown_mailbox"),
        examples=(Example("Everything", {"reason": "looking into it"}),),
        positional=("mailbox",),
    ),
    Operation(
        name="unfreeze",
        title="End the freeze",
        description="Let approved mail leave again.",
        request=administration.Freeze,
        view=administration.FreezeResult,
        scope=Scope.ADMIN,
        effect=Effect.SEND,
        toolset=Toolset.ADMIN,
        idempotent=True,
        open_world=True,
        problems=(*COMMON, "unknown_mailbox"),
        examples=(Example("Everything", {}),),
        positional=("mailbox",),
    ),
    Operation(
        name="release_message",
        title="Send a kept mail for real",
        description="Hand a captured mail, or one whose outcome is unknown, to the relay once more.",
        request=sending.ReleaseMessage,
        view=sending.SendResult,
        scope=Scope.ADMIN,
        effect=Effect.SEND,
        toolset=Toolset.ADMIN,
        open_world=True,
        problems=(*COMMON, "not_found", "conflict", "read_only", "recipient_not_allowed", "frozen", "unavailable"),
        examples=(Example("Release", {"message_id": "msg_00000000000000", "note": "checked"}),),
        positional=("message_id",),
    ),
)
