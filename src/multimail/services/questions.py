"""The question put to a person at the host when an owner's agent wants to decide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from multimail.contract.reviews import DecideEmail
from multimail.core.text import neutralise
from multimail.ports.records import StoredMessage
from multimail.ports.store import Tx
from multimail.services import convert, deciding, sent_views
from multimail.services.context import Call

MOST: Final = 2_000
"""Characters of a mail that a host's form can show whole."""


@dataclass(frozen=True, slots=True)
class Question:
    """The whole mail as one text, its digest, and whether a form can show it."""

    message_id: str
    digest: str
    text: str
    askable: bool
    why_not: str
    review_url: str


def question(tx: Tx, call: Call, request: DecideEmail) -> Question:
    """What the person has to see to decide; nothing of it changes between two rounds of the same question."""
    message = deciding.target(tx, call, request)
    text = _text(tx, message, request)
    why_not = _why_not(message, text)
    return Question(
        message_id=message.id,
        digest=message.digest or "",
        text=text,
        askable=not why_not,
        why_not=why_not,
        review_url=sent_views.review_url(tx, message.id) or "",
    )


def _why_not(message: StoredMessage, text: str) -> str:
    if message.direction == "inbound":
        return "Arriving mail is decided on the review page."
    if message.has_attachments:
        return "The mail has attachments, which a form cannot show."
    return f"The mail is longer than {MOST} characters." if len(text) > MOST else ""


def _text(tx: Tx, message: StoredMessage, request: DecideEmail) -> str:
    revision = tx.revisions.get(message.id, message.revision)
    people = [
        f"{one.kind.value.capitalize()}: {one.address}{' (automatic copy)' if one.automatic else ''}"
        for one in tx.messages.recipients(message.seq)
    ]
    reasons = [reason for _, reason in message.verdict.get("hits", ())]
    body = request.revised_body if request.revised_body is not None else (revision.body if revision else "")
    subject = request.revised_subject if request.revised_subject is not None else message.subject
    lines = [
        f"From: {message.sender}", *people, f"Subject: {subject}", *_schedule(message), "", body, "",
        f"Held because: {' '.join(reasons)}", f"Digest: {message.digest}",
    ]  # fmt: skip
    return neutralise("\n".join(lines))[0]


def _schedule(message: StoredMessage) -> list[str]:
    at = convert.moment(message.scheduled_at)
    return [f"To be sent at: {at.isoformat()}"] if at else []
