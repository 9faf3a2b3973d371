"""Many mails in one call: `decide_emails`, `cancel_messages`. Each goes through the operation for one mail.

A mail that is refused undoes only itself; a fault of the server undoes the whole call.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, TypeVar

from multimail.contract.bulk import (
    MOST,
    CancelMessages,
    CancelRow,
    CancelRows,
    DecideEmails,
    DecisionRow,
    DecisionRows,
)
from multimail.contract.reviews import DecideEmail, DecisionView
from multimail.contract.sending import CancelMessage, CancelResult
from multimail.core.errors import Problem
from multimail.core.lifecycle import CANCELLABLE
from multimail.core.tags import read_tags
from multimail.ports.records import StoredMessage
from multimail.ports.store import Tx
from multimail.services import access, deciding, editing, pending
from multimail.services.context import Call

T = TypeVar("T")
_PAGE: Final = 200


def attempted(tx: Tx, work: Callable[[], T]) -> T | Problem:
    """The result of one mail's work, or the problem with that mail alone."""
    try:
        return tx.attempt(work)
    except Problem as problem:
        if problem.row.http >= 500:
            raise
        return problem


def refusal(problem: Problem, field: str = "") -> dict[str, Any]:
    """A problem as the values of a `Refusal`."""
    said = problem.within(field) if field else problem
    return {
        "code": said.code,
        "message": said.message,
        "field": said.field or None,
        "advice": said.advice or None,
    }


def decide_emails(tx: Tx, call: Call, request: DecideEmails) -> DecisionRows:
    """Every decision for itself, in order, recorded as `decide_email` records it."""
    rows = [
        _decision_row(one, attempted(tx, lambda one=one: deciding.decide_email(tx, call, one)), place)  # type: ignore[misc]
        for place, one in enumerate(request.decisions)
    ]
    failed = sum(row.code is not None for row in rows)
    return DecisionRows(results=rows, decided=len(rows) - failed, failed=failed)


def _decision_row(one: DecideEmail, end: DecisionView | Problem, place: int) -> DecisionRow:
    if isinstance(end, Problem):
        return DecisionRow(message_id=one.message_id, **refusal(end, f"decisions.{place}"))
    return DecisionRow(
        message_id=end.message_id,
        status=end.status,
        decision=end.decision,
        digest=end.digest,
        reasons=end.reasons,
        approvals_missing=end.approvals_missing,
        repeated=end.repeated,
    )


def cancel_messages(tx: Tx, call: Call, request: CancelMessages) -> CancelRows:
    """Withdraw what is named, or what has everything in common that is given; nothing given is a mistake."""
    by_filter = bool(request.mailbox or request.tags)
    if (request.message_ids is not None) == by_filter:
        raise Problem(
            "invalid", "Say which mails: by message_ids, or by mailbox or tags.", field="message_ids",
            advice="Give either ids or what the mails have in common.",
        )  # fmt: skip
    ids = request.message_ids or _matching(tx, call, request)
    rows = [
        _cancel_row(one, attempted(tx, lambda one=one: _cancel(tx, call, one, request.reason)))  # type: ignore[misc]
        for one in ids[:MOST]
    ]
    done = sum(row.cancelled for row in rows)
    return CancelRows(
        results=rows, cancelled=done, failed=len(rows) - done, more=len(ids) > len(rows) or None
    )


def _cancel(tx: Tx, call: Call, message_id: str, reason: str) -> CancelResult:
    return editing.cancel_message(tx, call, CancelMessage(message_id=message_id, reason=reason))


def _cancel_row(message_id: str, end: CancelResult | Problem) -> CancelRow:
    if isinstance(end, Problem):
        return CancelRow(message_id=message_id, cancelled=False, **refusal(end))
    return CancelRow(message_id=message_id, cancelled=True, status=end.status)


def _matching(tx: Tx, call: Call, request: CancelMessages) -> list[str]:
    """The mails that the caller may withdraw and that match, oldest first, one more than a call withdraws."""
    wanted = read_tags(request.tags)
    found: list[str] = []
    for one in _waiting(tx, access.mailbox_ids(tx, call.principal, request.mailbox)):
        mine = one.principal_id == call.principal.id or not call.principal.is_agent
        if mine and pending.tagged(tx, one, wanted) and editing.withdrawable(tx, one):
            found.append(one.id)
        if len(found) > MOST:
            break
    return found


def _waiting(tx: Tx, mailboxes: tuple[str, ...] | None) -> Iterator[StoredMessage]:
    after = 0
    while page := tx.messages.pending(mailboxes, sorted(CANCELLABLE), after, _PAGE):
        yield from page
        after = page[-1].seq
