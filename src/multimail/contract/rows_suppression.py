"""Operation rows: who is not written to, and how requests to stop were honoured."""

from typing import Final

from multimail.contract import suppression
from multimail.contract.operation import CLI, REST, Effect, Example, Operation, Toolset
from multimail.contract.rows_mail import COMMON
from multimail.core.model import Scope

_PROGRAMS: Final = frozenset({CLI, REST})

ROWS: Final[tuple[Operation, ...]] = (
    Operation(
        name="list_suppressions",
        title="List suppressed addresses",
        description="Who is not written to, why, since when and for which mailbox and topic; newest first.",
        request=suppression.ListSuppressions,
        view=suppression.SuppressionList,
        scope=Scope.ADMIN,
        effect=Effect.READ,
        toolset=Toolset.ADMIN,
        idempotent=True,
        problems=(*COMMON, "unknown_mailbox", "invalid_cursor"),
        examples=(Example("All in force", {}), Example("Who complained", {"reason": "complaint"})),
    ),
    Operation(
        name="suppress_address",
        title="Suppress an address",
        description="Write to an address no more: from one mailbox or all, about one topic or all, for a time or good.",
        request=suppression.SuppressAddress,
        view=suppression.SuppressResult,
        scope=Scope.ADMIN,
        effect=Effect.WRITE,
        toolset=Toolset.ADMIN,
        idempotent=True,
        problems=(*COMMON, "unknown_mailbox", "invalid_address", "invalid_time"),
        examples=(
            Example("From everything", {"address": "ann@example.org", "note": "Asked by telephone."}),
            Example(
                "From a topic", {"address": "ann@example.org", "topic": "offers", "reason": "unsubscribe"}
            ),
        ),
        positional=("address",),
    ),
    Operation(
        name="unsuppress_address",
        title="Lift a suppression",
        description="Let an address be written to again; says what was lifted and what still holds. Why is kept.",
        request=suppression.UnsuppressAddress,
        view=suppression.UnsuppressResult,
        scope=Scope.ADMIN,
        effect=Effect.WRITE,
        toolset=Toolset.ADMIN,
        idempotent=True,
        problems=(*COMMON, "unknown_mailbox", "invalid_address"),
        examples=(
            Example(
                "Asked for it again", {"address": "ann@example.org", "note": "Wrote that she wants it again."}
            ),
        ),
        positional=("address",),
    ),
    Operation(
        name="check_suppression",
        title="Check whether an address is suppressed",
        description="Whether mail of each class to an address would be left out, for a mailbox and topic, and why.",
        request=suppression.CheckSuppression,
        view=suppression.SuppressionCheck,
        scope=Scope.READ,
        effect=Effect.READ,
        toolset=Toolset.AGENT,
        idempotent=True,
        problems=(*COMMON, "unknown_mailbox", "mailbox_required", "invalid_address"),
        examples=(Example("Ann", {"address": "ann@example.org", "mailbox": "desk@example.com"}),),
        positional=("address",),
        surfaces=_PROGRAMS,
    ),
    Operation(
        name="suppression_table",
        title="Show what suppression bars",
        description="The table behind suppression: which reason keeps which class of mail from somebody.",
        request=suppression.SuppressionTable,
        view=suppression.SuppressionMatrix,
        scope=Scope.READ,
        effect=Effect.READ,
        toolset=Toolset.AGENT,
        idempotent=True,
        problems=COMMON,
        examples=(Example("The table", {}),),
        surfaces=_PROGRAMS,
    ),
    Operation(
        name="unsubscribe_figures",
        title="Figures of unsubscribing",
        description="How many asked to get no more mail, by which way, and how long each took until it held.",
        request=suppression.UnsubscribeFigures,
        view=suppression.UnsubscribeReport,
        scope=Scope.OVERSIGHT,
        effect=Effect.READ,
        toolset=Toolset.REVIEW,
        idempotent=True,
        problems=(*COMMON, "unknown_mailbox"),
        examples=(Example("The last ninety days", {}),),
    ),
)
