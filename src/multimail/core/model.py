"""The values the rules speak about: principals, mailboxes, drafts and revisions, as frozen dataclasses.

Only shapes live here. What is right about them is in `lifecycle`, `policy`, `threading` and their neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from multimail.core.times import Micros


class Mode(StrEnum):
    """The five oversight modes, strict to free; `core.policy.modes` orders them."""

    READ_ONLY = "read_only"
    GATED_ALL = "gated_all"
    GATED_SEND = "gated_send"
    MONITORED = "monitored"
    AUTONOMOUS = "autonomous"


class MessageClass(StrEnum):
    """Why a mail is sent; `system` is only ever set by the server itself."""

    TRANSACTIONAL = "transactional"
    COMMERCIAL = "commercial"
    SYSTEM = "system"


class Scope(StrEnum):
    """What a key may do; an operation names the one it needs."""

    READ = "read"
    TAG = "tag"
    SEND = "send"
    CONTACTS = "contacts"
    OVERSIGHT = "oversight"
    ADMIN = "admin"


class Role(StrEnum):
    """Named scope sets."""

    VIEWER = "viewer"
    AGENT = "agent"
    REVIEWER = "reviewer"
    OPERATOR = "operator"
    OWNER = "owner"


ROLE_SCOPES: Final[dict[Role, frozenset[Scope]]] = {
    Role.VIEWER: frozenset({Scope.READ}),
    Role.AGENT: frozenset({Scope.READ, Scope.TAG, Scope.SEND, Scope.CONTACTS}),
    Role.REVIEWER: frozenset({Scope.READ, Scope.OVERSIGHT}),
    Role.OPERATOR: frozenset(Scope),
    Role.OWNER: frozenset({Scope.READ, Scope.TAG, Scope.SEND, Scope.CONTACTS, Scope.OVERSIGHT}),
}

RESERVED_TAGS: Final = frozenset({"unsubscribed", "suppressed"})
"""Contact tags that stop mail; only an operator removes them. `trusted:*` is reserved as well."""


class PrincipalKind(StrEnum):
    """What stands behind a key."""

    PERSON = "person"
    AGENT = "agent"
    PROGRAM = "program"


@dataclass(frozen=True, slots=True)
class ApprovalLimit:
    """What a program may decide on; None is no bound. `domains` are canonical entries such as `@example.org`, and
    they and `max_recipients` count every recipient: Cc, Bcc and automatic copies too."""

    domains: tuple[str, ...] | None = None
    max_recipients: int | None = None
    mailboxes: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Principal:
    """Who calls. `mailboxes` None means all of them; an empty tuple means none."""

    id: str
    kind: PrincipalKind
    name: str
    role: Role
    scopes: frozenset[Scope]
    mailboxes: tuple[str, ...] | None = None
    self_approving: bool = False
    elicitation: bool = True
    approval_limit: ApprovalLimit | None = None

    @property
    def is_agent(self) -> bool:
        """Whether inbound held mail and system mail are hidden: anyone without oversight or admin."""
        return not self.scopes & {Scope.OVERSIGHT, Scope.ADMIN} or self.role is Role.OWNER

    def may_use(self, mailbox_id: str) -> bool:
        """Whether the mailbox is one this principal may act in."""
        return self.mailboxes is None or mailbox_id in self.mailboxes


@dataclass(frozen=True, slots=True)
class Caps:
    """Hard limits on mails accepted for sending; None is no limit."""

    per_hour: int | None = None
    per_day: int | None = None


class NoticeKind(StrEnum):
    """When the oversight address is told that something waits: soon after it does, at fixed times, never."""

    IMMEDIATE = "immediate"
    DIGEST = "digest"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class NoticeRules:
    """How the oversight address is told. `minutes` None is the kind's own; `details` names subjects and people."""

    kind: NoticeKind = NoticeKind.IMMEDIATE
    minutes: int | None = None
    details: bool = False


@dataclass(frozen=True, slots=True)
class Retention:
    """How long mail is kept, and how much of it; None is no limit."""

    days: int | None = None
    messages: int | None = None


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A mailbox with its rules. `allowed` None = off, empty = nobody, `("*",)` = everybody."""

    id: str
    address: str
    display_name: str = ""
    default_mode: Mode = Mode.GATED_SEND
    ceiling: Mode = Mode.GATED_SEND
    oversight_address: str = ""
    trusted: tuple[str, ...] = ()
    allowed: tuple[str, ...] | None = None
    auto_cc: tuple[str, ...] = ()
    auto_bcc: tuple[str, ...] = ()
    undo_seconds: int | None = None
    deliver: str = "live"
    two_person: bool = False
    resend_unknown: bool = False
    caps: Caps = Caps()
    retention: Retention = Retention()
    notices: NoticeRules = NoticeRules()
    metadata: dict[str, Any] = field(default_factory=dict)
    signature: str = ""
    frozen_at: Micros | None = None
    catches_all: bool = False
    created_at: Micros = 0


class RecipientKind(StrEnum):
    """The header a recipient stands in; `copy` is an automatic copy (auto_cc, auto_bcc, monitored)."""

    TO = "to"
    CC = "cc"
    BCC = "bcc"


@dataclass(frozen=True, slots=True)
class Recipient:
    """One recipient of a draft; `automatic` marks copies that the mailbox's rules added."""

    address: str
    kind: RecipientKind
    name: str = ""
    automatic: bool = False

    @property
    def visible(self) -> bool:
        """Whether the other recipients see it."""
        return self.kind is not RecipientKind.BCC


@dataclass(frozen=True, slots=True)
class AttachmentMeta:
    """An attachment without its content; `position` counts from 1 within its message."""

    position: int
    filename: str
    content_type: str
    size: int
    sha256: str
    inline: bool = False


@dataclass(frozen=True, slots=True)
class Filled:
    """Where a draft's text comes from: an operator's template. `plain` says that its author added short words only:
    no markup, links, attachments, headers or address for answers."""

    template_id: str
    plain: bool


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a mail is for, as its author said."""

    claimed: MessageClass | None = None
    topic: str = ""
    region: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything a principal asked to leave, complete and checked, before policy looks at it.

    `topic` is what the mail is about to those who may opt out of it, `region` the law its recipients are written to
    under; with `recipient_time` the recipients' own clocks are to show `wall`, which they do at `times`, by address.
    """

    operation: str
    mailbox_id: str
    sender: str
    sender_name: str
    recipients: tuple[Recipient, ...]
    subject: str
    body: str
    reply_to: str = ""
    message_class: MessageClass | None = None
    requested_mode: Mode | None = None
    scheduled_at: Micros | None = None
    thread_id: str | None = None
    answers: str | None = None
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    template: Filled | None = None
    batch_id: str | None = None
    topic: str = ""
    region: str = ""
    recipient_time: bool = False
    wall: Micros | None = None
    times: tuple[tuple[str, Micros], ...] = ()
    tags: tuple[str, ...] = ()
    metadata: dict[str, Any] = field(default_factory=dict)

    @property
    def purpose(self) -> Purpose:
        """What it is for."""
        return Purpose(self.message_class, self.topic, self.region)
