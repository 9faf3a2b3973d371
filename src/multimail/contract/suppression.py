"""Requests and answers about who is not written to: records of suppression, and how requests to stop were honoured."""

from typing import Any, ClassVar, Literal

from pydantic import Field

from multimail.contract.fields import SENDER_NAMES, Moment
from multimail.contract.shapes import Request, View

Reason = Literal["erasure", "hard_bounce", "complaint", "manual", "soft_bounce", "unsubscribe"]
GivenReason = Literal["hard_bounce", "complaint", "manual", "unsubscribe"]
_ADDRESS_NAMES = ("email", "email_address")


class ListSuppressions(Request):
    """Arguments of `list_suppressions`."""

    ALIASES: ClassVar = {"mailbox": SENDER_NAMES, "query": ("address", *_ADDRESS_NAMES)}
    mailbox: str | None = Field(
        default=None, description="Records of this mailbox only, by id or address; all of yours if left out."
    )
    reason: Reason | None = Field(default=None, description="Only records with this reason.")
    query: str = Field(default="", max_length=320, description="Part of an address.")
    lifted: bool = Field(default=False, description="Those that are over instead of those in force.")
    limit: int = Field(default=50, ge=1, le=200, description="Rows per page.")
    cursor: str | None = Field(default=None, max_length=200, description="From the previous page.")


class SuppressAddress(Request):
    """Arguments of `suppress_address`."""

    ALIASES: ClassVar = {"mailbox": SENDER_NAMES, "address": _ADDRESS_NAMES}
    address: str = Field(max_length=320, description="Who is not to be written to.")
    reason: GivenReason = Field(
        default="manual", description="manual, unsubscribe, complaint or hard_bounce."
    )
    mailbox: str | None = Field(default=None, description="Only mail of this mailbox; of all if left out.")
    topic: str | None = Field(
        default=None, max_length=100, description="Only mail about this topic; about all if left out."
    )
    expires_at: Moment | None = Field(default=None, description="When it ends by itself; never if left out.")
    note: str = Field(default="", max_length=256, description="Why, kept with the record.")


class UnsuppressAddress(Request):
    """Arguments of `unsuppress_address`."""

    ALIASES: ClassVar = {"mailbox": SENDER_NAMES, "address": _ADDRESS_NAMES}
    LISTS: ClassVar = frozenset({"reasons"})
    WORDS: ClassVar = LISTS
    address: str = Field(max_length=320, description="Who may be written to again.")
    note: str = Field(min_length=3, max_length=256, description="Why, kept for good.")
    reasons: list[Reason] = Field(
        default_factory=list, description="Only records with these reasons; all but erasure if left out."
    )
    mailbox: str | None = Field(default=None, description="Only records of this mailbox; all if left out.")
    topic: str | None = Field(
        default=None, max_length=100, description="Only records of this topic; all if left out."
    )
    erasure: bool = Field(default=False, description="Also of a person who was erased.")


class CheckSuppression(Request):
    """Arguments of `check_suppression`."""

    ALIASES: ClassVar = {"mailbox": SENDER_NAMES, "address": _ADDRESS_NAMES}
    address: str = Field(max_length=320, description="Whom to look up.")
    mailbox: str | None = Field(default=None, description="Mail of this mailbox; yours if there is one only.")
    topic: str | None = Field(default=None, max_length=100, description="Mail about this topic.")


class SuppressionTable(Request):
    """Arguments of `suppression_table`: none."""


class UnsubscribeFigures(Request):
    """Arguments of `unsubscribe_figures`."""

    ALIASES: ClassVar = {"mailbox": SENDER_NAMES}
    mailbox: str | None = Field(default=None, description="Only of this mailbox, by id or address.")
    days: int = Field(default=90, ge=1, le=3_650, description="How far to look back.")


class SuppressionView(View):
    """A record. `email` is missing once the person was erased; without `mailbox_id` it is about all mailboxes, without
    `topic` about every topic. `why` is the reason in words."""

    suppression_id: str
    email: str | None = None
    reason: str
    why: str
    mailbox_id: str | None = None
    mailbox: str | None = None
    topic: str | None = None
    source: str
    evidence: dict[str, Any] | None = None
    created_at: Moment
    created_by: str | None = None
    expires_at: Moment | None = None
    lifted_at: Moment | None = None
    lifted_by: str | None = None
    note: str | None = None


class SuppressionList(View):
    """A page of records, newest first. `totals` counts what is in force, by reason."""

    suppressions: list[SuppressionView]
    count: int
    totals: dict[str, int]
    cursor: str | None = None


class SuppressResult(View):
    """That somebody is not written to; `repeated` when it was so before."""

    address: str
    reason: str
    mailbox_id: str | None = None
    topic: str | None = None
    expires_at: Moment | None = None
    suppressed: bool
    repeated: bool | None = None


class UnsuppressResult(View):
    """What was lifted, by reason, with the tags that were taken off the contact; and the reasons that still hold."""

    address: str
    lifted: list[str]
    tags_removed: list[str]
    still: list[str]


class ClassOutcome(View):
    """Whether mail of a class would be left out, and why."""

    message_class: str
    suppressed: bool
    reason: str | None = None
    why: str | None = None


class SuppressionCheck(View):
    """What becomes of mail to an address, by class; consent is looked at besides (`check_consent`)."""

    address: str
    mailbox_id: str
    topic: str | None = None
    suppressed: bool
    classes: list[ClassOutcome]
    reasons: list[str]
    tags: list[str]


class SuppressionRow(View):
    """A reason, and whether it keeps mail of each class from somebody."""

    reason: str
    why: str
    bars: dict[str, bool]


class SuppressionMatrix(View):
    """Every reason, gravest first."""

    rows: list[SuppressionRow]


class UnsubscribeRow(View):
    """A request to stop: how it came and when it held."""

    mailbox_id: str
    topic: str | None = None
    way: str
    message_id: str | None = None
    requested_at: Moment
    honoured_at: Moment
    seconds: float


class UnsubscribeReport(View):
    """How requests to stop were honoured. `late` took longer than ten business days, the limit of CAN-SPAM."""

    since: Moment
    requests: int
    by_way: dict[str, int]
    median_seconds: float | None = None
    slowest_seconds: float | None = None
    late: int
    limit_business_days: int
    newest: list[UnsubscribeRow]
