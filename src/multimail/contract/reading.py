"""Requests and answers of reading, marking, tagging and waiting."""

from typing import Any, ClassVar, Literal

from pydantic import Field

from multimail.contract.fields import (
    MAIL_TEXT,
    MESSAGE_NAMES,
    SENDER_NAMES,
    Limit,
    ListedMoment,
    Moment,
    hidden,
)
from multimail.contract.shapes import Request, View

MessageFilter = dict[str, Any]


class CheckInbox(Request):
    """Arguments of `check_inbox`. `filter` is a word such as "unread" or an object of the same fields."""

    ALIASES: ClassVar = {
        "mailbox": SENDER_NAMES,
        "filter": ("filters",),
        "since": ("date_after", "after"),
        "until": ("date_before", "before"),
        "tags": ("tag",),
        "sender": ("from_contains",),
    }
    LISTS: ClassVar = frozenset({"tags", "exclude_tags"})
    mailbox: str | None = Field(default=None, description="Mailbox id or address; all of yours if left out.")
    query: str = Field(
        default="",
        max_length=1000,
        description="from: to: subject: tag: is: has: before: after: OR -word and free text.",
    )
    filter: str | MessageFilter | None = Field(
        default=None, description='"unread", "sent"… or {"tags": [..]}.'
    )
    status: str | None = Field(default=None, description="unread, read, archived, sent, scheduled…")
    direction: Literal["inbound", "outbound"] | None = Field(default=None, description="One direction only.")
    tags: list[str] = Field(default_factory=list, description="Must carry all of these.")
    exclude_tags: list[str] = Field(default_factory=list, description="Must carry none of these.")
    has_replies: bool | None = Field(default=None, description="Sent mail that was answered (or not).")
    since: Moment | None = Field(default=None, description="Not older than this.")
    until: Moment | None = Field(default=None, description="Older than this.")
    since_id: str | None = Field(default=None, description="Only what came after this message.")
    limit: Limit = 20
    cursor: str | None = Field(default=None, max_length=200, description="From the previous page.")
    sender: str | None = hidden(max_length=320)
    subject_contains: str | None = hidden(max_length=998)
    has_attachments: bool | None = hidden()
    unread: bool | None = hidden()
    thread_id: str | None = hidden()


class MessageRow(View):
    """A message in a list: metadata only."""

    message_id: str
    thread_id: str
    mailbox_id: str
    direction: str
    status: str
    sender: str
    sender_name: str | None = None
    to: list[str]
    subject: str
    preview: str = Field(json_schema_extra=MAIL_TEXT)
    tags: list[str]
    metadata: dict[str, Any] | None = None
    received_at: ListedMoment
    scheduled_at: ListedMoment | None = None
    has_attachments: bool
    has_replies: bool
    new_sender: bool | None = None


class MessageList(View):
    """A page of messages, newest first."""

    messages: list[MessageRow]
    count: int
    cursor: str | None = None


class ReadEmail(Request):
    """Arguments of `read_email`."""

    ALIASES: ClassVar = {"message_id": MESSAGE_NAMES, "mailbox": SENDER_NAMES}
    message_id: str = Field(description="The mail to read.")
    mailbox: str | None = hidden()
    mark_read: bool = Field(default=True, description="Mark it as read.")
    max_bytes: int = Field(default=32_768, ge=256, le=1_048_576, description="Cut the body beyond this.")


class AttachmentRow(View):
    """An attachment as a handle: fetch it by message id and position."""

    position: int
    filename: str
    content_type: str
    size: int
    sha256: str
    inline: bool = False


class HiddenPart(View):
    """A text in a mail that its readers do not see, and how it is hidden."""

    reason: str
    text: str = Field(json_schema_extra=MAIL_TEXT)


class MessageView(MessageRow):
    """One message with its body."""

    cc: list[str] | None = None
    bcc: list[str] | None = None
    reply_to: str | None = None
    reply_to_changed: bool | None = None
    body: str = Field(json_schema_extra=MAIL_TEXT)
    body_cut: int | None = None
    hidden_text: dict[str, int] | None = None
    hidden: list[HiddenPart] | None = None
    attachments: list[AttachmentRow] = Field(default_factory=list)
    headers: dict[str, str] | None = None
    authentication: dict[str, str] | None = None
    problems: list[str] | None = None
    oversight_mode: str | None = None
    recipients: list[dict[str, Any]] | None = None
    delivery: str | None = None
    revision: int | None = None
    digest: str | None = None


class GetThread(Request):
    """Arguments of `get_thread`; the bodies share the byte budget."""

    ALIASES: ClassVar = {"thread_id": ("id",), "mailbox": SENDER_NAMES}
    thread_id: str = Field(description="The conversation.")
    mailbox: str | None = hidden()
    max_bytes: int = Field(default=32_768, ge=1_024, le=1_048_576, description="Budget for all bodies.")
    limit: Limit = 50
    cursor: str | None = Field(default=None, max_length=200, description="From the previous page.")


class ThreadView(View):
    """A conversation, oldest message first."""

    thread_id: str
    mailbox_id: str
    subject: str
    messages: list[MessageView]
    participants: list[str]
    message_count: int
    last_activity: Moment
    has_unanswered_inbound: bool
    tags: list[str]
    cursor: str | None = None
    cut: int | None = None


class MarkEmail(Request):
    """Arguments of `mark_email`."""

    ALIASES: ClassVar = {"message_id": MESSAGE_NAMES, "mark": ("as", "status", "action")}
    message_id: str = Field(description="An inbound mail.")
    mark: Literal["read", "unread", "archived", "deleted", "spam", "not_spam"] = Field(
        description="New state."
    )


class MarkResult(View):
    """The state before and after."""

    message_id: str
    status: str
    previous_status: str


class TagEmail(Request):
    """Arguments of `tag_email`; one target, all tags changed in one step."""

    ALIASES: ClassVar = {
        "message_id": MESSAGE_NAMES,
        "email": ("address",),
        "tags": ("tag", "key"),
        "mailbox": SENDER_NAMES,
    }
    LISTS: ClassVar = frozenset({"tags", "remove", "expect"})
    OBJECTS: ClassVar = frozenset({"tags"})
    message_id: str | None = Field(default=None, description="Tag a message,")
    thread_id: str | None = Field(default=None, description="or a thread,")
    contact_id: str | None = Field(default=None, description="or a contact,")
    email: str | None = Field(default=None, description="or the contact with this address.")
    tags: list[str] | dict[str, Any] = Field(default_factory=list, description="Tags to add, set or remove.")
    remove: list[str] = Field(default_factory=list, description="Tags to take away in the same step.")
    action: Literal["add", "remove", "delete", "set", "get"] = Field(default="add", description="What to do.")
    only_if_absent: bool = Field(default=False, description="Fail with conflict if one is there: a claim.")
    expect: list[str] | None = hidden(
        description="Fail with conflict unless these are there, with these values."
    )
    mailbox: str | None = hidden()


class TagResult(View):
    """All tags of the target after the change."""

    target: str
    tags: list[str]
    tag_times: dict[str, str]
    added: list[str]
    removed: list[str]


class DownloadAttachment(Request):
    """Arguments of `download_attachment`; by position or file name."""

    ALIASES: ClassVar = {"message_id": MESSAGE_NAMES, "mailbox": SENDER_NAMES}
    message_id: str = Field(description="The mail it belongs to.")
    position: int | None = Field(default=None, ge=1, description="Which one, from 1.")
    filename: str | None = Field(default=None, description="Or its name.")
    mailbox: str | None = hidden()
    max_bytes: int = Field(default=50_000, ge=0, le=30_000_000, description="Inline content up to this size.")


class AttachmentView(AttachmentRow):
    """An attachment; the content is there only when small enough."""

    message_id: str
    content_base64: str | None = None
    text: str | None = Field(default=None, json_schema_extra=MAIL_TEXT)
    note: str | None = None


class WaitForEmail(Request):
    """Arguments of `wait_for_email`; the same filters as `check_inbox`, inbound only."""

    ALIASES: ClassVar = {"mailbox": SENDER_NAMES, "filter": ("filters",)}
    LISTS: ClassVar = frozenset({"tags"})
    mailbox: str | None = Field(default=None, description="Mailbox id or address.")
    query: str = Field(default="", max_length=1000, description="As in check_inbox.")
    filter: str | MessageFilter | None = Field(default=None, description="As in check_inbox.")
    tags: list[str] = Field(default_factory=list, description="Must carry all of these.")
    thread_id: str | None = Field(default=None, description="Only in this thread.")
    since_id: str | None = Field(default=None, description="Count what came after this message as new.")
    timeout_seconds: float = Field(default=30, ge=0, le=300, description="Longest wait.")


class WaitResult(View):
    """Found or not; call again with `since_id` = `last_id` to lose nothing."""

    found: bool
    messages: list[MessageRow]
    waited_seconds: float
    last_id: str | None = None


def is_hidden(field: Any) -> bool:
    """Whether a request field is left out of advertised schemas."""
    extra = field.json_schema_extra
    return isinstance(extra, dict) and bool(extra.get("hidden"))
