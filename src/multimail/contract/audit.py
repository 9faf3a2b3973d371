"""Request and answer of `search_audit`: what happened, by whom, newest first."""

from typing import Any, ClassVar, Literal

from pydantic import Field

from multimail.contract.fields import MESSAGE_NAMES, SENDER_NAMES, Moment
from multimail.contract.shapes import Request, View


class AuditFilter(Request):
    """Which lines: what the search and its export have in common."""

    ALIASES: ClassVar = {
        "kinds": ("kind", "events", "event", "operation", "operations"),
        "mailbox": SENDER_NAMES,
        "message_id": MESSAGE_NAMES,
        "principal": ("principal_id", "by", "key_id"),
    }
    LISTS: ClassVar = frozenset({"kinds"})
    WORDS: ClassVar = LISTS
    kinds: list[str] = Field(
        default_factory=list,
        max_length=50,
        description="Events such as freeze.started or oversight.*, and names of operations.",
    )
    principal: str | None = Field(
        default=None, max_length=64, description="Only what this key or person did, by id."
    )
    mailbox: str | None = Field(default=None, description="Only of this mailbox, by id or address.")
    message_id: str | None = Field(default=None, max_length=64, description="Only about this mail.")
    since: Moment | None = Field(default=None, description="Not before this time.")
    until: Moment | None = Field(default=None, description="Before this time.")
    calls: bool = Field(
        default=False, description="Calls of operations as well, reads included; for operators."
    )
    outcome: str | None = Field(
        default=None, max_length=64, description="Only calls that ended so: ok, or an error code."
    )


class SearchAudit(AuditFilter):
    """Arguments of `search_audit`."""

    ALIASES: ClassVar = AuditFilter.ALIASES
    LISTS: ClassVar = AuditFilter.LISTS
    WORDS: ClassVar = AuditFilter.LISTS
    limit: int = Field(default=50, ge=1, le=1_000, description="Lines per page.")
    cursor: str | None = Field(default=None, max_length=200, description="From the previous page.")


class AuditRow(View):
    """A line: an event, or a call with its door and how it ended. It holds ids and codes, never text of a mail."""

    id: str
    at: Moment
    what: Literal["event", "call"]
    kind: str
    meaning: str
    by: str | None = None
    principal_id: str | None = None
    mailbox: str | None = None
    mailbox_id: str | None = None
    message_id: str | None = None
    thread_id: str | None = None
    contact_id: str | None = None
    surface: str | None = None
    outcome: str | None = None
    detail: dict[str, Any] = Field(default_factory=dict)


class AuditPage(View):
    """Lines, newest first; there are no more where there is no cursor."""

    lines: list[AuditRow]
    count: int
    cursor: str | None = None
