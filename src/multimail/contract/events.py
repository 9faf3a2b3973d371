"""Request and answer of `list_events`, and the body in which an event is told: the same here and to webhooks."""

from typing import Annotated, Any, ClassVar, Final

from pydantic import BaseModel, Field, WithJsonSchema

from multimail.contract.fields import SENDER_NAMES
from multimail.contract.shapes import Request, View

NOW: Final = "now"
"""As `after`: nothing that happened before the call."""
_TEXT: Final = 1_048_576


class EventBody(BaseModel):
    """An event. Every field is always there, null where it does not apply; `detail` holds ids and codes."""

    event: str = Field(description="Its name, such as message.received.")
    type: str = Field(
        description="Its name, or an older name where programs look for one: approval.required."
    )
    event_type: str = Field(description="Its name once more.")
    id: str = Field(description="The place in the log, to go on from.")
    timestamp: str = Field(description="When it happened, RFC 3339.")
    mailbox: str | None = Field(description="The mailbox's address.")
    mailbox_id: str | None
    principal_id: str | None = Field(description="Who did it.")
    contact_id: str | None
    contact: dict[str, Any] | None
    detail: dict[str, Any]
    message_id: str | None
    email_id: str | None
    original_message_id: str | None = Field(description="The mail that this one answers, or the mail itself.")
    thread_id: str | None
    direction: str | None
    status: str | None = Field(description="The state that this event led to.")
    sender: str | None
    from_: str | None = Field(alias="from")
    to: str | list[str] | None = Field(description="A text where the mail has exactly one recipient.")
    recipient_count: int | None = Field(description="With Cc and Bcc.")
    subject: str | None
    body_text: str | None
    body_cut: int | None = Field(description="Bytes of the text that were left out.")
    scheduled_at: str | None
    digest: str | None
    delivery: str | None
    decision: dict[str, Any] | None
    bounce_code: str | None
    diagnostic: str | None
    tags: list[str]
    metadata: dict[str, Any]
    message: dict[str, Any] = Field(description="The mail once more, as an object.")
    data: dict[str, Any] = Field(description="What the event is about, once more: a mail, contact or thread.")


class FollowEvents(Request):
    """Which events: what `list_events` and the stream of events have in common."""

    ALIASES: ClassVar = {
        "after": ("cursor", "since_id", "last_event_id"),
        "kinds": ("kind", "events", "event", "types", "event_types"),
        "mailbox": SENDER_NAMES,
    }
    LISTS: ClassVar = frozenset({"kinds"})
    WORDS: ClassVar = LISTS
    after: str | None = Field(
        default=None, max_length=40, description="An event's id or a cursor; now for what is still to come."
    )
    mailbox: str | None = Field(default=None, description="Only of this mailbox, by id or address.")
    kinds: list[str] = Field(
        default_factory=list, max_length=50, description="Names such as message.received, or contact.*"
    )


class ListEvents(FollowEvents):
    """Arguments of `list_events`."""

    limit: int = Field(default=100, ge=1, le=1_000, description="Events per page.")
    max_bytes: int = Field(
        default=_TEXT, ge=1_024, le=16 * _TEXT, description="A page ends early beyond so much text."
    )
    timeout_seconds: float = Field(default=0, ge=0, le=300, description="Longest wait for a first event.")


class EventList(View):
    """Events in the order in which they happened. Go on with `cursor` as `after`: nothing is missed or repeated."""

    events: list[Annotated[dict[str, Any], WithJsonSchema(EventBody.model_json_schema())]]
    count: int
    cursor: str
    more: bool | None = None
