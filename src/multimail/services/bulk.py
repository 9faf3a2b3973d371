"""Many mails in one call: `decide_emails`, `cancel_messages`. Each goes through the operation for one mail.

A mail that is refused undoes only itself; a fault of the server undoes the whole call.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Final

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
from multimail.core.lifecycle import CANCELLABLE, HELD
from multimail.core.tags import read_tags
from multimail.ports.records import StoredMessage
from multimail.ports.store import Tx
from multimail.services import access, batches, deciding, editing, pending
from multimail.services.attempts import attempted, refusal
from multimail.services.context import Call

_PAGE: Final = 200


def decide_emails(tx: Tx, call: Call, request: DecideEmails) -> DecisionRows:
    """Every decision for itself, in order, recorded as `decide_email` records it.

    About a batch it is about the very mails that its digest stands for: if one was changed since, about none.
    """
    asked = _asked(tx, call, request)
    field = "decisions" if request.decisions is not None else ""
    rows = [
        _decision_row(
            one,
            attempted(tx, partial(deciding.decide_email, tx, call, one)),
            field and f"{field}.{place}",
        )
        for place, one in enumerate(asked)
    ]
    failed = sum(row.code is not None for row in rows)
    return DecisionRows(results=rows, decided=len(rows) - failed, failed=failed, batch_id=request.batch_id)


def _asked(tx: Tx, call: Call, request: DecideEmails) -> list[DecideEmail]:
    if request.decisions is not None and request.batch_id is None:
        return request.decisions
    if request.decisions is not None or request.batch_id is None or request.decision is None:
        raise Problem(
            "invalid", "Say what is decided about which mails.", field="decisions",
            advice="Give decisions, or batch_id with digest and decision.",
        )  # fmt: skip
    batch = batches.visible(tx, call.principal, request.batch_id)
    messages = tx.batches.messages(batch.id)
    _check_digest(request.digest, batches.digest(tx, batch, messages))
    shared = {
        name: getattr(request, name) for name in ("decision", "note", "confirm_placeholders", "late_ok")
    }
    return [
        DecideEmail(message_id=one.id, digest=one.digest, **shared)
        for one in _undecided(tx, messages, request.decision)
    ]


def _check_digest(given: str | None, current: str) -> None:
    if given is None:
        raise Problem(
            "digest_required", "A batch is decided by its digest.", field="digest", advice="get_batch shows it."
        )  # fmt: skip
    if given != current:
        raise Problem(
            "changed", "A mail of the batch changed since: look again.", field="digest",
            advice="get_batch shows the batch as it is, with its digest.",
        )  # fmt: skip


def _undecided(tx: Tx, messages: list[StoredMessage], verb: str) -> list[StoredMessage]:
    """The mails that wait; where none does, those that were decided on, so that the same again is the same answer."""
    states = CANCELLABLE if verb == "cancel" else HELD
    waiting = [one for one in messages if one.status in states]
    found = waiting or [one for one in messages if tx.decisions.of(one.id)]
    if not found:
        raise Problem("conflict", "No mail of this batch waits for a decision.", field="batch_id")
    return found


def _decision_row(one: DecideEmail, end: DecisionView | Problem, field: str) -> DecisionRow:
    if isinstance(end, Problem):
        return DecisionRow(message_id=one.message_id, **refusal(end, field))
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
    by_filter = bool(request.mailbox or request.tags or request.batch_id)
    if (request.message_ids is not None) == by_filter:
        raise Problem(
            "invalid", "Say which mails: by message_ids, or by mailbox, tags or batch_id.", field="message_ids",
            advice="Give either ids or what the mails have in common.",
        )  # fmt: skip
    ids = request.message_ids or _matching(tx, call, request)
    rows = [
        _cancel_row(one, attempted(tx, partial(_cancel, tx, call, one, request.reason))) for one in ids[:MOST]
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
    for one in _candidates(tx, call, request):
        mine = one.principal_id == call.principal.id or not call.principal.is_agent
        if mine and pending.tagged(tx, one, wanted) and editing.withdrawable(tx, one):
            found.append(one.id)
        if len(found) > MOST:
            break
    return found


def _candidates(tx: Tx, call: Call, request: CancelMessages) -> Iterable[StoredMessage]:
    mailboxes = access.mailbox_ids(tx, call.principal, request.mailbox)
    if request.batch_id is None:
        return _waiting(tx, mailboxes)
    batch = batches.visible(tx, call.principal, request.batch_id)
    here = mailboxes is None or batch.mailbox_id in mailboxes
    return tx.batches.messages(batch.id) if here else ()


def _waiting(tx: Tx, mailboxes: tuple[str, ...] | None) -> Iterator[StoredMessage]:
    after = 0
    while page := tx.messages.pending(mailboxes, sorted(CANCELLABLE), after, _PAGE):
        yield from page
        after = page[-1].seq
