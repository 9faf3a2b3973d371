"""Ports for searching mail, tags and contacts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, Protocol

from multimail.core.model import AttachmentMeta, Recipient
from multimail.core.query import Query
from multimail.core.times import Micros
from multimail.ports.records import StoredMessage

APPEARANCES: Final = ("message.received", "oversight.approved")
"""Events with which inbound mail appears: its arrival, and its release where it was held. The log is in commit
order, so the last of them says when readers could first see the mail."""


class Listed(NamedTuple):
    """What a list shows of a message, and no more: a page of these is read on every look into an inbox."""

    seq: int
    id: str
    thread_id: str
    mailbox_id: str
    direction: str
    status: str
    sender: str
    sender_name: str
    subject: str
    preview: str
    metadata: dict[str, Any]
    has_attachments: bool
    has_replies: bool
    new_sender: bool
    created_at: Micros
    scheduled_at: Micros | None
    to: tuple[str, ...]
    tags: tuple[str, ...]


class Opened(NamedTuple):
    """A message with everything a reader sees of it; `body` is that of its newest revision."""

    message: StoredMessage
    body: str
    recipients: tuple[Recipient, ...]
    attachments: tuple[AttachmentMeta, ...]
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MailSearch:
    """A resolved search; all conditions together.

    `mailbox_ids` None is every mailbox. Without `statuses` it finds what a mailbox shows by itself: inbound
    that is neither binned nor spam, outbound that left or still will; `query` then may name other states.
    Tags are those of the message or of its thread; `exclude_tags` also those of the people in it.
    `before_seq` pages backwards. `after` is a message: only what came after it is found, held mail that was
    released after it included.
    """

    mailbox_ids: tuple[str, ...] | None = None
    see_held: bool = False
    query: Query | None = None
    statuses: tuple[str, ...] = ()
    exclude_statuses: tuple[str, ...] = ()
    direction: str | None = None
    tags: tuple[str, ...] = ()
    exclude_tags: tuple[str, ...] = ()
    has_replies: bool | None = None
    has_attachments: bool | None = None
    since: Micros | None = None
    until: Micros | None = None
    thread_id: str | None = None
    sender_contains: str = ""
    to_contains: str = ""
    subject_contains: str = ""
    before_seq: int | None = None
    after: str | None = None
    limit: int = 20


@dataclass(frozen=True, slots=True)
class ThreadFacts:
    """What a conversation looks like to a reader, from the messages this reader sees."""

    thread_id: str
    mailbox_id: str
    subject: str
    message_count: int
    last_activity: Micros
    has_unanswered_inbound: bool
    participants: tuple[str, ...]
    tags: tuple[str, ...]


class Inbox(Protocol):
    """Searching, listing and opening mail."""

    def search(self, search: MailSearch) -> list[Listed]:
        """A page, newest first."""
        ...

    def arrived(self, search: MailSearch, after: int) -> list[Listed]:
        """Inbound mail that appeared after a position of the event log, in order of appearance."""
        ...

    def position_of(self, message_id: str) -> int:
        """The position of the event with which a message appeared."""
        ...

    def position_at(self, moment: Micros) -> int:
        """The position of the newest event before a moment."""
        ...

    def position_now(self) -> int:
        """The position of the newest event of all."""
        ...

    def open(self, messages: Sequence[StoredMessage]) -> list[Opened]:
        """The same messages, opened, in the same order."""
        ...

    def thread(self, thread_id: str, see_held: bool, after_seq: int, limit: int) -> list[StoredMessage]:
        """The visible messages of a thread, oldest first."""
        ...

    def thread_facts(self, thread_id: str, see_held: bool) -> ThreadFacts | None:
        """None when the thread is not there or holds nothing this reader sees. A merged id finds its survivor."""
        ...


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag with the time it was first given."""

    tag: str
    at: Micros
    value: str = ""


TagKind = str
"""`message`, `thread` or `contact`."""


class Tags(Protocol):
    """Tags of messages, threads and contacts, written as they are given: `core.tags` says what is right."""

    def of(self, kind: TagKind, target: str) -> list[Tag]:
        """By name."""
        ...

    def add(
        self,
        kind: TagKind,
        target: str,
        tags: Mapping[str, str] | Sequence[str],
        principal_id: str,
        now: Micros,
        origin: str = "",
    ) -> list[str]:
        """Returns those that were not there. With `origin`, a message id, the tags stay only if it leaves."""
        ...

    def remove(self, kind: TagKind, target: str, tags: Sequence[str]) -> list[str]:
        """Returns those that were there."""
        ...

    def withdraw(self, origin: str) -> list[tuple[TagKind, str, str]]:
        """The message will not leave: what only it brought goes. Kind, target and name of each tag that went."""
        ...

    def confirm(self, origin: str) -> None:
        """The message left: what it brought stays."""
        ...


class Contact(NamedTuple):
    """A contact. To agents `hidden` ones do not exist: known from held mail only, or forgotten. `noted` is when its own
    data says that it was last written to."""

    id: str
    address: str
    domain: str
    name: str
    metadata: dict[str, Any]
    last_contacted: Micros | None = None
    last_inbound: Micros | None = None
    replied: bool = False
    interaction_count: int = 0
    latest_thread_id: str | None = None
    created_at: Micros = 0
    hidden: bool = False
    thread_count: int = 0
    noted: Micros | None = None
    tags: tuple[str, ...] = ()


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
class Sight:
    """What a reader sees of interactions: those of these mailboxes (None is all), and hidden ones or not."""

    mailbox_ids: tuple[str, ...] | None = None
    see_hidden: bool = False
