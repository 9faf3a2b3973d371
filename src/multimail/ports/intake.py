"""Ports for filing arriving mail: threads, repeats, what is set aside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from multimail.core.threading import Candidate
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


class Named(NamedTuple):
    """A header id that a mailbox knows: its thread, and its message unless it was only referred to so far."""

    header_id: str
    thread_id: str
    message_id: str | None


class Threads(Protocol):
    """Conversations, found by header ids and, last, by subject among existing participants."""

    def get(self, thread_id: str) -> Thread | None: ...
    def insert(self, thread: Thread) -> None: ...
    def touch(self, thread_id: str, now: Micros, participants: Sequence[str]) -> None: ...
    def participants(self, thread_id: str) -> list[str]: ...
    def named(self, mailbox_id: str, header_ids: Sequence[str]) -> list[Named]:
        """Those of the header ids that the mailbox knows, in no order."""
        ...

    def candidates(self, thread_ids: Sequence[str]) -> list[Candidate]:
        """The threads as the rules of threading look at them, in no order."""
        ...

    def alike(self, mailbox_id: str, base_subject: str, address: str, since: Micros) -> list[Candidate]:
        """The newest threads with this base subject in which the address takes part."""
        ...

    def know(self, thread: Thread, header_id: str, message_id: str, references: Sequence[str]) -> None: ...
    def merge(self, survivor: str, others: Sequence[str]) -> None: ...

    def inbound_since(self, thread_id: str, since: Micros, most: int) -> int:
        """How many of the thread's newest `most` messages arrived since: its size does not matter."""
        ...


class Arrivals(Protocol):
    """Repeat detection for peers' retries, and the place for what cannot be filed."""

    def seen(self, mailbox_id: str, header_id: str, content_hash: str) -> str | None: ...
    def remember(self, mailbox_id: str, header_id: str, content_hash: str, message_id: str) -> bool:
        """Note what the mail became, unless it became something before: whether this was the first time."""
        ...

    def set_aside(self, item: SetAside) -> None: ...
    def kept_aside(self, limit: int) -> list[SetAside]: ...
