"""Rows as the services see them: frozen values read from and written to the store."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from multimail.core.model import AttachmentMeta, Mailbox, Principal, Recipient
from multimail.core.times import Micros


@dataclass(frozen=True, slots=True)
class StoredPrincipal:
    """A principal with what only the server knows about its key."""

    principal: Principal
    key_prefix: str
    created_at: Micros
    expires_at: Micros | None = None
    revoked_at: Micros | None = None
    has_passphrase: bool = False

    def valid_at(self, now: Micros) -> bool:
        """Neither revoked nor expired."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


@dataclass(frozen=True, slots=True)
class NewMessage:
    """Everything written when a message comes to be, in either direction."""

    id: str
    mailbox_id: str
    thread_id: str
    direction: str
    status: str
    sender: str
    subject: str
    header_id: str
    created_at: Micros
    recipients: tuple[Recipient, ...] = ()
    attachments: tuple[AttachmentMeta, ...] = ()
    sender_name: str = ""
    reply_to: str = ""
    preview: str = ""
    in_reply_to: str = ""
    header_refs: str = ""
    message_class: str = "transactional"
    mode: str | None = None
    requested_mode: str | None = None
    operation: str = ""
    principal_id: str | None = None
    answers: str | None = None
    held_from_agents: bool = False
    new_sender: bool = False
    size: int = 0
    metadata: dict[str, Any] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    hidden_text: dict[str, int] = field(default_factory=dict)
    authentication: dict[str, str] = field(default_factory=dict)
    verdict: dict[str, Any] = field(default_factory=dict)
    scheduled_at: Micros | None = None
    undo_until: Micros | None = None
    expires_at: Micros | None = None
    content_hash: str = ""
    search_body: str = ""
    revision: int = 0
    digest: str | None = None
    released_digest: str | None = None
    delivery: str | None = None
    batch_id: str | None = None
    topic: str = ""


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """A message row; bodies, recipients and attachments are read on their own."""

    seq: int
    id: str
    mailbox_id: str
    thread_id: str
    direction: str
    status: str
    message_class: str
    mode: str | None
    requested_mode: str | None
    operation: str
    principal_id: str | None
    answers: str | None
    sender: str
    sender_name: str
    reply_to: str
    subject: str
    preview: str
    header_id: str
    in_reply_to: str
    header_refs: str
    held_from_agents: bool
    has_attachments: bool
    has_replies: bool
    new_sender: bool
    size: int
    metadata: dict[str, Any]
    problems: tuple[str, ...]
    hidden_text: dict[str, int]
    authentication: dict[str, str]
    verdict: dict[str, Any]
    revision: int
    digest: str | None
    approved_digest: str | None
    approved_by: str | None
    approved_at: Micros | None
    released_digest: str | None
    delivery: str | None
    scheduled_at: Micros | None
    undo_until: Micros | None
    expires_at: Micros | None
    superseded_by: str | None
    content_hash: str
    created_at: Micros
    updated_at: Micros
    batch_id: str | None = None


@dataclass(frozen=True, slots=True)
class StoredRevision:
    """A numbered version of a body; `envelope` holds what else the digest covers (recipients, headers)."""

    message_id: str
    number: int
    digest: str
    author: str
    subject: str
    body: str
    envelope: dict[str, Any]
    created_at: Micros


@dataclass(frozen=True, slots=True)
class StoredDelivery:
    """What becomes of one recipient of an outbound message."""

    id: str
    message_id: str
    address: str
    status: str
    attempts: int
    first_at: Micros | None
    due_at: Micros
    smtp_code: int | None
    detail: str


@dataclass(frozen=True, slots=True)
class StoredDecision:
    """A decision with the digest it was made on and how it was given."""

    id: str
    message_id: str
    revision: int
    digest: str
    principal_id: str
    decision: str
    note: str
    via: str
    host: str
    diff: str
    at: Micros


@dataclass(frozen=True, slots=True)
class Event:
    """A line of the audit log: ids and codes, never an address, subject or text."""

    kind: str
    at: Micros
    mailbox_id: str | None = None
    message_id: str | None = None
    thread_id: str | None = None
    contact_id: str | None = None
    principal_id: str | None = None
    data: dict[str, Any] = field(default_factory=dict)
    seq: int = 0


@dataclass(frozen=True, slots=True)
class StoredCall:
    """One call of an operation, for the record."""

    at: Micros
    principal_id: str
    operation: str
    surface: str
    outcome: str
    target: str | None = None


@dataclass(frozen=True, slots=True)
class Remembered:
    """The first answer given to an idempotency key."""

    operation: str
    fingerprint: str
    message_id: str
    answer: dict[str, Any]
    at: Micros


@dataclass(frozen=True, slots=True)
class Claim:
    """Deliveries of one message that `owner`, one attempt of one process, holds the lease of."""

    owner: str
    message: StoredMessage
    mailbox: Mailbox
    deliveries: tuple[StoredDelivery, ...]
