"""Marking received mail: read, unread, archived, deleted, spam and back."""

from __future__ import annotations

from typing import Final

from multimail.contract.reading import MarkEmail, MarkResult
from multimail.core.errors import Problem
from multimail.core.lifecycle import HIDDEN_FROM_AGENTS, INBOUND
from multimail.ports.records import Event, StoredMessage
from multimail.ports.store import Tx
from multimail.services import access
from multimail.services.context import Call

_NOT_SPAM: Final = "not_spam"


def mark_email(tx: Tx, call: Call, request: MarkEmail) -> MarkResult:
    """Move a message to the state asked for; being there already is the same answer."""
    message = access.message(tx, call.principal, request.message_id)
    status = _wanted(message, request.mark)
    if status != message.status:
        _check(message, status)
        tx.messages.move(message, status, call.now)
        tx.events.add(
            Event(
                "message.marked", call.now, message.mailbox_id, message.id, message.thread_id,
                principal_id=call.principal.id, data={"old": message.status, "new": status},
            )
        )  # fmt: skip
    return MarkResult(message_id=message.id, status=status, previous_status=message.status)


def _wanted(message: StoredMessage, mark: str) -> str:
    if message.direction == "outbound":
        raise _conflict(
            f"{message.id} is outgoing mail; only received mail is marked.",
            "cancel_message withdraws outgoing mail, tag_email labels it.",
        )
    if mark == _NOT_SPAM:
        return "unread" if message.status == "spam" else message.status
    return mark


def _check(message: StoredMessage, status: str) -> None:
    if message.status in HIDDEN_FROM_AGENTS:
        raise _conflict(f"{message.id} is held from the agents.", "decide_email lets it through.")
    if status not in INBOUND.moves[message.status]:
        raise _conflict(
            f"{message.id} is {message.status} and cannot become {status} directly.",
            "Mark it not_spam first." if message.status == "spam" else "Mark it unread first.",
        )


def _conflict(message: str, advice: str) -> Problem:
    return Problem("conflict", message, field="message_id", advice=advice)
