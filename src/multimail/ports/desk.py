"""Ports for the review desk: what waits, what was found in it, and who looked at it when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from multimail.core.model import Recipient
from multimail.core.times import Micros
from multimail.ports.records import StoredMessage


class Waiting(NamedTuple):
    """As little of a waiting mail as its place in the queue depends on: all of the queue is read at every look.

    `risk` is None and `sketch` empty where this revision was not examined yet. `key` is what it is grouped by.
    """

    seq: int
    id: str
    risk: int | None
    sketch: bytes
    key: str
    created_at: Micros
    status: str = ""


@dataclass(frozen=True, slots=True)
class QueueSearch:
    """Whose queue, and of what. `mailbox_ids` None is every mailbox; `tags` need all be there, with these values
    where any are given. `group` is one of `recipient`, `tag`, `batch` or "". `message_id` is for one mail alone,
    whatever its state."""

    mailbox_ids: tuple[str, ...] | None
    see_held: bool
    statuses: tuple[str, ...]
    tags: Mapping[str, str]
    group: str = ""
    with_sketches: bool = False
    message_id: str | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A waiting mail as the queue shows it; `codes` are those of its warnings. `outdated`: somebody it goes to was
    written to since it was examined, from whatever mailbox."""

    message: StoredMessage
    recipients: tuple[Recipient, ...]
    tags: tuple[str, ...]
    attachments: int
    risk: int | None
    codes: tuple[str, ...]
    outdated: bool = False


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found in a revision of a mail."""

    message_id: str
    revision: int
    risk: int
    codes: tuple[str, ...]
    sketch: bytes


class Desk(Protocol):
    """The queue, its cautions and the looks at it."""

    def waiting(self, search: QueueSearch) -> list[Waiting]:
        """All of it, oldest first."""
        ...

    def totals(self, search: QueueSearch) -> dict[str, int]:
        """How many wait in each of the states."""
        ...

    def listed(self, ids: Sequence[str]) -> list[Listed]:
        """In the order of the ids."""
        ...

    def unexamined(self, limit: int) -> list[str]:
        """Mails of which some revision waited, or waits, that nobody examined."""
        ...

    def pass_over(self, message_id: str) -> None:
        """It does not wait any more: nobody needs to examine it."""
        ...

    def examined(self, message_id: str) -> Examined | None: ...

    def keep(self, found: Examined, now: Micros) -> None:
        """Takes the place of what was found before, unless that was in a later revision."""
        ...

    def looked(self, principal_id: str, message_id: str, digest: str, now: Micros) -> None:
        """The first look stays the first; this one is the last."""
        ...

    def known(self, mailbox_id: str, addresses: Sequence[str]) -> set[str]:
        """Those of the addresses, as given, to which mail from the mailbox left or was approved by a person."""
        ...

    def known_domains(self, mailbox_id: str, domains: Sequence[str]) -> set[str]:
        """Those of the domains at which the mailbox wrote to somebody."""
        ...

    def written_domains(self, mailbox_id: str, most: int) -> set[str] | None:
        """All domains at which the mailbox wrote to somebody, or None where there are more than `most`."""
        ...

    def spoke(self, message: StoredMessage) -> set[str]:
        """Who took part in the conversation before a draft, normalised: authors, and whom mail that left went to."""
        ...

    def waiting_for(self, mailbox_id: str, address: str, statuses: Sequence[str], limit: int) -> list[str]:
        """Waiting mails of a mailbox to this address, however spelled, oldest first."""
        ...
