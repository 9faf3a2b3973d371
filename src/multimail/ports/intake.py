"""Ports for filing arriving mail: threads, repeats, what is set aside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from multimail.core.threading import Candidate
from multimail.core.times import Micros
from multimail.ports.records import NewMessage, StoredRevision


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
    def touch(self, thread: Thread, now: Micros, participants: Sequence[str]) -> None: ...
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


@dataclass(frozen=True, slots=True)
class Filed:
    """Everything written for one arriving mail in one mailbox.

    `thread` is the conversation to begin, None when it joins one. `joining` are addresses new to it. `ancestors`
    are header ids it names that nobody knew. `contact_id` is for the author's contact if there is none yet, and
    empty for an author that gets none. `inherits` takes the thread's tags over; `answered` is the message it
    answers.
    """

    message: NewMessage
    revision: StoredRevision
    packed: bytes
    thread: Thread | None
    joining: tuple[str, ...] = ()
    ancestors: tuple[str, ...] = ()
    author: str = ""
    contact_id: str = ""
    inherits: bool = False
    answered: str | None = None


class Identity(NamedTuple):
    """What one mail is known by, and the message it becomes."""

    mailbox_id: str
    header_id: str
    content_hash: str
    message_id: str


class Arrivals(Protocol):
    """Filing many mails with few statements, repeat detection, and the place for what cannot be filed."""

    def file(self, batch: Sequence[Filed]) -> None:
        """Write the mails in their order, each with its consequences, and a `message.received` for each."""
        ...

    def seen(self, mailbox_id: str, header_id: str, content_hash: str) -> str | None: ...

    def remember(self, mails: Sequence[Identity]) -> set[str]:
        """Note what mails become, unless they became something before: message ids of those that are new."""
        ...

    def set_aside(self, item: SetAside) -> None: ...
    def kept_aside(self, limit: int) -> list[SetAside]: ...
