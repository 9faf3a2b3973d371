"""Ports for figures of oversight: what was admitted how, who decided what after how long, what went without anybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from multimail.core.times import Micros
from multimail.ports.records import StoredMessage


@dataclass(frozen=True, slots=True)
class Admission:
    """How the policy judged a mail when it first saw it, with what no other row keeps as it was then.

    `outcome` is held, left or left_out. `tags` are those of each recipient's contact, in their order; None where
    nobody had any. `known_sender` says whether whoever is answered was known, None where nobody asked.
    """

    message_id: str
    outcome: str
    rules: tuple[str, ...]
    tags: tuple[tuple[str, ...], ...] | None = None
    known_sender: bool | None = None


@dataclass(frozen=True, slots=True)
class DecidedRow:
    """A person's decision on an outgoing mail. `looked_at` is when this person first saw what was decided on."""

    mailbox_id: str
    message_id: str
    decision: str
    edited: bool
    at: Micros
    looked_at: Micros | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for a decision, and since when the oldest does."""

    count: int
    oldest_at: Micros | None


class Figures(Protocol):
    """Counts and lists of one time, for people who oversee."""

    def admit(self, admission: Admission) -> None: ...
    def admissions(self, message_ids: Sequence[str]) -> dict[str, Admission]:
        """By message id; mail from before they were kept has none."""
        ...

    def decided(self, mailbox_ids: Sequence[str], since: Micros, limit: int) -> list[DecidedRow]:
        """What people decided, newest first. Programs and authors of their own mail are no people."""
        ...

    def unknown(self, message_ids: Sequence[str]) -> set[str]:
        """Of these mails, those with a recipient to whom none had left, or been approved, and who had not written,
        when it was made."""
        ...

    def addressed(self, message_ids: Sequence[str]) -> list[str]:
        """Whom these mails went to, automatic copies left out: who got most of them first."""
        ...

    def waiting(self, mailbox_id: str) -> Waiting: ...
    def expired(self, mailbox_id: str, since: Micros) -> list[Micros]: ...
    def left_alone(self, mailbox_id: str, since: Micros) -> tuple[int, int]:
        """Mails that no person had to let go: how many went or will, how many were withdrawn in time."""
        ...

    def outgoing(self, mailbox_id: str, since: Micros, limit: int) -> list[StoredMessage]:
        """Mail that was written since, newest first; none of the server's own."""
        ...

    def arrived(self, mailbox_id: str, since: Micros) -> int: ...
    def first_decisions(self, message_ids: Sequence[str]) -> dict[str, DecidedRow]:
        """What people first said to each of these mails, by its id."""
        ...

    def first_outcomes(self, message_ids: Sequence[str]) -> dict[str, str]:
        """How each of these mails came in, by the log: for mail without an admission."""
        ...
