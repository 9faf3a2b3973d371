"""Requests and answers of oversight: the queue, decisions, waiting for them, history."""

from typing import Any, ClassVar, Literal

from pydantic import Field

from multimail.contract.fields import (
    MAIL_TEXT,
    MAX_BODY,
    MAX_SUBJECT,
    MESSAGE_NAMES,
    NOTE_NAMES,
    SENDER_NAMES,
    Limit,
    Moment,
    hidden,
)
from multimail.contract.reading import AttachmentRow, MessageView
from multimail.contract.sending import RecipientResult
from multimail.contract.shapes import Request, View

Verb = Literal[
    "approve", "approved", "reject", "rejected", "request_changes", "escalate", "defer", "cancel", "undo"
]
"""What can be decided, with other spellings of the same."""


class ListPending(Request):
    """Arguments of `list_pending`."""

    ALIASES: ClassVar = {"mailbox": SENDER_NAMES, "tags": ("tag",)}
    LISTS: ClassVar = frozenset({"tags"})
    mailbox: str | None = Field(default=None, description="Mailbox id or address, or its oversight address.")
    message_id: str | None = Field(default=None, description="Only this one.")
    tags: list[str] = Field(default_factory=list, description="Must carry all of these.")
    status: str | None = Field(default=None, description="pending_approval, scheduled, changes_requested…")
    limit: Limit = 20
    cursor: str | None = Field(default=None, max_length=200, description="From the previous page.")
    max_bytes: int = Field(default=32_768, ge=1_024, le=1_048_576, description="Budget for all bodies.")


class PendingItem(View):
    """A mail that waits, with all a person needs to decide."""

    message_id: str
    thread_id: str
    mailbox_id: str
    mailbox: str
    direction: str
    status: str
    sender: str
    to: list[str]
    cc: list[str] = Field(default_factory=list)
    bcc: list[str] = Field(default_factory=list)
    automatic: list[str] | None = None
    subject: str
    body: str = Field(json_schema_extra=MAIL_TEXT)
    body_cut: int | None = None
    digest: str
    revision: int
    reasons: list[str]
    rules: list[str]
    requested_mode: str | None = None
    oversight_mode: str
    scheduled_at: Moment | None = None
    expires_at: Moment | None = None
    created_at: Moment
    submitted_by: str
    tags: list[str]
    metadata: dict[str, Any]
    attachments: list[AttachmentRow] = Field(default_factory=list)
    placeholders: list[str] | None = None
    review_url: str | None = None
    original: MessageView | None = None
    thread: list[MessageView] | None = None
    late_seconds: int | None = None
    batch_id: str | None = None


class PendingList(View):
    """What waits, oldest first."""

    pending: list[PendingItem]
    count: int
    cursor: str | None = None
    cut: int | None = None


class DecideEmail(Request):
    """Arguments of `decide_email`."""

    ALIASES: ClassVar = {
        "message_id": MESSAGE_NAMES,
        "decision": ("action",),
        "note": NOTE_NAMES,
        "mailbox": SENDER_NAMES,
    }
    message_id: str = Field(description="The held mail, or the inbound mail whose reply waits.")
    decision: Verb = Field(description="What is decided; undo takes an approval back.")
    digest: str | None = Field(default=None, max_length=128, description="Of the draft that was looked at.")
    revised_body: str | None = Field(
        default=None, max_length=MAX_BODY, description="Approve with this text instead."
    )
    revised_subject: str | None = Field(default=None, max_length=MAX_SUBJECT, description="And this subject.")
    note: str = Field(default="", max_length=4000, description="For the author and the record.")
    confirm_placeholders: bool = Field(default=False, description="Send although placeholders remain.")
    late_ok: bool = Field(default=False, description="Send although its time passed over an hour ago.")
    mailbox: str | None = hidden()


class DecisionView(View):
    """A decision as recorded, with the difference a reviewer made. `reasons` say why a program's was handed on."""

    ECHOED: ClassVar = frozenset({"note"})
    message_id: str
    status: str
    decision: str
    reasons: list[str] | None = None
    note: str | None = None
    decided_by: str
    decided_at: Moment
    via: str | None = None
    digest: str
    revision: int
    diff: str | None = Field(default=None, json_schema_extra=MAIL_TEXT)
    diff_cut: int | None = None
    scheduled_at: Moment | None = None
    late_seconds: int | None = None
    approvals_missing: int | None = None
    repeated: bool | None = None


class WaitForDecision(Request):
    """Arguments of `wait_for_decision`."""

    ALIASES: ClassVar = {"message_id": MESSAGE_NAMES}
    message_id: str = Field(description="The held mail.")
    timeout_seconds: float = Field(default=30, ge=0, le=300, description="Longest wait.")


class Outcome(View):
    """Where a mail stands and what was decided; `decided` false means it still waits."""

    message_id: str
    status: str
    decided: bool
    decision: DecisionView | None = None
    recipients: list[RecipientResult] = Field(default_factory=list)
    delivery: str | None = None
    waited_seconds: float | None = None


class GetMessageHistory(Request):
    """Arguments of `get_message_history`."""

    ALIASES: ClassVar = {"message_id": MESSAGE_NAMES}
    message_id: str = Field(description="The mail.")
    limit: Limit = 100
    max_bytes: int = Field(default=32_768, ge=1_024, le=1_048_576, description="Budget for all texts.")


class HistoryRow(View):
    """One thing that happened to a mail."""

    at: Moment
    event: str
    by: str | None = None
    detail: dict[str, Any] = Field(default_factory=dict)


class RevisionRow(View):
    """One revision of the draft."""

    revision: int
    digest: str
    author: str
    created_at: Moment
    subject: str
    body: str = Field(json_schema_extra=MAIL_TEXT)
    body_cut: int | None = None
    diff: str | None = Field(default=None, json_schema_extra=MAIL_TEXT)
    diff_cut: int | None = None


class HistoryView(View):
    """Draft, rules, decisions, differences and attempts of one mail, in order."""

    message_id: str
    status: str
    requested_mode: str | None = None
    oversight_mode: str
    rules: list[str]
    reasons: list[str]
    checked: list[str]
    revisions: list[RevisionRow]
    decisions: list[DecisionView]
    recipients: list[RecipientResult]
    events: list[HistoryRow]
