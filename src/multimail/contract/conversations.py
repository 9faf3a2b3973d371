"""Requests and answers of the inbox: conversations in folders, and what a search box offers to complete."""

from typing import ClassVar, Literal

from pydantic import Field

from multimail.contract.fields import MAIL_TEXT, SENDER_NAMES, Limit, ListedMoment
from multimail.contract.shapes import Request, View

Folder = Literal["inbox", "sent", "waiting", "captured", "archived", "spam", "deleted", "all"]


class ListConversations(Request):
    """Arguments of `list_conversations`."""

    ALIASES: ClassVar = {"mailbox": SENDER_NAMES, "query": ("q",)}
    mailbox: str | None = Field(default=None, description="Mailbox id or address; all of yours if left out.")
    folder: Folder = Field(
        default="inbox", description="Where the mail lies; all is what is not thrown away."
    )
    query: str = Field(
        default="",
        max_length=1000,
        description="Only conversations with a mail that this finds, as in check_inbox.",
    )
    counts: bool = Field(
        default=False, description="Also count the mail of each folder that asks for attention."
    )
    limit: Limit = 50
    cursor: str | None = Field(default=None, max_length=200, description="From the previous page.")


class ConversationRow(View):
    """A conversation in a list, as its newest mail in the folder shows it; `status`, `direction`, `preview` and
    `last_at` are that mail's. `count` and `unread_count` are of all its mails that this reader sees there.
    """

    thread_id: str
    latest_message_id: str
    mailbox_id: str
    mailbox: str
    subject: str
    participants: list[str]
    preview: str = Field(json_schema_extra=MAIL_TEXT)
    direction: str
    status: str
    count: int
    unread_count: int
    last_at: ListedMoment
    has_attachments: bool
    tags: list[str]


class FolderCounts(View):
    """How many mails there are that somebody should look at."""

    unread: int
    waiting: int
    spam: int
    deleted: int


class ConversationList(View):
    """A page of conversations, the one with the newest mail first. Following pages show what there was when the first
    one was read: a mail that arrives meanwhile moves nothing."""

    conversations: list[ConversationRow]
    count: int
    cursor: str | None = None
    counts: FolderCounts | None = None


class SuggestSearch(Request):
    """Arguments of `suggest_search`."""

    ALIASES: ClassVar = {"text": ("query", "q"), "mailbox": SENDER_NAMES}
    text: str = Field(
        default="", max_length=1000, description="What was typed so far; its last word is completed."
    )
    mailbox: str | None = Field(default=None, description="Mailbox id or address; all of yours if left out.")


class Suggestion(View):
    """`insert` is the whole text with its last word completed."""

    kind: Literal["operator", "tag", "person", "mailbox"]
    insert: str
    label: str


class Suggestions(View):
    """The likely ones first, at most a dozen."""

    suggestions: list[Suggestion]
