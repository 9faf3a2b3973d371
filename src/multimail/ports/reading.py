"""Ports for searching mail, tags and contacts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from multimail.core.times import Micros
from multimail.ports.records import StoredMessage


@dataclass(frozen=True, slots=True)
class Listed:
    """A message with what a list shows beside the row itself."""

    message: StoredMessage
    to: tuple[str, ...]
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MailSearch:
    """A resolved search. `query` is a `core.query` tree; `before_seq` pages backwards, `after_seq` is since_id."""

    mailbox_ids: tuple[str, ...] | None
    see_held: bool
    query: Any = None
    statuses: tuple[str, ...] = ()
    direction: str | None = None
    tags: tuple[str, ...] = ()
    exclude_tags: tuple[str, ...] = ()
    has_replies: bool | None = None
    has_attachments: bool | None = None
    since: Micros | None = None
    until: Micros | None = None
    thread_id: str | None = None
    sender_contains: str = ""
    subject_contains: str = ""
    before_seq: int | None = None
    after_seq: int | None = None
    oldest_first: bool = False
    limit: int = 20


class Inbox(Protocol):
    """Searching and listing mail."""

    def search(self, search: MailSearch) -> list[Listed]: ...
    def listed(self, message_id: str) -> Listed | None: ...
    def thread(self, thread_id: str, see_held: bool, after_seq: int, limit: int) -> list[Listed]: ...
    def thread_facts(self, thread_id: str, see_held: bool) -> Mapping[str, Any] | None: ...
    def newest_seq(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag with its time."""

    tag: str
    at: Micros
    value: str = ""


class Tags(Protocol):
    """Tags of messages, threads and contacts. `origin` is the message id of a send that brought the tag."""

    def of(self, kind: str, target: str) -> list[Tag]: ...
    def add(
        self, kind: str, target: str, tags: Sequence[str], principal_id: str, now: Micros, origin: str = ""
    ) -> list[str]: ...
    def remove(self, kind: str, target: str, tags: Sequence[str]) -> list[str]: ...
    def withdraw(self, origin: str) -> int: ...
    def confirm(self, origin: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact row."""

    id: str
    address: str
    domain: str
    name: str
    metadata: dict[str, Any] = field(default_factory=dict)
    last_contacted: Micros | None = None
    last_inbound: Micros | None = None
    replied: bool = False
    interaction_count: int = 0
    thread_count: int = 0
    latest_thread_id: str | None = None
    created_at: Micros = 0


@dataclass(frozen=True, slots=True)
class Interaction:
    """One thing that happened with a contact; `hidden` ones belong to inbound mail held from agents."""

    kind: str
    at: Micros
    mailbox_id: str
    message_id: str | None = None
    thread_id: str | None = None
    hidden: bool = False
    mailbox_deleted: bool = False


@dataclass(frozen=True, slots=True)
class ContactSearch:
    """A resolved contact search."""

    query: str = ""
    email: str | None = None
    domain: str | None = None
    tags: tuple[str, ...] = ()
    exclude_tags: tuple[str, ...] = ()
    metadata: tuple[tuple[str, Any], ...] = ()
    last_contacted_before: Micros | None = None
    last_contacted_after: Micros | None = None
    last_inbound_before: Micros | None = None
    last_inbound_after: Micros | None = None
    after_id: str = ""
    limit: int = 20


class Contacts(Protocol):
    """Contacts by normalised address, and their interactions."""

    def get(self, contact_id: str) -> Contact | None: ...
    def by_address(self, address: str) -> Contact | None: ...
    def ensure(self, contact_id: str, address: str, name: str, now: Micros) -> Contact: ...
    def save(self, contact: Contact, now: Micros) -> None: ...
    def delete(self, contact_id: str) -> None: ...
    def search(self, search: ContactSearch) -> list[Contact]: ...
    def tags_of_addresses(self, addresses: Sequence[str]) -> dict[str, tuple[str, ...]]: ...
    def interacted(self, contact_id: str, interaction: Interaction) -> None: ...
    def interactions(self, contact_id: str, limit: int, see_hidden: bool) -> list[Interaction]: ...
    def reveal(self, message_id: str) -> None: ...
