"""What each operation answers; `results` says how these can be used."""

# Written by `make generate` from the registry; change the rows in the source instead.

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from multimail.client.results import Listing, ListResult, Result, Rows


class MessageRow(Result):
    """A message in a list: metadata only."""

    __slots__ = ()
    _also: ClassVar[frozenset[str]] = frozenset(
        [
            "created_at",
            "email_id",
            "from",
            "id",
            "opened_at",
            "recipients",
            "send_at",
            "timestamp",
            "to_list",
            "unread",
        ]
    )
    message_id: str
    thread_id: str
    mailbox_id: str
    direction: str
    status: str
    sender: str
    sender_name: str | None
    to: str | list[str]
    subject: str
    preview: str
    tags: list[str]
    metadata: dict[str, Any] | None
    received_at: str
    scheduled_at: str | None
    has_attachments: bool
    has_replies: bool
    new_sender: bool | None
    id: str
    email_id: str
    to_list: list[str]
    recipients: list[str]
    send_at: str | None
    unread: bool
    created_at: str
    timestamp: str
    opened_at: Any


class MessageList(Listing[MessageRow]):
    """A page of messages, newest first."""

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {"messages": MessageRow}
    _rows: ClassVar[str] = "messages"
    _also: ClassVar[frozenset[str]] = frozenset(["emails", "items"])
    messages: list[MessageRow]
    count: int
    emails: list[MessageRow]


class HiddenPart(Result):
    """A text in a mail that its readers do not see, and how it is hidden."""

    __slots__ = ()
    reason: str
    text: str


class AttachmentRow(Result):
    """An attachment as a handle: fetch it by message id and position."""

    __slots__ = ()
    position: int
    filename: str
    content_type: str
    size: int
    sha256: str
    inline: bool


class MessageView(MessageRow):
    """One message with its body."""

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {"hidden": HiddenPart, "attachments": AttachmentRow}
    _also: ClassVar[frozenset[str]] = frozenset(
        [
            "body_markdown",
            "body_text",
            "created_at",
            "email_id",
            "from",
            "id",
            "markdown",
            "opened_at",
            "send_at",
            "timestamp",
            "to_list",
            "unread",
        ]
    )
    cc: list[str] | None
    bcc: list[str] | None
    reply_to: str | None
    reply_to_changed: bool | None
    body: str
    body_cut: int | None
    hidden_text: dict[str, int] | None
    hidden: list[HiddenPart] | None
    attachments: list[AttachmentRow]
    headers: dict[str, str] | None
    authentication: dict[str, str] | None
    problems: list[str] | None
    oversight_mode: str | None
    recipients: list[dict[str, Any]] | None  # type: ignore[assignment]
    delivery: str | None
    revision: int | None
    digest: str | None
    body_text: str
    markdown: str
    body_markdown: str


class ThreadView(Listing[MessageView]):
    """A conversation, oldest message first."""

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {"messages": MessageView}
    _rows: ClassVar[str] = "messages"
    _also: ClassVar[frozenset[str]] = frozenset(["emails", "id", "items"])
    thread_id: str
    mailbox_id: str
    subject: str
    messages: list[MessageView]
    participants: list[str]
    message_count: int
    last_activity: str
    has_unanswered_inbound: bool
    tags: list[str]
    cut: int | None
    id: str
    emails: list[MessageView]


class SendResult(Result):
    """The answer to everything that makes mail leave. A held mail is an accepted request."""

    __slots__ = ()
    _also: ClassVar[frozenset[str]] = frozenset(
        ["effective_mode", "email_id", "id", "message", "recipients", "send_at", "status_detail", "to_list"]
    )
    message_id: str
    thread_id: str
    status: str
    requested_mode: str | None
    oversight_mode: str
    reasons: list[str]
    rules: list[str]
    scheduled_at: str | None
    undo_until: str | None
    expires_at: str | None
    to: str | list[str]
    cc: list[str] | None
    bcc: list[str] | None
    subject: str
    tags: list[str]
    metadata: dict[str, Any]
    digest: str | None
    revision: int | None
    delivery: str | None
    review_url: str | None
    original_message_id: str | None
    repeated: bool | None
    superseded: str | None
    suppressed: list[str] | None
    warnings: list[str] | None
    note: str | None
    id: str
    email_id: str
    to_list: list[str]
    recipients: list[str]
    send_at: str | None
    status_detail: str
    effective_mode: str
    message: str | None


class CancelResult(Result):
    """The answer of `cancel_message`; repeating it gives the same."""

    __slots__ = ()
    _also: ClassVar[frozenset[str]] = frozenset(["email_id", "id"])
    message_id: str
    status: str
    cancelled: bool
    reason: str | None
    id: str
    email_id: str


class MarkResult(Result):
    """The state before and after."""

    __slots__ = ()
    _also: ClassVar[frozenset[str]] = frozenset(["email_id", "id"])
    message_id: str
    status: str
    previous_status: str
    id: str
    email_id: str


class TagResult(Result):
    """All tags of the target after the change."""

    __slots__ = ()
    _also: ClassVar[frozenset[str]] = frozenset(
        ["contact_id", "email_id", "id", "message_id", "tag_map", "thread_id"]
    )
    target: str
    tags: list[str]
    tag_times: dict[str, str]
    added: list[str]
    removed: list[str]
    id: str
    message_id: str
    email_id: str
    tag_map: dict[str, Any]
    thread_id: str
    contact_id: str


class AttachmentView(AttachmentRow):
    """An attachment; the content is there only when small enough."""

    __slots__ = ()
    message_id: str
    content_base64: str | None
    text: str | None
    note: str | None


class WaitResult(Result):
    """Found or not; call again with `since_id` = `last_id` to lose nothing."""

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {"messages": MessageRow}
    _also: ClassVar[frozenset[str]] = frozenset(["emails"])
    found: bool
    messages: list[MessageRow]
    waited_seconds: float
    last_id: str | None
    emails: list[MessageRow]


class InteractionRow(Result):
    """One thing that happened with a contact."""

    __slots__ = ()
    _also: ClassVar[frozenset[str]] = frozenset(["timestamp"])
    kind: str
    message_id: str | None
    thread_id: str | None
    mailbox_id: str
    mailbox_deleted: bool | None
    at: str
    timestamp: str


class ContactView(Result):
    """A contact as stored."""

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {"interactions": InteractionRow}
    _also: ClassVar[frozenset[str]] = frozenset(["id"])
    contact_id: str
    email: str
    name: str
    tags: list[str]
    metadata: dict[str, Any]
    last_contacted: str | None
    last_inbound: str | None
    replied: bool
    interaction_count: int
    thread_count: int
    latest_thread_id: str | None
    created_at: str
    interactions: list[InteractionRow] | None
    id: str


class ContactList(ListResult[ContactView]):
    """A page of contacts; `manage_contacts` answers one contact as a page of one."""

    _rows: ClassVar[str] = "contacts"
    _row: ClassVar[type[Result]] = ContactView
    contacts: list[ContactView]
    count: int  # type: ignore[assignment]
    action: str | None
    deleted: bool | None
    results: list[ContactView]


class Event(Result):
    """An event. Every field is always there, null where it does not apply; `detail` holds ids and codes."""

    __slots__ = ()
    event: str
    type: str
    event_type: str
    id: str
    timestamp: str
    mailbox: str | None
    mailbox_id: str | None
    principal_id: str | None
    contact_id: str | None
    contact: dict[str, Any] | None
    detail: dict[str, Any]
    message_id: str | None
    email_id: str | None
    original_message_id: str | None
    thread_id: str | None
    direction: str | None
    status: str | None
    sender: str | None
    from_: str | None
    to: str | list[str] | None
    recipient_count: int | None
    subject: str | None
    body_text: str | None
    body_cut: int | None
    scheduled_at: str | None
    digest: str | None
    delivery: str | None
    decision: dict[str, Any] | None
    bounce_code: str | None
    diagnostic: str | None
    tags: list[str]
    metadata: dict[str, Any]
    message: dict[str, Any]
    data: dict[str, Any]


class EventList(Result):
    """Events in the order in which they happened. Go on with `cursor` as `after`: nothing is missed or repeated."""

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {"events": Event}
    events: list[Event]
    count: int
    cursor: str
    more: bool | None


class PendingItem(Result):
    """A mail that waits, with all a person needs to decide."""

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {
        "attachments": AttachmentRow,
        "original": MessageView,
        "thread": ThreadView,
    }
    _also: ClassVar[frozenset[str]] = frozenset(
        [
            "body_markdown",
            "body_text",
            "draft_body",
            "email_id",
            "from",
            "id",
            "markdown",
            "received_at",
            "recipients",
            "send_at",
            "status_detail",
            "timestamp",
            "to_list",
        ]
    )
    message_id: str
    thread_id: str
    mailbox_id: str
    mailbox: str
    direction: str
    status: str
    sender: str
    to: str | list[str]
    cc: list[str]
    bcc: list[str]
    automatic: list[str] | None
    subject: str
    body: str
    body_cut: int | None
    digest: str
    revision: int
    reasons: list[str]
    rules: list[str]
    requested_mode: str | None
    oversight_mode: str
    scheduled_at: str | None
    expires_at: str | None
    created_at: str
    submitted_by: str
    tags: list[str]
    metadata: dict[str, Any]
    attachments: list[AttachmentRow]
    placeholders: list[str] | None
    review_url: str | None
    original: MessageView | None
    thread: ThreadView
    late_seconds: int | None
    batch_id: str | None
    id: str
    email_id: str
    to_list: list[str]
    recipients: list[str]
    send_at: str | None
    body_text: str
    markdown: str
    body_markdown: str
    draft_body: str
    timestamp: str
    received_at: str
    status_detail: str


class PendingList(Listing[PendingItem]):
    """What waits, oldest first."""

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {"pending": PendingItem}
    _rows: ClassVar[str] = "pending"
    _also: ClassVar[frozenset[str]] = frozenset(["emails", "items", "messages"])
    pending: list[PendingItem]
    count: int
    cut: int | None
    messages: list[PendingItem]
    emails: list[PendingItem]


class DecisionView(Result):
    """A decision as recorded, with the difference a reviewer made. `reasons` say why a program's was handed on."""

    __slots__ = ()
    _also: ClassVar[frozenset[str]] = frozenset(
        ["action", "email_id", "id", "reason", "rejection_note", "send_at"]
    )
    message_id: str
    status: str
    decision: str
    reasons: list[str] | None
    note: str | None
    decided_by: str
    decided_at: str
    via: str | None
    digest: str
    revision: int
    diff: str | None
    diff_cut: int | None
    scheduled_at: str | None
    late_seconds: int | None
    approvals_missing: int | None
    repeated: bool | None
    id: str
    email_id: str
    send_at: str | None
    action: str
    reason: str | None
    rejection_note: str | None


class RecipientResult(Result):
    """What became of one recipient."""

    __slots__ = ()
    address: str
    kind: str
    status: str
    detail: str | None


class Outcome(Result):
    """Where a mail stands and what was decided; `decided` false means it still waits."""

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {"decision": DecisionView, "recipients": RecipientResult}
    _also: ClassVar[frozenset[str]] = frozenset(["email_id", "id"])
    message_id: str
    status: str
    decided: bool
    decision: DecisionView | None
    recipients: list[RecipientResult]
    delivery: str | None
    waited_seconds: float | None
    id: str
    email_id: str


class RevisionRow(Result):
    """One revision of the draft."""

    __slots__ = ()
    revision: int
    digest: str
    author: str
    created_at: str
    subject: str
    body: str
    body_cut: int | None
    diff: str | None
    diff_cut: int | None


class HistoryRow(Result):
    """One thing that happened to a mail."""

    __slots__ = ()
    at: str
    event: str
    by: str | None
    detail: dict[str, Any]


class HistoryView(Result):
    """Draft, rules, decisions, differences and attempts of one mail, in order."""

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {
        "revisions": RevisionRow,
        "decisions": DecisionView,
        "recipients": RecipientResult,
        "events": HistoryRow,
    }
    _also: ClassVar[frozenset[str]] = frozenset(["email_id", "id"])
    message_id: str
    status: str
    requested_mode: str | None
    oversight_mode: str
    rules: list[str]
    reasons: list[str]
    checked: list[str]
    revisions: list[RevisionRow]
    decisions: list[DecisionView]
    recipients: list[RecipientResult]
    events: list[HistoryRow]
    id: str
    email_id: str


class FreezeResult(Result):
    """The freeze after the call, with what waits behind it."""

    __slots__ = ()
    frozen: bool
    mailbox: str | None
    everything: bool
    waiting: int
    reason: str | None


class UnfreezeResult(FreezeResult):
    """What is frozen after the call, and how the mail stands that may go."""

    __slots__ = ()
    message_id: str | None
    status: str | None


class ReviewRow(Result):
    """A mail that waits, in a list: metadata only. `warnings` are codes; `review_email` has their sentences."""

    __slots__ = ()
    _also: ClassVar[frozenset[str]] = frozenset(["email_id", "id"])
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
    preview: str
    reasons: list[str]
    risk: int
    risk_level: str
    warnings: list[str]
    submitted_by: str
    created_at: str
    expires_at: str | None
    scheduled_at: str | None
    attachments_count: int
    tags: list[str]
    batch_id: str | None
    group_key: str | None
    group_label: str | None
    id: str
    email_id: str


class ReviewGroup(Result):
    """What belongs together in the queue; `key` narrows the list to it. `risk` is that of its riskiest mail."""

    __slots__ = ()
    key: str
    label: str
    count: int
    risk: int
    oldest_at: str


class ReviewList(Result):
    """A page of the queue. `total` is all that the filters leave; `totals_by_status` counts every state of waiting
    in these mailboxes."""

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {"reviews": ReviewRow, "groups": ReviewGroup}
    reviews: list[ReviewRow]
    groups: list[ReviewGroup]
    count: int
    total: int
    totals_by_status: dict[str, int]
    oldest_at: str | None
    cursor: str | None


class LeavingLine(Result):
    """A header line as it will leave, made harmless to show."""

    __slots__ = ()
    name: str
    value: str


class Leaving(Result):
    """The mail as its recipients will get it, read from the very bytes that will leave (or, inbound, that came)."""

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {"headers": LeavingLine}
    headers: list[LeavingLine]
    text: str
    text_cut: int | None
    html_available: bool


class Warn(Result):
    """Something to look at. `where` is the text, link, address or file that it is about."""

    __slots__ = ()
    code: str
    level: str
    text: str
    where: list[str]
    more: int | None


class RiskReason(Result):
    """What the risk is made of: `points` add up to it, at most 100."""

    __slots__ = ()
    code: str
    points: int
    text: str


class CardEvent(Result):
    """One thing that happened between this mailbox and a recipient."""

    __slots__ = ()
    kind: str
    at: str
    message_id: str | None
    thread_id: str | None


class ContactCard(Result):
    """A recipient (of arriving mail: its sender) and what happened with it in this mailbox before.

    `new` when no mail to it ever left this mailbox or was approved by a person; `trusted` when an operator's list
    covers it. `notes` say what is odd about the address itself."""

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {"interactions": CardEvent}
    address: str
    name: str
    kind: str
    contact_id: str | None
    tags: list[str]
    known_since: str | None
    last_contacted: str | None
    last_inbound: str | None
    sent_count: int
    received_count: int
    interactions: list[CardEvent]
    new: bool
    trusted: bool
    notes: list[str]


class SimilarDraft(Result):
    """Another waiting mail that says nearly the same. `diff` leads from it to the mail on the desk."""

    __slots__ = ()
    _also: ClassVar[frozenset[str]] = frozenset(["email_id", "id"])
    message_id: str
    digest: str
    revision: int
    subject: str
    to: list[str]
    status: str
    same: bool
    likeness: int
    diff: str
    diff_cut: int | None
    id: str
    email_id: str


class QueuePlace(Result):
    """Where the mail stands among all that is undecided, riskiest first; its neighbours."""

    __slots__ = ()
    number: int | None
    total: int
    previous: str | None
    next: str | None


class ReviewView(Result):
    """One mail that waits, with all a person needs to decide on it."""

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {
        "item": PendingItem,
        "leaving": Leaving,
        "warnings": Warn,
        "risk_reasons": RiskReason,
        "contacts": ContactCard,
        "similar": SimilarDraft,
        "position": QueuePlace,
    }
    item: PendingItem
    leaving: Leaving | None
    warnings: list[Warn]
    risk: int
    risk_level: str
    risk_reasons: list[RiskReason]
    contacts: list[ContactCard]
    similar: list[SimilarDraft]
    similar_count: int
    position: QueuePlace


class TrustResult(Result):
    """`repeated` when the mailbox's list covered the address already."""

    __slots__ = ()
    mailbox: str
    mailbox_id: str
    address: str
    trusted: bool
    repeated: bool | None


class FreezeView(Result):
    """A freeze that is on: of a mailbox, or of everything where none is named."""

    __slots__ = ()
    _also: ClassVar[frozenset[str]] = frozenset(["id"])
    mailbox_id: str | None
    mailbox: str | None
    since: str
    reason: str | None
    by: str | None
    id: str | None


class FrozenMail(Result):
    """A mail that only the freeze stops; `released` ones may go although it stays."""

    __slots__ = ()
    _also: ClassVar[frozenset[str]] = frozenset(["email_id", "id"])
    message_id: str
    mailbox_id: str
    mailbox: str
    status: str
    subject: str
    to: list[str]
    recipients_count: int
    submitted_by: str
    approved_by: str | None
    released: bool
    created_at: str
    scheduled_at: str | None
    id: str
    email_id: str


class FrozenList(Result):
    """The freezes that are on, and the mail they stop, oldest first; `total` counts the mail of all pages."""

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {"freezes": FreezeView, "frozen": FrozenMail}
    freezes: list[FreezeView]
    frozen: list[FrozenMail]
    count: int
    total: int
    cursor: str | None


class DayFigures(Result):
    """The decisions of one day, UTC."""

    __slots__ = ()
    day: str
    decisions: int
    approved: int
    edited: int
    rejected: int
    sent_back: int
    expired: int


class AdviceView(Result):
    """What the figures speak for: more freedom, less, or no change; `evidence` says why, in numbers.

    `to_mode` is the mode to change to, `trust` the addresses to put on the trusted list instead."""

    __slots__ = ()
    kind: str
    evidence: str
    to_mode: str | None
    trust: list[str] | None
    decisions: int
    unedited: int


class MailboxFigures(Result):
    """How people decide on a mailbox's outgoing mail. Shares are between 0 and 1, and not there where of nothing.

    `looks` are the decisions whose time of looking is known, `left_alone` the mails that left without a person,
    `counted_from` says where the figures begin when there were more decisions than are counted."""

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {"by_day": DayFigures, "advice": AdviceView}
    _also: ClassVar[frozenset[str]] = frozenset(["id"])
    mailbox_id: str
    mailbox: str
    oversight_mode: str
    ceiling: str
    waiting: int
    oldest_at: str | None
    decisions: int
    decisions_per_day: float
    looks: int
    median_look_seconds: float | None
    share_under_3_seconds: float | None
    share_edited: float | None
    share_rejected: float | None
    share_sent_back: float | None
    share_expired: float | None
    left_alone: int
    withdrawn: int
    by_day: list[DayFigures]
    advice: AdviceView
    counted_from: str | None
    id: str


class FiguresList(Listing[MailboxFigures]):
    """The figures of each mailbox."""

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {"figures": MailboxFigures}
    _rows: ClassVar[str] = "figures"
    _also: ClassVar[frozenset[str]] = frozenset(["items"])
    figures: list[MailboxFigures]
    count: int
    days: int


class RulesTried(Result):
    """The rules that were tried."""

    __slots__ = ()
    default_mode: str
    ceiling: str
    trusted: list[str]
    allowed: list[str] | None
    oversight_address: str | None


class Outcomes(Result):
    """How many mails went which way: held for a person, left, refused, or left to nobody because all opted out."""

    __slots__ = ()
    held: int
    left: int
    refused: int
    left_out: int


class SimulatedMail(Result):
    """A mail that would have gone another way; `decision` is what a person said about it."""

    __slots__ = ()
    _also: ClassVar[frozenset[str]] = frozenset(["email_id", "id"])
    message_id: str
    subject: str
    to: list[str]
    recipients_count: int
    created_at: str
    happened: str
    would: str
    decision: str | None
    rules: list[str]
    reasons: list[str]
    id: str
    email_id: str


class SimulationView(Result):
    """What other rules would have made of the mail of a time.

    `freed` are mails that people held and that would have left; `freed_edited` and `freed_stopped` are those of them
    that people changed, or did not let go. `minutes` is the reviewers' time that the rules would have cost more, or
    less where it is negative. `assumed` says what is not known and what is taken for it."""

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {
        "rules": RulesTried,
        "happened": Outcomes,
        "would": Outcomes,
        "differences": SimulatedMail,
    }
    _also: ClassVar[frozenset[str]] = frozenset(["id"])
    mailbox_id: str
    mailbox: str
    days: int
    rules: RulesTried
    mails: int
    happened: Outcomes
    would: Outcomes
    changed: int
    freed: int
    freed_edited: int
    freed_stopped: int
    arriving_held: int
    median_look_seconds: float | None
    minutes: float | None
    differences: list[SimulatedMail]
    assumed: list[str]
    counted_from: str | None
    id: str


class AuditRow(Result):
    """A line: an event, or a call with its door and how it ended. It holds ids and codes, never text of a mail."""

    __slots__ = ()
    id: str
    at: str
    what: str
    kind: str
    meaning: str
    by: str | None
    principal_id: str | None
    mailbox: str | None
    mailbox_id: str | None
    message_id: str | None
    thread_id: str | None
    contact_id: str | None
    surface: str | None
    outcome: str | None
    detail: dict[str, Any]


class AuditPage(Listing[AuditRow]):
    """Lines, newest first; there are no more where there is no cursor."""

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {"lines": AuditRow}
    _rows: ClassVar[str] = "lines"
    _also: ClassVar[frozenset[str]] = frozenset(["items"])
    lines: list[AuditRow]
    count: int


class Refusal(Result):
    """What every result has when there was a problem with its mail; the others are not concerned."""

    __slots__ = ()
    code: str | None
    message: str | None
    field: str | None
    advice: str | None


class BatchRow(Refusal):
    """What became of one recipient's mail: accepted, or a code."""

    __slots__ = ()
    index: int
    to: str
    message_id: str | None
    status: str | None
    digest: str | None
    suppressed: bool | None
    repeated: bool | None


class BatchResult(Result):
    """The answer of `send_batch`, a row for each recipient in order. Held mails are accepted; do not send again."""

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {"results": BatchRow}
    _also: ClassVar[frozenset[str]] = frozenset(["id"])
    batch_id: str | None
    digest: str | None
    results: list[BatchRow]
    accepted: int
    failed: int
    statuses: dict[str, int]
    rules: list[str]
    reasons: list[str]
    repeated: bool | None
    id: str | None


class BatchMailRow(Result):
    """One mail of a batch, with what was filled in."""

    __slots__ = ()
    _also: ClassVar[frozenset[str]] = frozenset(["email_id", "id"])
    message_id: str
    to: str
    values: dict[str, str]  # type: ignore[assignment]
    status: str
    digest: str
    revision: int
    id: str
    email_id: str


class BatchView(Listing[BatchMailRow]):
    """A batch to decide on: its text, every mail's values, and the digest of all of it."""

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {"mails": BatchMailRow}
    _rows: ClassVar[str] = "mails"
    _also: ClassVar[frozenset[str]] = frozenset(["id", "items"])
    batch_id: str
    mailbox_id: str
    subject: str
    body: str
    template_id: str | None
    submitted_by: str
    created_at: str
    digest: str
    statuses: dict[str, int]
    mails: list[BatchMailRow]
    count: int
    id: str


class DecisionRow(Refusal):
    """What became of one decision: the decision, or a code."""

    __slots__ = ()
    message_id: str
    status: str | None
    decision: str | None
    digest: str | None
    reasons: list[str] | None
    approvals_missing: int | None
    repeated: bool | None


class DecisionRows(Result):
    """The decisions in the order they were given; `failed` of them have a code."""

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {"results": DecisionRow}
    results: list[DecisionRow]
    decided: int
    failed: int
    batch_id: str | None


class CancelRow(Refusal):
    """What became of one mail."""

    __slots__ = ()
    message_id: str
    cancelled: bool
    status: str | None


class CancelRows(Result):
    """The mails in order; `more` says that the call found more than it may withdraw at once: call again."""

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {"results": CancelRow}
    results: list[CancelRow]
    cancelled: int
    failed: int
    more: bool | None


class TemplateView(Result):
    """A template with the names of its slots."""

    __slots__ = ()
    _also: ClassVar[frozenset[str]] = frozenset(["id"])
    template_id: str
    name: str
    subject: str
    body: str
    slots: list[str]
    created_at: str
    deleted: bool | None
    id: str


class TemplateList(Listing[TemplateView]):
    """The templates that can be used."""

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {"templates": TemplateView}
    _rows: ClassVar[str] = "templates"
    _also: ClassVar[frozenset[str]] = frozenset(["items"])
    templates: list[TemplateView]
    count: int


class ApprovalRuleView(Result):
    """An approval rule, and after a deletion how many mails wait for a person again."""

    __slots__ = ()
    _also: ClassVar[frozenset[str]] = frozenset(["id"])
    rule_id: str
    name: str
    mailbox_id: str | None
    recipient_domains: list[str] | None
    reply_to_known_sender: bool | None
    accept_unauthenticated: bool | None
    max_recipients: int | None
    message_class: str | None
    principal: str | None
    template_id: str | None
    created_by: str
    created_at: str
    hits: int
    last_hit_at: str | None
    held_again: int | None
    deleted: bool | None
    id: str


class ApprovalRuleList(Listing[ApprovalRuleView]):
    """The approval rules that hold."""

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {"approval_rules": ApprovalRuleView}
    _rows: ClassVar[str] = "approval_rules"
    _also: ClassVar[frozenset[str]] = frozenset(["items"])
    approval_rules: list[ApprovalRuleView]
    count: int


class MailboxView(Result):
    """A mailbox; its lists and limits are left out for principals without oversight."""

    __slots__ = ()
    _also: ClassVar[frozenset[str]] = frozenset(["email", "id"])
    mailbox_id: str
    address: str
    display_name: str
    oversight_mode: str
    ceiling: str
    frozen: bool
    deliver: str
    unread: int | None
    pending: int | None
    oversight_address: str | None
    trusted: list[str] | None
    allowed: list[str] | None
    auto_cc: list[str] | None
    auto_bcc: list[str] | None
    undo_seconds: int | None
    two_person: bool | None
    cap_per_hour: int | None
    cap_per_day: int | None
    signature: str | None
    metadata: dict[str, Any] | None
    created_at: str
    id: str
    email: str


class MailboxList(Listing[MailboxView]):
    """The mailboxes open to the key."""

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {"mailboxes": MailboxView}
    _rows: ClassVar[str] = "mailboxes"
    _also: ClassVar[frozenset[str]] = frozenset(["items"])
    mailboxes: list[MailboxView]
    count: int


class MailboxDetails(MailboxView):
    """A mailbox with all its settings, for people with oversight; None where nothing is set."""

    __slots__ = ()
    _also: ClassVar[frozenset[str]] = frozenset(["email", "id"])
    resend_unknown: bool | None
    retention_days: int | None
    retention_messages: int | None
    notices: str | None
    notice_minutes: int | None
    notice_details: bool | None
    messages: int | None
    settings_digest: str | None


class LooseningView(Result):
    """A setting that gets freer, or that deletes mail for good, and what it means."""

    __slots__ = ()
    setting: str
    before: str
    after: str
    meaning: str


class MailboxResult(Result):
    """A mailbox after a change, and what the change did to waiting mail. `loosens` names what gets freer with it; after
    a `dry_run` nothing was changed and the mailbox is as it would be."""

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {"mailbox": MailboxDetails, "loosens": LooseningView}
    mailbox: MailboxDetails
    changed: list[str]
    loosens: list[LooseningView] | None
    dry_run: bool | None
    held_again: int
    deleted: bool | None


class ApprovalLimitView(Result):
    """A limit as it holds."""

    __slots__ = ()
    domains: list[str] | None
    max_recipients: int | None
    mailboxes: list[str] | None


class KeyView(Result):
    """A principal; the key itself is never shown again."""

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {"approval_limit": ApprovalLimitView}
    _also: ClassVar[frozenset[str]] = frozenset(["id"])
    key_id: str
    name: str
    kind: str
    role: str
    scopes: list[str]
    mailboxes: list[str] | None
    self_approving: bool
    elicitation: bool
    approval_limit: ApprovalLimitView | None
    cap_per_hour: int | None
    cap_per_day: int | None
    prefix: str | None
    created_at: str
    expires_at: str | None
    revoked_at: str | None
    last_used_at: str | None
    id: str


class KeyCreated(KeyView):
    """The answer of `create_key`, the only one that holds the key. A repeat of the call has it empty."""

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {"approval_limit": ApprovalLimitView}
    _also: ClassVar[frozenset[str]] = frozenset(["id"])
    key: str


class KeyList(Listing[KeyView]):
    """All principals."""

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {"keys": KeyView}
    _rows: ClassVar[str] = "keys"
    _also: ClassVar[frozenset[str]] = frozenset(["items"])
    keys: Rows[KeyView]
    count: int


class WebhookView(Result):
    """A subscription and how its receiver does; never its secret."""

    __slots__ = ()
    _also: ClassVar[frozenset[str]] = frozenset(["id"])
    webhook_id: str
    url: str
    events: list[str]
    mailbox: str | None
    mailbox_id: str | None
    tags: list[str]
    audience: str
    description: str | None
    state: str
    reason: str | None
    health: str
    delivered: int
    failed: int
    pending: int
    failures_in_a_row: int
    last_delivered_at: str | None
    last_failed_at: str | None
    last_failure: str | None
    previous_secret_until: str | None
    created_at: str
    updated_at: str
    deleted: bool | None
    id: str


class WebhookSecret(WebhookView):
    """A subscription with its secret: only in the answer to making one. A repeat of the call has it empty."""

    __slots__ = ()
    _also: ClassVar[frozenset[str]] = frozenset(["id"])
    secret: str


class WebhookList(Listing[WebhookView]):
    """All subscriptions, oldest first."""

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {"webhooks": WebhookView}
    _rows: ClassVar[str] = "webhooks"
    _also: ClassVar[frozenset[str]] = frozenset(["items"])
    webhooks: list[WebhookView]
    count: int


class TryRow(Result):
    """One try: when, how long it took, and what came back."""

    __slots__ = ()
    at: str
    duration_ms: int
    response_status: int | None
    detail: str | None


class WebhookDelivery(Result):
    """An event on its way to a receiver. `failed` is given up, and can be replayed."""

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {"tries": TryRow}
    _also: ClassVar[frozenset[str]] = frozenset(["id"])
    delivery_id: str
    webhook_id: str
    event_id: str
    event: str
    status: str
    attempts: int
    response_status: int | None
    duration_ms: int | None
    detail: str | None
    next_try_at: str | None
    created_at: str
    delivered_at: str | None
    tries: list[TryRow]
    id: str


class WebhookDeliveryList(Listing[WebhookDelivery]):
    """A page of deliveries, newest first."""

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {"deliveries": WebhookDelivery}
    _rows: ClassVar[str] = "deliveries"
    _also: ClassVar[frozenset[str]] = frozenset(["items"])
    deliveries: list[WebhookDelivery]
    count: int


class ReplayResult(Result):
    """What is posted again."""

    __slots__ = ()
    replayed: int
    delivery_ids: list[str]
    more: bool | None


class ConversationRow(Result):
    """A conversation in a list, as its newest mail in the folder shows it; `status`, `direction`, `preview` and
    `last_at` are that mail's. `count` and `unread_count` are of all its mails that this reader sees there."""

    __slots__ = ()
    _also: ClassVar[frozenset[str]] = frozenset(["id"])
    thread_id: str
    latest_message_id: str
    mailbox_id: str
    mailbox: str
    subject: str
    participants: list[str]
    preview: str
    direction: str
    status: str
    count: int
    unread_count: int
    last_at: str
    has_attachments: bool
    tags: list[str]
    id: str


class FolderCounts(Result):
    """How many mails there are that somebody should look at."""

    __slots__ = ()
    unread: int
    waiting: int
    spam: int
    deleted: int


class ConversationList(Listing[ConversationRow]):
    """A page of conversations, the one with the newest mail first. Following pages show what there was when the first
    one was read: a mail that arrives meanwhile moves nothing."""

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {"conversations": ConversationRow, "counts": FolderCounts}
    _rows: ClassVar[str] = "conversations"
    _also: ClassVar[frozenset[str]] = frozenset(["items"])
    conversations: list[ConversationRow]
    count: int
    counts: FolderCounts | None


class HeaderLine(Result):
    """A line of the header, decoded; in the order of the mail."""

    __slots__ = ()
    name: str
    value: str


class PartView(Result):
    """A part of the mail. `path` counts from 1 at each level, as IMAP does, and is empty for a mail of several parts
    itself; `within` is the path of the part that it is a part of. `size` is of the part as it was packed. `position` is
    that of the attachment it is, if it is one."""

    __slots__ = ()
    path: str
    within: str | None
    content_type: str
    filename: str | None
    size: int
    disposition: str | None
    charset: str | None
    encoding: str | None
    content_id: str | None
    position: int | None


class LinkView(Result):
    """A link with its true target. `shown_host` is the host that its text names; `mismatch`: it is not that host."""

    __slots__ = ()
    text: str
    href: str
    scheme: str
    host: str
    shown_host: str | None
    mismatch: bool


class AuthenticationView(Result):
    """What is claimed about the sender's servers. Lines of the mail itself are the claims of whoever wrote them:
    `trusted` says whether this server checked."""

    __slots__ = ()
    spf: str | None
    dkim: str | None
    dmarc: str | None
    trusted: bool
    claims: list[str]
    note: str


class MessageInspection(Result):
    """A mail from inside. `remote_images` are pictures that would be loaded from elsewhere when shown."""

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {
        "headers": HeaderLine,
        "structure": PartView,
        "links": LinkView,
        "authentication": AuthenticationView,
    }
    _also: ClassVar[frozenset[str]] = frozenset(["email_id", "id"])
    message_id: str
    direction: str
    revision: int
    digest: str | None
    size: int
    has_html: bool
    html_bytes: int
    remote_images: int
    list_unsubscribe: list[str]
    problems: list[str] | None
    headers: list[HeaderLine] | None
    structure: list[PartView] | None
    links: list[LinkView] | None
    authentication: AuthenticationView | None
    html: str | None
    html_note: str | None
    source: str | None
    source_cut: int | None
    id: str
    email_id: str


class Suggestion(Result):
    """`insert` is the whole text with its last word completed."""

    __slots__ = ()
    kind: str
    insert: str
    label: str


class Suggestions(Result):
    """The likely ones first, at most a dozen."""

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {"suggestions": Suggestion}
    suggestions: list[Suggestion]


class FieldRow(Result):
    """Who said what stands in a field. `evidence` is what somebody with authority said where that is something else:
    consent and regions rest on it, and never on an agent's word."""

    __slots__ = ()
    field: str
    value: Any
    source: str
    by: str | None
    at: str | None
    evidence: Any
    evidence_source: str | None


class ContactInspection(Result):
    """A contact with its log, and who said what of it."""

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {"contact": ContactView, "fields": FieldRow}
    contact: ContactView
    fields: list[FieldRow]


class EmptyResult(Result):
    """What is gone, and what had to stay: `kept` mails wait for somebody or are on their way."""

    __slots__ = ()
    mailbox: str | None
    deleted: int
    kept: int
    reason_kept: str | None
    kept_by_status: dict[str, int] | None


class DeleteRow(Refusal):
    """What became of one mail."""

    __slots__ = ()
    message_id: str
    deleted: bool


class DeleteRows(Result):
    """The mails in the order they were given; `failed` of them have a code and are still there, or never were."""

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {"results": DeleteRow}
    results: list[DeleteRow]
    deleted: int
    failed: int


class ErasureView(Result):
    """One erasure. `proof` is the key of the address: an address can be compared with it, never read from it."""

    __slots__ = ()
    _also: ClassVar[frozenset[str]] = frozenset(["id"])
    erasure_id: str
    state: str
    proof: str
    mails_removed: int
    mails_redacted: int
    rows_scrubbed: int
    asked_at: str
    ended_at: str | None
    backups_at: str | None
    id: str


class ErasureList(Listing[ErasureView]):
    """Erasures, newest first."""

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {"erasures": ErasureView}
    _rows: ClassVar[str] = "erasures"
    _also: ClassVar[frozenset[str]] = frozenset(["items"])
    erasures: list[ErasureView]
    count: int


class PaceRuleView(Result):
    """A rule of pace; an empty `mailbox` or `topic` means all of them."""

    __slots__ = ()
    _also: ClassVar[frozenset[str]] = frozenset(["id"])
    rule_id: str
    mailbox_id: str | None
    mailbox: str | None
    topic: str | None
    per_day: int | None
    per_week: int | None
    per_month: int | None
    quiet_from: str | None
    quiet_to: str | None
    quiet_days: list[str]
    on_cap: str
    on_quiet: str
    transactional: bool
    deleted: bool | None
    id: str


class DomainZone(Result):
    """Whose clock counts for people at a domain of whom nothing else is known."""

    __slots__ = ()
    domain: str
    timezone: str | None


class PaceList(Result):
    """The rules that hold, and the time zones of domains."""

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {"pace_rules": PaceRuleView, "time_zones": DomainZone}
    pace_rules: list[PaceRuleView]
    time_zones: list[DomainZone]
    count: int


class PaceCheck(Result):
    """Whether somebody may be written to now, and if not why and from when on, on his own clock."""

    __slots__ = ()
    email: str
    timezone: str
    local_time: str
    allowed: bool
    reason: str | None
    until: str | None
    per_day: int
    per_week: int
    per_month: int


class StepView(Result):
    """One mail of a sequence."""

    __slots__ = ()
    step: int
    wait: str
    subject: str | None
    body: str | None
    template: str | None
    tags: list[str]
    only_if: list[str]
    unless: list[str]


class SequenceView(Result):
    """A sequence with how many people are where: `active`, `completed`, and why the others get no more."""

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {"steps": StepView}
    _also: ClassVar[frozenset[str]] = frozenset(["id"])
    sequence_id: str
    name: str
    mailbox_id: str
    mailbox: str
    run_by: str
    status: str
    reason: str | None
    steps: list[StepView]
    stop_tags: list[str]
    done_tag: str | None
    message_class: str | None
    topic: str | None
    same_thread: bool
    counts: dict[str, int]
    created_by: str
    created_at: str
    id: str


class SequenceList(Listing[SequenceView]):
    """Sequences, the newest first."""

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {"sequences": SequenceView}
    _rows: ClassVar[str] = "sequences"
    _also: ClassVar[frozenset[str]] = frozenset(["items"])
    sequences: list[SequenceView]
    count: int


class EnrollmentView(Result):
    """Where somebody is: `step` is the next one, counted from 0."""

    __slots__ = ()
    _also: ClassVar[frozenset[str]] = frozenset(["id"])
    enrollment_id: str
    contact_id: str
    email: str | None
    step: int
    status: str
    reason: str | None
    due_at: str | None
    claimed_by: str | None
    claimed_until: str | None
    last_message_id: str | None
    version: int
    id: str


class SequencePage(SequenceView):
    """A sequence with a page of the people in it."""

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {"steps": StepView, "enrollments": EnrollmentView}
    _also: ClassVar[frozenset[str]] = frozenset(["id"])
    enrollments: list[EnrollmentView]
    count: int
    cursor: str | None


class EnrollRow(Result):
    """What became of one address."""

    __slots__ = ()
    email: str
    enrolled: bool
    enrollment_id: str | None
    status: str
    reason: str | None


class EnrollResult(Result):
    """The addresses in the order they were given; who is in it already stays where he is."""

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {"results": EnrollRow}
    _also: ClassVar[frozenset[str]] = frozenset(["id"])
    sequence_id: str
    results: list[EnrollRow]
    enrolled: int
    id: str


class ClaimedStep(Result):
    """A step to do: send what it says, then complete it with its lease."""

    __slots__ = ()
    _also: ClassVar[frozenset[str]] = frozenset(["id"])
    enrollment_id: str
    lease: str
    lease_until: str
    contact_id: str
    email: str
    name: str | None
    step: int
    version: int
    subject: str | None
    body: str | None
    template: str | None
    values: dict[str, str] | None  # type: ignore[assignment]
    tags: list[str]
    message_class: str | None
    topic: str | None
    last_message_id: str | None
    id: str


class ClaimedSteps(Listing[ClaimedStep]):
    """The steps that are the caller's now, and nobody else's until the lease is over."""

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {"steps": ClaimedStep}
    _rows: ClassVar[str] = "steps"
    _also: ClassVar[frozenset[str]] = frozenset(["id", "items"])
    sequence_id: str
    steps: list[ClaimedStep]
    count: int
    id: str


class EnrollmentResult(EnrollmentView):
    """Where somebody is after it. `repeated`: it was so already."""

    __slots__ = ()
    _also: ClassVar[frozenset[str]] = frozenset(["id"])
    sequence_id: str
    repeated: bool | None


class StopResult(Result):
    """What has ended, and how many mails that waited were withdrawn."""

    __slots__ = ()
    _also: ClassVar[frozenset[str]] = frozenset(["id"])
    sequence_id: str
    status: str
    stopped: int
    withdrawn: int
    id: str


class ConsentView(Result):
    """A record. `counts` says whether it opens anything now: not what an agent wrote, nor what ended.

    A record with the basis `withdrawal` takes back what was given before it."""

    __slots__ = ()
    _also: ClassVar[frozenset[str]] = frozenset(["id"])
    consent_id: str
    email: str | None
    contact_id: str | None
    topic: str | None
    region: str | None
    basis: str
    counts: bool
    provenance: str
    source: str | None
    evidence: dict[str, Any] | None
    given_at: str
    recorded_at: str
    withdrawn_at: str | None
    expires_at: str | None
    by: str | None
    id: str


class ConsentResult(Result):
    """What was recorded; `note` says what it does not do. `ended` is how many records a withdrawal ended."""

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {"consent": ConsentView}
    consent: ConsentView
    contact_id: str | None
    ended: int | None
    repeated: bool | None
    note: str | None


class ConsentList(Listing[ConsentView]):
    """A page of records, the newest first."""

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {"consents": ConsentView}
    _rows: ClassVar[str] = "consents"
    _also: ClassVar[frozenset[str]] = frozenset(["items"])
    consents: list[ConsentView]
    count: int


class RegionAnswer(Result):
    """What a region's rule says: `needs` are the bases one of which is needed, none where there is only opting out;
    `why` is given, not_given, withdrawn or opt_out_only."""

    __slots__ = ()
    region: str
    rule: str
    law: str
    needs: list[str]
    allowed: bool
    why: str
    basis: str | None


class ConsentCheck(Result):
    """Whether such a mail would go to somebody now; if not, `reason` is the code its delivery would carry."""

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {"regions": RegionAnswer}
    email: str
    topic: str | None
    mailbox: str
    message_class: str | None
    allowed: bool
    reason: str | None
    explanation: str
    advice: str | None
    regions_known: list[str]
    regions_claimed: list[str] | None
    regions: list[RegionAnswer]


class TopicPreference(Result):
    """One topic: whether commercial mail about it may be sent, as far as the person has a say in it."""

    __slots__ = ()
    topic: str
    wanted: bool
    why: str


class ChannelPreference(Result):
    """One way of reaching somebody."""

    __slots__ = ()
    channel: str
    wanted: bool
    changed_at: str


class Preferences(Result):
    """What somebody wants; topics that nobody asked about are not there. `note` says what was not done, and why."""

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {"topics": TopicPreference, "channels": ChannelPreference}
    email: str
    contact_id: str | None
    topics: list[TopicPreference]
    channels: list[ChannelPreference]
    changed: list[str]
    note: str | None


class RuleRow(Result):
    """What a region asks before mail of a class is sent; `allowed` and `why` are about the person, if one was named."""

    __slots__ = ()
    region: str
    name: str
    law: str
    message_class: str
    needs: list[str]
    implied_days: int | None
    identity: bool
    physical_address: bool
    opt_out: bool
    allowed: bool | None
    why: str | None


class RuleTable(Listing[RuleRow]):
    """The whole table of decisions, and the same as text."""

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {"rows": RuleRow}
    _rows: ClassVar[str] = "rows"
    _also: ClassVar[frozenset[str]] = frozenset(["items"])
    rows: list[RuleRow]
    count: int
    email: str | None
    regions: list[str] | None
    table: str


class RegisterRow(Result):
    """One processing activity: mail of a mailbox about a topic (GDPR Art. 30 (1)). `gaps` is what nobody stated."""

    __slots__ = ()
    _also: ClassVar[frozenset[str]] = frozenset(["id"])
    mailbox_id: str
    mailbox: str
    topic: str | None
    message_class: str | None
    purpose: str | None
    lawful_basis: str | None
    data_subjects: str
    data_categories: str
    recipients: str
    transfers: str
    retention: str
    security: str
    mails: int
    people: int
    first_at: str | None
    last_at: str | None
    consents: dict[str, int]
    gaps: list[str]
    id: str


class Register(Listing[RegisterRow]):
    """The register of processing activities, as of now; `advice` says how to close its gaps."""

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {"activities": RegisterRow}
    _rows: ClassVar[str] = "activities"
    _also: ClassVar[frozenset[str]] = frozenset(["items"])
    controller: str | None
    generated_at: str
    activities: list[RegisterRow]
    count: int
    advice: str | None


class HeldMail(Result):
    """A mail from or to the person, whole: headers, text, what became of their copy."""

    __slots__ = ()
    _also: ClassVar[frozenset[str]] = frozenset(["email_id", "id"])
    message_id: str
    thread_id: str
    mailbox_id: str
    direction: str
    status: str
    at: str
    topic: str | None
    message_class: str | None
    subject: str
    headers: list[list[str]]
    text: str | None
    attachments: list[dict[str, Any]]
    deliveries: list[dict[str, Any]]
    tags: list[str]
    metadata: dict[str, Any]
    id: str
    email_id: str


class PersonExport(Listing[HeldMail]):
    """Everything that is held about one person and was done with it (GDPR Art. 15). The first page has all but mail;
    each page has its mails."""

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {"messages": HeldMail}
    _rows: ClassVar[str] = "messages"
    _also: ClassVar[frozenset[str]] = frozenset(["items"])
    email: str
    generated_at: str
    contact: dict[str, Any] | None
    provenance: list[dict[str, Any]] | None
    interactions: list[dict[str, Any]] | None
    consents: list[dict[str, Any]] | None
    channels: list[dict[str, Any]] | None
    suppressions: list[dict[str, Any]] | None
    unsubscribe_requests: list[dict[str, Any]] | None
    sequences: list[dict[str, Any]] | None
    events: list[dict[str, Any]] | None
    calls: list[dict[str, Any]] | None
    messages: list[HeldMail]
    messages_total: int


class SessionView(Result):
    """A browser that is signed in; `confirmed` says that it proved once more who is there."""

    __slots__ = ()
    _also: ClassVar[frozenset[str]] = frozenset(["id"])
    session_id: str
    confirmed: bool
    created_at: str
    expires_at: str
    id: str


class SessionList(Listing[SessionView]):
    """One's own sign-ins, newest first."""

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {"sessions": SessionView}
    _rows: ClassVar[str] = "sessions"
    _also: ClassVar[frozenset[str]] = frozenset(["items"])
    sessions: list[SessionView]
    count: int


class SessionsClosed(Result):
    """How many sign-ins ended."""

    __slots__ = ()
    closed: int


class SuppressionView(Result):
    """A record. `email` is missing once the person was erased; without `mailbox_id` it is about all mailboxes, without
    `topic` about every topic. `why` is the reason in words."""

    __slots__ = ()
    _also: ClassVar[frozenset[str]] = frozenset(["id"])
    suppression_id: str
    email: str | None
    reason: str
    why: str
    mailbox_id: str | None
    mailbox: str | None
    topic: str | None
    source: str
    evidence: dict[str, Any] | None
    created_at: str
    created_by: str | None
    expires_at: str | None
    lifted_at: str | None
    lifted_by: str | None
    note: str | None
    id: str


class SuppressionList(Listing[SuppressionView]):
    """A page of records, newest first. `totals` counts what is in force, by reason."""

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {"suppressions": SuppressionView}
    _rows: ClassVar[str] = "suppressions"
    _also: ClassVar[frozenset[str]] = frozenset(["items"])
    suppressions: list[SuppressionView]
    count: int
    totals: dict[str, int]


class SuppressResult(Result):
    """That somebody is not written to; `repeated` when it was so before."""

    __slots__ = ()
    address: str
    reason: str
    mailbox_id: str | None
    topic: str | None
    expires_at: str | None
    suppressed: bool
    repeated: bool | None


class UnsuppressResult(Result):
    """What was lifted, by reason, with the tags that were taken off the contact; and the reasons that still hold."""

    __slots__ = ()
    address: str
    lifted: list[str]
    tags_removed: list[str]
    still: list[str]


class ClassOutcome(Result):
    """Whether mail of a class would be left out, and why."""

    __slots__ = ()
    message_class: str
    suppressed: bool
    reason: str | None
    why: str | None


class SuppressionCheck(Result):
    """What becomes of mail to an address, by class; consent is looked at besides (`check_consent`)."""

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {"classes": ClassOutcome}
    address: str
    mailbox_id: str
    topic: str | None
    suppressed: bool
    classes: list[ClassOutcome]
    reasons: list[str]
    tags: list[str]


class SuppressionRow(Result):
    """A reason, and whether it keeps mail of each class from somebody."""

    __slots__ = ()
    reason: str
    why: str
    bars: dict[str, bool]


class SuppressionMatrix(Result):
    """Every reason, gravest first."""

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {"rows": SuppressionRow}
    rows: list[SuppressionRow]


class UnsubscribeRow(Result):
    """A request to stop: how it came and when it held."""

    __slots__ = ()
    _also: ClassVar[frozenset[str]] = frozenset(["id"])
    mailbox_id: str
    topic: str | None
    way: str
    message_id: str | None
    requested_at: str
    honoured_at: str
    seconds: float
    id: str


class UnsubscribeReport(Result):
    """How requests to stop were honoured. `late` took longer than ten business days, the limit of CAN-SPAM."""

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {"newest": UnsubscribeRow}
    since: str
    requests: int
    by_way: dict[str, int]
    median_seconds: float | None
    slowest_seconds: float | None
    late: int
    limit_business_days: int
    newest: list[UnsubscribeRow]


class CountsView(Result):
    """What was sent, and what became of it. `opened` is missing where opening is not tracked."""

    __slots__ = ()
    sent: int
    delivered: int
    bounced: int
    soft_bounced: int
    complained: int
    unsubscribed: int
    replied: int
    opened: int | None
    bounce_percent: float
    complaint_percent: float


class WindowView(CountsView):
    """The same over the last so many hours."""

    __slots__ = ()
    hours: int


class RulesView(Result):
    """Rates in percent. `own` names what was set for this subject itself."""

    __slots__ = ()
    enabled: bool
    warn_bounces: float
    warn_complaints: float
    throttle_bounces: float
    throttle_complaints: float
    pause_bounces: float
    pause_complaints: float
    minimum: int
    window_hours: int
    recover: float
    per_minute: int
    spike_factor: float
    spike_action: str
    own: list[str]


class WarmUpView(Result):
    """How far a mailbox's warm-up is: `limit` mails may leave today."""

    __slots__ = ()
    _also: ClassVar[frozenset[str]] = frozenset(["id"])
    mailbox_id: str
    mailbox: str
    enabled: bool
    day: int | None
    days: int | None
    limit: int | None
    sent_today: int | None
    first: int | None
    target: int | None
    ends_at: str | None
    id: str


class DayView(Result):
    """What was counted on one day, UTC."""

    __slots__ = ()
    day: str
    sent: int
    bounced: int
    complained: int


class ReputationView(Result):
    """How one mailbox, domain or campaign stands; `next` says what happens next and who can change it. `waiting` is
    queued mail of a mailbox, and what waits behind the breaker of a campaign. `by_day` is there where one was asked
    for: the last 30 days on which anything was counted."""

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {
        "counted": CountsView,
        "windows": WindowView,
        "rules": RulesView,
        "warm_up": WarmUpView,
        "by_day": DayView,
    }
    kind: str
    name: str
    mailbox_id: str | None
    state: str
    reason: str | None
    since: str | None
    counted: CountsView | None
    windows: list[WindowView]
    sent_this_hour: int
    waiting: int
    next: str
    rules: RulesView | None
    warm_up: WarmUpView | None
    by_day: list[DayView] | None


class ReputationList(Listing[ReputationView]):
    """The subjects asked for, or all mailboxes and whatever is not normal. `rules` hold where no others were set."""

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {"subjects": ReputationView, "rules": RulesView}
    _rows: ClassVar[str] = "subjects"
    _also: ClassVar[frozenset[str]] = frozenset(["items"])
    subjects: list[ReputationView]
    count: int
    rules: RulesView


class VariantView(CountsView):
    """One version of a campaign's mail; `variant` is empty for mail without one."""

    __slots__ = ()
    variant: str
    reply_percent: float
    unsubscribe_percent: float


class CampaignView(CountsView):
    """All that became of a campaign so far, and of each of its variants."""

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {"variants": VariantView}
    tag: str
    state: str
    waiting: int
    reply_percent: float
    unsubscribe_percent: float
    first_at: str
    last_at: str
    variants: list[VariantView]


class CampaignList(Listing[CampaignView]):
    """The campaign asked for, or the latest."""

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {"campaigns": CampaignView}
    _rows: ClassVar[str] = "campaigns"
    _also: ClassVar[frozenset[str]] = frozenset(["items"])
    campaigns: list[CampaignView]
    count: int


class BreakersView(Result):
    """The rules that hold now, for all where no mailbox or campaign is named."""

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {"rules": RulesView}
    _also: ClassVar[frozenset[str]] = frozenset(["id"])
    mailbox_id: str | None
    mailbox: str | None
    campaign: str | None
    rules: RulesView
    id: str | None


class Resumed(Result):
    """What goes on, and how many deliveries waited for it; `also` names what had tripped with it and goes on too.
    Rates are counted anew from now on."""

    __slots__ = ()
    kind: str
    name: str
    state: str
    was: str
    resumed: int
    also: list[str]
