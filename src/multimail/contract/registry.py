"""The table of contents of the whole product: every operation, one row each, in the order tools are listed."""

from typing import Final

from multimail.contract import (
    rows_admin,
    rows_approvals,
    rows_consent,
    rows_contacts,
    rows_desk,
    rows_erasure,
    rows_events,
    rows_figures,
    rows_inbox,
    rows_keeping,
    rows_mail,
    rows_pace,
    rows_reputation,
    rows_review,
    rows_sequences,
    rows_sessions,
    rows_suppression,
    rows_webhooks,
)
from multimail.contract.operation import Operation
from multimail.core.errors import Problem

OPERATIONS: Final[tuple[Operation, ...]] = (
    *rows_mail.ROWS,
    *rows_events.ROWS,
    *rows_review.ROWS,
    *rows_desk.ROWS,
    *rows_figures.ROWS,
    *rows_approvals.ROWS,
    *rows_admin.ROWS,
    *rows_webhooks.ROWS,
    *rows_inbox.ROWS,
    *rows_contacts.ROWS,
    *rows_keeping.ROWS,
    *rows_erasure.ROWS,
    *rows_pace.ROWS,
    *rows_sequences.ROWS,
    *rows_consent.ROWS,
    *rows_sessions.ROWS,
    *rows_suppression.ROWS,
    *rows_reputation.ROWS,
)
BY_NAME: Final[dict[str, Operation]] = {row.name: row for row in OPERATIONS}


def operation(name: str) -> Operation:
    """The row, or `unknown_operation`."""
    row = BY_NAME.get(name)
    if row is None:
        raise Problem("unknown_operation", f"There is no operation {name[:80]!r}.", field="operation")
    return row
