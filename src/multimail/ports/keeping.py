"""Ports for deleting mail for good, and for telling people that something waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from multimail.core.times import Micros


@dataclass(frozen=True, slots=True)
class Purging:
    """Deleting under way: what a mailbox has up to `through_seq`, stored before `before_at`."""

    id: str
    mailbox_id: str
    through_seq: int
    before_at: Micros
    principal_id: str
    reason: str
    deleted: int
    created_at: Micros


@dataclass(frozen=True, slots=True)
class Doomed:
    """A mail that may be deleted, with its bytes."""

    seq: int
    id: str
    size: int


@dataclass(frozen=True, slots=True)
class Kept:
    """Mailboxes whose mail is kept for a while only."""

    mailbox_id: str
    days: int | None
    messages: int | None


class Purge(Protocol):
    """Deleting mail for good. Nothing that waits for somebody, is on its way, or is answered by what waits, ever is."""

    def count(self, mailbox_id: str) -> int:
        """How many mails a mailbox has."""
        ...

    def begin(self, purging: Purging) -> None:
        """Write down that this is to be done."""
        ...

    def under_way(self) -> list[Purging]:
        """What was begun and not ended, the oldest first."""
        ...

    def get(self, purging_id: str) -> Purging | None: ...

    def done(self, purging_id: str, deleted: int) -> None:
        """Add to the number of what was deleted."""
        ...

    def end(self, purging_id: str, now: Micros) -> bool:
        """Write down that nothing is left to do; whether this was the first to say so."""
        ...

    def untidied(self) -> bool:
        """Whether words of what was deleted may still stand in the search index."""
        ...

    def tidied(self) -> None:
        """The search index has no words left of what was deleted until now."""
        ...

    def forget(self, before: Micros) -> int:
        """Forget what was ended by then."""
        ...

    def mailboxes(self, ids: Sequence[str] | None) -> list[str]:
        """These, or all there ever were: closed ones have mail too."""
        ...

    def newest(self, mailbox_id: str) -> int:
        """The place of the newest mail; 0 when there is none."""
        ...

    def doomed(self, purging: Purging, after_seq: int, limit: int) -> list[Doomed]:
        """The next mails that may be deleted, oldest first."""
        ...

    def kept(self, purging: Purging) -> dict[str, int]:
        """How many mails within the bounds are still there, by state."""
        ...

    def deletable(self, message_ids: Sequence[str]) -> set[str]:
        """Those of the mails that are there and may be deleted."""
        ...

    def erase(self, message_ids: Sequence[str], *, even_held: bool = False) -> int:
        """Delete those of the mails that still may be, with all that holds their text; how many.

        `even_held` is for mail that nobody may decide on any more: mail that came in and waits for a person goes too,
        and mail that a waiting answer is about.

        Only mail that was committed before may be named: the search index of a mail is written with its commit.
        """
        ...

    def entries(self, most: int) -> frozenset[tuple[str, int]] | None:
        """All mails there are, with their revisions, if they are not more than that."""
        ...

    def index_anew(self, entries: frozenset[tuple[str, int]]) -> bool:
        """Write the search index anew, without words of what was deleted; `entries` were read before this transaction.
        False when there are others by now, whose words may be about to be written."""
        ...

    def keeping(self) -> list[Kept]:
        """Mailboxes with bounds on what is kept, closed ones too."""
        ...

    def overflow(self, mailbox_id: str, most: int) -> int:
        """The place of the newest mail that is one too many; 0 when there is none."""
        ...

    def aged(self, mailbox_id: str, before: Micros) -> int:
        """The place up to which all mail was stored before then; 0 when there is none."""
        ...


@dataclass(frozen=True, slots=True)
class Waits:
    """What waits in a mailbox: how many the oversight address was not told of, how many in all, since when the
    oldest, and how many of them are arrivals."""

    untold: int
    total: int
    oldest_at: Micros
    arrivals: int


class Awaiting(Protocol):
    """What waits for a person, kept in step with the mail by the data file itself."""

    def untold(self) -> dict[str, Micros]:
        """Watched mailboxes with mail that nobody was told of: since when the first of it waits."""
        ...

    def of(self, mailbox_id: str) -> Waits | None:
        """None when nothing waits."""
        ...

    def listed(self, mailbox_id: str, limit: int) -> list[str]:
        """Ids of what waits, the longest first."""
        ...

    def told(self, mailbox_id: str, at: Micros) -> None:
        """The oversight address knows of all that waits in the mailbox now."""
        ...

    def again(self, message_id: str, since: Micros) -> None:
        """A mail that waits needs another person: of that nobody was told."""
        ...

    def notices(self, mailbox_id: str, operation: str, since: Micros) -> list[Micros]:
        """When a mailbox's notices were made after that, oldest first."""
        ...
