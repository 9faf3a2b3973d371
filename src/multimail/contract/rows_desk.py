"""Operation rows: the review desk."""

from typing import Final

from multimail.contract import desk
from multimail.contract.operation import Effect, Example, Operation, Toolset
from multimail.contract.rows_mail import COMMON
from multimail.core.model import Scope

ROWS: Final[tuple[Operation, ...]] = (
    Operation(
        name="list_reviews",
        title="List the review queue",
        description="Mail that waits for a person, riskiest or oldest first, with warnings; grouped if asked.",
        request=desk.ListReviews,
        view=desk.ReviewList,
        scope=Scope.OVERSIGHT,
        effect=Effect.READ,
        toolset=Toolset.REVIEW,
        idempotent=True,
        problems=(*COMMON, "unknown_mailbox", "invalid_cursor"),
        examples=(
            Example("Riskiest first", {}),
            Example("By recipient, oldest first", {"group": "recipient", "order": "oldest"}),
        ),
    ),
    Operation(
        name="review_email",
        title="Look at a waiting mail",
        description="One waiting mail with all needed to decide: as it will leave, warnings, risk, contacts, twins.",
        request=desk.ReviewEmail,
        view=desk.ReviewView,
        scope=Scope.OVERSIGHT,
        effect=Effect.READ,
        toolset=Toolset.REVIEW,
        idempotent=True,
        problems=(*COMMON, "not_found", "conflict"),
        examples=(Example("Look", {"message_id": "msg_00000000000000"}),),
        positional=("message_id",),
    ),
    Operation(
        name="trust_recipient",
        title="Trust a recipient",
        description="Put one address on a mailbox's trusted list: in gated_send, mail to only such goes at once.",
        request=desk.TrustRecipient,
        view=desk.TrustResult,
        scope=Scope.ADMIN,
        effect=Effect.WRITE,
        toolset=Toolset.ADMIN,
        idempotent=True,
        problems=(*COMMON, "unknown_mailbox", "invalid_address"),
        examples=(Example("Trust Ann", {"mailbox": "desk@example.com", "address": "ann@example.org"}),),
        positional=("mailbox", "address"),
    ),
)
