"""Ports for filing arriving mail: threads, repeats, what is set aside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from multimail.core.times import Micros


@dataclass(frozen=True, slots=True)
class Thread:
    """A conversation inside one mailbox."""

    id: str
    mailbox_id: str
    subject: str
    base_subject: str
    created_at: Micros
    last_at: Micros


@dataclass(frozen=True, slots=True)
class SetAside:
    """Raw mail that could not be filed, with its envelope and the reason."""

    id: str
    at: Micros
    reason: str
    envelope: dict[str, Any] = field(default_factory=dict)
    raw: bytes = b""


class Threads(Protocol):
    """Conversations, found by header ids and, last, by subject among existing participants."""

    def get(self, thread_id: str) -> Thread | None: ...
    def insert(self, thread: Thread) -> None: ...
    def touch(self, thread_id: str, now: Micros, participants: Sequence[str]) -> None: ...
    def participants(self, thread_id: str) -> list[str]: ...
    def by_header_ids(self, mailbox_id: str, header_ids: Sequence[str]) -> dict[str, str]: ...
    def by_subject(
        self, mailbox_id: str, base_subject: str, addresses: Sequence[str], since: Micros
    ) -> str | None: ...
    def know(self, thread: Thread, header_id: str, message_id: str, references: Sequence[str]) -> None: ...
    def message_of(self, mailbox_id: str, header_id: str) -> str | None: ...
    def merge(self, survivor: str, others: Sequence[str]) -> None: ...
    def inbound_since(self, thread_id: str, since: Micros) -> int: ...


class Arrivals(Protocol):
    """Repeat detection for peers' retries, and the place for what cannot be filed."""

    def seen(self, mailbox_id: str, header_id: str, content_hash: str) -> str | None: ...
    def remember(self, mailbox_id: str, header_id: str, content_hash: str, message_id: str) -> None: ...
    def set_aside(self, item: SetAside) -> None: ...
    def kept_aside(self, limit: int) -> list[SetAside]: ...
