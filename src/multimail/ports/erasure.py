"""Ports for erasing a person from everything that is kept: what was asked for, what is found, what is taken out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from multimail.core.times import Micros
from multimail.core.traces import Traces


@dataclass(frozen=True, slots=True)
class Erasure:
    """Somebody who was erased, or is being. `traces` is None once nobody has to be looked for any more: then only
    the key is left. `key` is in hexadecimal; `found_seq` the mail up to which mentions were looked for."""

    id: str
    key: str
    principal_id: str
    stage: str
    traces: Traces | None
    asked_at: Micros
    touched_at: Micros
    found_seq: int = 0
    removed: int = 0
    redacted: int = 0
    rows: int = 0
    ended_at: Micros | None = None
    copies_at: Micros | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A mail that somebody takes part in. `alone` says that nobody but that person and mailboxes of this server do,
    or that the person wrote it."""

    seq: int
    message_id: str
    status: str
    alone: bool
    busy: bool
    size: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """A row with traces of somebody: its table, and what its primary key is."""

    table: str
    key: tuple[str | int | None, ...]


class Erasures(Protocol):
    """Erasures as they are written down."""

    def begin(self, erasure: Erasure) -> None: ...
    def get(self, erasure_id: str) -> Erasure | None: ...

    def of(self, key: str | None, before: tuple[Micros, str] | None, limit: int) -> list[Erasure]:
        """Newest first; `before` is time and id of the last one that was listed."""
        ...

    def under_way(self, touched_before: Micros) -> list[Erasure]:
        """What nobody has been at since then, the oldest first."""
        ...

    def progress(self, erasure: Erasure) -> None:
        """Write down how far it is: stage, traces, counts and times."""
        ...

    def proofs(self) -> list[Proof]:
        """All there ever were, oldest first."""
        ...

    def in_copies(self) -> list[str]:
        """Ids of those that ended here and not yet in the backups."""
        ...

    def copied(self, ids: Sequence[str], now: Micros) -> None:
        """They are in no backup any more."""
        ...


@dataclass(frozen=True, slots=True)
class Proof:
    """What of an erasure is carried outside the data file: enough to erase the same person again."""

    id: str
    key: str
    asked_at: Micros


class Eraser(Protocol):
    """Finding a person, and taking the person out. Finding changes nothing and runs on snapshots."""

    def names(self, address: str) -> list[str]:
        """Every spelling of the name beside the address, in mail or with the contact."""
        ...

    def shared(self, names: Sequence[str], address: str) -> list[str]:
        """Those of the names, in lower case, that somebody else here bears too."""
        ...

    def parts(self, address: str, after_seq: int, limit: int) -> list[Part]:
        """Mail from or to the address, oldest first. `busy` mail is being handed over this very moment."""
        ...

    def mentions(self, traces: Traces, after_seq: int, limit: int) -> tuple[list[Part], int | None]:
        """Of the next `limit` mails those whose text, headers or files hold traces, and the last that was looked at:
        None at the end."""
        ...

    def redact(self, message_ids: Sequence[str], traces: Traces) -> int:
        """Keep these mails without the person: recipients, texts, search entries. Raw bytes and files go. How many.

        Only mail that was committed before may be named.
        """
        ...

    def places(self, traces: Traces) -> list[Place]:
        """Every other row that holds traces, in whatever table."""
        ...

    def scrub(self, places: Sequence[Place], traces: Traces) -> int:
        """Take the traces out of these rows, or the rows away where they are about the person; how many."""
        ...

    def forget_interactions(self, contact_id: str, limit: int) -> int:
        """Take away a piece of a contact's log; how much."""
        ...

    def forget(self, address: str, key: str, contact_id: str | None) -> None:
        """Take away the contact with all that names it or its key, marks that otherwise outlive contacts included.
        That the person is not to be written to stays, under the key."""
        ...

    def is_there(self, address: str) -> bool:
        """Whether any row is about the address: looked up, not searched for."""
        ...

    def merge_index(self, first: bool) -> bool:
        """Write a piece of the search index anew, without words of what was deleted; whether more is to be done."""
        ...

    def addresses(self) -> list[str]:
        """Every address that anything in the file is about."""
        ...
