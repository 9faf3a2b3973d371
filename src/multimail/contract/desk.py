"""Requests and answers of the review desk: what waits and how urgent it is, one mail with all there is to know."""

from typing import ClassVar, Final, Literal

from pydantic import Field

from multimail.contract.fields import MAIL_TEXT, MESSAGE_NAMES, SENDER_NAMES, Moment
from multimail.contract.reviews import PendingItem
from multimail.contract.shapes import Request, View

MOST_LISTED: Final = 200
MOST_GROUPS: Final = 200
MOST_SIMILAR: Final = 20

QueueStatus = Literal[
    "undecided",
    "all",
    "pending_approval",
    "escalated",
    "pending_inbound_approval",
    "changes_requested",
    "scheduled",
]
"""A state of waiting; `undecided` is all that wants a decision now, `all` also what waits for its author or time."""
Order = Literal["risk", "oldest", "newest"]
Grouping = Literal["none", "recipient", "tag", "similarity", "batch"]
RiskLevel = Literal["low", "medium", "high"]


class ListReviews(Request):
    """Arguments of `list_reviews`."""

    ALIASES: ClassVar = {
        "mailbox": SENDER_NAMES,
        "tags": ("tag",),
        "order": ("sort",),
        "group": ("group_by",),
    }
    LISTS: ClassVar = frozenset({"tags"})
    mailbox: str | None = Field(default=None, description="Mailbox id or address; all of yours if left out.")
    status: QueueStatus = Field(default="undecided", description="undecided, all, or one state of waiting.")
    order: Order = Field(default="risk", description="risk (highest, then oldest, first), oldest or newest.")
    group: Grouping = Field(default="none", description="none, recipient, tag, similarity or batch.")
    group_key: str | None = Field(default=None, max_length=400, description="Only this group.")
    tags: list[str] = Field(default_factory=list, description="Must carry all of these.")
    limit: int = Field(default=50, ge=1, le=MOST_LISTED, description="Rows per page.")
    cursor: str | None = Field(default=None, max_length=200, description="From the previous page.")


class ReviewRow(View):
    """A mail that waits, in a list: metadata only. `warnings` are codes; `review_email` has their sentences."""

    message_id: str
    thread_id: str
    digest: str
    revision: int
    mailbox: str
    mailbox_id: str
    direction: str
    status: str
    sender: str
    subject: str
    to: list[str]
    recipients_count: int
    bcc_count: int
    preview: str = Field(json_schema_extra=MAIL_TEXT)
    reasons: list[str]
    risk: int
    risk_level: RiskLevel
    warnings: list[str]
    submitted_by: str
    created_at: Moment
    expires_at: Moment | None = None
    scheduled_at: Moment | None = None
    attachments_count: int
    tags: list[str] = Field(default_factory=list)
    batch_id: str | None = None
    group_key: str | None = None
    group_label: str | None = None


class ReviewGroup(View):
    """What belongs together in the queue; `key` narrows the list to it. `risk` is that of its riskiest mail."""

    key: str
    label: str
    count: int
    risk: int
    oldest_at: Moment


class ReviewList(View):
    """A page of the queue. `total` is all that the filters leave; `totals_by_status` counts every state of waiting
    in these mailboxes."""

    reviews: list[ReviewRow]
    groups: list[ReviewGroup] = Field(default_factory=list)
    count: int
    total: int
    totals_by_status: dict[str, int]
    oldest_at: Moment | None = None
    cursor: str | None = None


class ReviewEmail(Request):
    """Arguments of `review_email`."""

    ALIASES: ClassVar = {"message_id": MESSAGE_NAMES}
    message_id: str = Field(description="The mail that waits.")
    max_bytes: int = Field(default=1_048_576, ge=1_024, le=1_048_576, description="Budget for all texts.")


class LeavingLine(View):
    """A header line as it will leave, made harmless to show."""

    name: str
    value: str = Field(json_schema_extra=MAIL_TEXT)


class Leaving(View):
    """The mail as its recipients will get it, read from the very bytes that will leave (or, inbound, that came)."""

    headers: list[LeavingLine]
    text: str = Field(json_schema_extra=MAIL_TEXT)
    text_cut: int | None = None
    html_available: bool


class Warn(View):
    """Something to look at. `where` is the text, link, address or file that it is about."""

    code: str
    level: RiskLevel
    text: str
    where: list[str] = Field(default_factory=list, json_schema_extra=MAIL_TEXT)
    more: int | None = None


class RiskReason(View):
    """What the risk is made of: `points` add up to it, at most 100."""

    code: str
    points: int
    text: str


class CardEvent(View):
    """One thing that happened between this mailbox and a recipient."""

    kind: str
    at: Moment
    message_id: str | None = None
    thread_id: str | None = None


class ContactCard(View):
    """A recipient (of arriving mail: its sender) and what happened with it in this mailbox before.

    `new` when no mail to it ever left this mailbox or was approved by a person; `trusted` when an operator's list
    covers it. `notes` say what is odd about the address itself.
    """

    address: str
    name: str
    kind: Literal["to", "cc", "bcc", "automatic", "sender", "reply_to"]
    contact_id: str | None = None
    tags: list[str] = Field(default_factory=list)
    known_since: Moment | None = None
    last_contacted: Moment | None = None
    last_inbound: Moment | None = None
    sent_count: int
    received_count: int
    interactions: list[CardEvent] = Field(default_factory=list)
    new: bool
    trusted: bool
    notes: list[str] = Field(default_factory=list)


class SimilarDraft(View):
    """Another waiting mail that says nearly the same. `diff` leads from it to the mail on the desk."""

    message_id: str
    digest: str
    revision: int
    subject: str
    to: list[str]
    status: str
    same: bool
    likeness: int
    diff: str = Field(default="", json_schema_extra=MAIL_TEXT)
    diff_cut: int | None = None


class QueuePlace(View):
    """Where the mail stands among all that is undecided, riskiest first; its neighbours."""

    number: int | None = None
    total: int
    previous: str | None = None
    next: str | None = None


class ReviewView(View):
    """One mail that waits, with all a person needs to decide on it."""

    item: PendingItem
    leaving: Leaving | None = None
    warnings: list[Warn]
    risk: int
    risk_level: RiskLevel
    risk_reasons: list[RiskReason]
    contacts: list[ContactCard]
    similar: list[SimilarDraft]
    similar_count: int
    position: QueuePlace


class TrustRecipient(Request):
    """Arguments of `trust_recipient`."""

    ALIASES: ClassVar = {"mailbox": ("mailbox_id",), "address": ("email", "recipient")}
    mailbox: str = Field(description="Id or address of the mailbox that will trust it.")
    address: str = Field(max_length=320, description="One address; for a whole domain use update_mailbox.")


class TrustResult(View):
    """`repeated` when the mailbox's list covered the address already."""

    mailbox: str
    mailbox_id: str
    address: str
    trusted: bool
    repeated: bool | None = None
