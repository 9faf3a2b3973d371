"""The object form of a mail filter: the fields of `check_inbox` under the names they go by in a filter."""

from typing import ClassVar, Literal

from pydantic import Field

from multimail.contract.fields import Moment
from multimail.contract.shapes import Request


class InboxFilter(Request):
    """What `filter` may hold. Unlike at the top level, `from` is the sender here."""

    ALIASES: ClassVar = {
        "sender": ("from", "from_contains"),
        "to": ("recipient", "to_contains"),
        "subject_contains": ("subject",),
        "since": ("date_after", "after"),
        "until": ("date_before", "before"),
        "tags": ("tag",),
        "exclude_tags": ("exclude_tag",),
        "has_attachments": ("has_attachment",),
        "has_replies": ("replied",),
        "query": ("q", "text"),
    }
    LISTS: ClassVar = frozenset({"tags", "exclude_tags", "status"})
    query: str = Field(default="", max_length=1000, description="As the query of check_inbox.")
    status: list[str] = Field(default_factory=list, max_length=30, description="States, any of them.")
    unread: bool | None = Field(default=None, description="Only mail not read yet, or only the rest.")
    direction: Literal["inbound", "outbound"] | None = Field(default=None, description="One direction only.")
    tags: list[str] = Field(default_factory=list, max_length=50, description="Must carry all of these.")
    exclude_tags: list[str] = Field(
        default_factory=list, max_length=50, description="Must carry none of these."
    )
    sender: str = Field(default="", max_length=320, description="Part of the sender's address or name.")
    to: str = Field(default="", max_length=320, description="Part of a recipient's address or name.")
    subject_contains: str = Field(default="", max_length=998, description="Part of the subject.")
    has_replies: bool | None = Field(default=None, description="Mail that was answered (or not).")
    has_attachments: bool | None = Field(default=None, description="Mail with files (or without).")
    since: Moment | None = Field(default=None, description="Not older than this.")
    until: Moment | None = Field(default=None, description="Older than this.")
    thread_id: str | None = Field(default=None, max_length=40, description="Only this conversation.")
    since_id: str | None = Field(
        default=None, max_length=40, description="Only what came after this message."
    )
