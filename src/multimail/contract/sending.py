"""Requests and answers of what makes mail leave: send, reply, forward, edit, cancel, release."""

from typing import Any, ClassVar, Literal

from pydantic import Field, field_validator

from multimail.contract.fields import (
    BODY_NAMES,
    MAX_BODY,
    MAX_SUBJECT,
    MESSAGE_NAMES,
    NOTE_NAMES,
    SENDER_NAMES,
    TIME_NAMES,
    Data,
    Moment,
    hidden,
)
from multimail.contract.shapes import Request, View
from multimail.core.model import Mode


class AttachmentIn(Request):
    """A file to attach: its content in base64, one that came with a stored message, or one that was uploaded."""

    ALIASES: ClassVar = {"filename": ("name",), "content_base64": ("content", "data")}
    filename: str = Field(default="", max_length=255, description="File name the recipient sees.")
    content_type: str = Field(
        default="", max_length=127, description="MIME type, guessed from the name if empty."
    )
    content_base64: str | None = Field(
        default=None, max_length=90_000_000, description="The content in base64."
    )
    message_id: str | None = Field(default=None, description="Take it from this message instead.")
    position: int | None = Field(default=None, ge=1, description="Which attachment of that message.")
    upload_id: str | None = hidden(max_length=64, description="Or a file that was uploaded over HTTP.")


class Sending(Request):
    """What all three ways of writing a mail have in common."""

    ALIASES: ClassVar = {
        "mailbox": SENDER_NAMES,
        "body": BODY_NAMES,
        "scheduled_at": TIME_NAMES,
        "oversight_mode": ("mode",),
        "message_class": ("class", "consent_class"),
    }
    LISTS: ClassVar = frozenset({"to", "cc", "bcc", "tags", "attachments"})
    OBJECTS: ClassVar = frozenset({"metadata", "headers"})
    mailbox: str | None = Field(default=None, description="Sending mailbox, id or address.")
    cc: list[str] = Field(default_factory=list, description="Copy recipients.")
    bcc: list[str] = Field(default_factory=list, description="Hidden recipients.")
    body: str = Field(default="", max_length=MAX_BODY, description="The text, in markdown.")
    html: str | None = hidden(max_length=MAX_BODY)
    attachments: list[AttachmentIn] = Field(
        default_factory=list,
        max_length=50,
        description="Files: filename and content_base64, or message_id and position of a stored one.",
    )
    scheduled_at: Moment | None = Field(default=None, description="Send at this time.")
    oversight_mode: Mode | None = Field(default=None, description="Stricter oversight for this call.")
    tags: list[str] = Field(default_factory=list, max_length=50, description="Labels.")
    metadata: Data = Field(default_factory=dict, description="Your own data, kept with the mail.")
    headers: dict[str, str] = Field(default_factory=dict, description="Extra X-* or List-* headers.")
    reply_to: str | None = Field(default=None, description="Address for answers.")
    message_class: Literal["transactional", "commercial"] | None = Field(
        default=None, description="transactional or commercial."
    )
    idempotency_key: str | None = Field(
        default=None,
        min_length=1,
        max_length=200,
        description="Repeating it within 24 h gives the first answer.",
    )
    topic: str | None = hidden(
        max_length=100, description="What the mail is about, to those who opt out by topic."
    )
    region: str | None = hidden(max_length=10, description="Whose law it is sent under, such as EU or US-CA.")
    send_in_recipient_timezone: bool | None = hidden(
        description="Read scheduled_at on each recipient's own clock."
    )
    priority: Literal["high", "normal", "low"] | None = hidden()
    gate_timing: Literal["gate_first", "schedule_first"] | None = hidden()
    # Delegations are no authority here, what a key may do is: one that comes along opens nothing.
    ucan: str | None = hidden(max_length=65_536)

    @field_validator("attachments", mode="before")
    @classmethod
    def _each_file(cls, given: Any) -> Any:
        """One by one, so that what is wrong says in which."""
        if not isinstance(given, list):
            return given
        return [AttachmentIn.parse_within(one, f"attachments.{place}") for place, one in enumerate(given)]


class SendEmail(Sending):
    """Arguments of `send_email`."""

    LISTS: ClassVar = Sending.LISTS
    OBJECTS: ClassVar = frozenset({*Sending.OBJECTS, "values"})
    to: list[str] = Field(min_length=1, description="Recipients.")
    subject: str = Field(default="", max_length=MAX_SUBJECT, description="Subject line.")
    template: str | None = hidden(max_length=200)
    values: dict[str, str] | None = hidden(max_length=100)


class ReplyEmail(Sending):
    """Arguments of `reply_email`; exactly one of message_id and thread_id."""

    ALIASES: ClassVar = {**Sending.ALIASES, "message_id": MESSAGE_NAMES}
    message_id: str | None = Field(default=None, description="The mail to answer.")
    thread_id: str | None = Field(default=None, description="Or: answer the newest mail of this thread.")
    reply_all: bool = Field(default=False, description="Answer every recipient too.")


class ForwardEmail(Sending):
    """Arguments of `forward_email`."""

    ALIASES: ClassVar = {**Sending.ALIASES, "message_id": MESSAGE_NAMES}
    LISTS: ClassVar = Sending.LISTS
    message_id: str = Field(description="The mail to forward.")
    to: list[str] = Field(min_length=1, description="Recipients.")
    include_attachments: bool = Field(default=True, description="Forward its attachments as well.")


class EditPending(Request):
    """Arguments of `edit_pending`; what is not given stays as it is."""

    ALIASES: ClassVar = {"message_id": MESSAGE_NAMES, "body": BODY_NAMES, "scheduled_at": TIME_NAMES}
    LISTS: ClassVar = frozenset({"to", "cc", "bcc"})
    message_id: str = Field(description="The held or scheduled mail.")
    subject: str | None = Field(default=None, max_length=MAX_SUBJECT, description="New subject.")
    body: str | None = Field(default=None, max_length=MAX_BODY, description="New text, in markdown.")
    to: list[str] | None = Field(default=None, min_length=1, description="New recipients.")
    cc: list[str] | None = Field(default=None, description="New copy recipients.")
    bcc: list[str] | None = Field(default=None, description="New hidden recipients.")
    scheduled_at: Moment | None = Field(default=None, description="New send time, ISO 8601.")


class CancelMessage(Request):
    """Arguments of `cancel_message`."""

    ALIASES: ClassVar = {"message_id": MESSAGE_NAMES, "reason": ("note",)}
    message_id: str = Field(description="The mail to withdraw.")
    reason: str = Field(default="", max_length=1000, description="Why, for the record.")


class ReleaseMessage(Request):
    """Arguments of `release_message`: send a captured mail for real, or an unknown one again."""

    ALIASES: ClassVar = {"message_id": MESSAGE_NAMES, "note": NOTE_NAMES}
    message_id: str = Field(description="The captured or unknown mail.")
    note: str = Field(default="", max_length=1000, description="Why, for the record.")


class RecipientResult(View):
    """What became of one recipient."""

    address: str
    kind: str
    status: str
    detail: str | None = None


class SendResult(View):
    """The answer to everything that makes mail leave. A held mail is an accepted request."""

    ECHOED: ClassVar = frozenset(
        {"to", "cc", "bcc", "subject", "tags", "metadata", "requested_mode", "scheduled_at"}
    )
    message_id: str
    thread_id: str
    status: str
    requested_mode: str | None = None
    oversight_mode: str
    reasons: list[str] = Field(default_factory=list)
    rules: list[str] = Field(default_factory=list)
    scheduled_at: Moment | None = None
    undo_until: Moment | None = None
    expires_at: Moment | None = None
    to: list[str] = Field(default_factory=list)
    cc: list[str] | None = None
    bcc: list[str] | None = None
    subject: str
    tags: list[str] = Field(default_factory=list)
    metadata: dict[str, Any] = Field(default_factory=dict)
    digest: str | None = None
    revision: int | None = None
    delivery: str | None = None
    review_url: str | None = None
    original_message_id: str | None = None
    repeated: bool | None = None
    superseded: str | None = None
    suppressed: list[str] | None = None
    warnings: list[str] | None = None
    note: str | None = None


class CancelResult(View):
    """The answer of `cancel_message`; repeating it gives the same."""

    message_id: str
    status: str
    cancelled: bool
    reason: str | None = None
