"""Ports for suppression: who is not to be written to and why, and how requests to be left alone were honoured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from multimail.core.times import Micros


@dataclass(frozen=True, slots=True)
class Suppression:
    """A record: somebody gets no mail of a mailbox ('' is every one) about a topic ('' is every one).

    It is in force until `expires_at` or until it is lifted. `address` is None once the person was erased: the key
    stays. `evidence` holds ids and codes.
    """

    seq: int
    address_key: bytes
    address: str | None
    reason: str
    mailbox_id: str
    topic: str
    source: str
    made_at: Micros
    made_by: str = ""
    expires_at: Micros | None = None
    lifted_at: Micros | None = None
    lifted_by: str | None = None
    lifted_why: str | None = None
    evidence: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SuppressionSearch:
    """Which records to list, newest first; `mailbox_ids` None is all of them. `before` is the last one seen."""

    reason: str = ""
    query: str = ""
    mailbox_ids: tuple[str, ...] | None = None
    lifted: bool = False
    before: int | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class UnsubscribeRequest:
    """A request to be left alone: `way` is how it came, and it held from `honoured_at` on."""

    address_key: bytes
    mailbox_id: str
    topic: str
    way: str
    message_id: str | None
    requested_at: Micros
    honoured_at: Micros


class Suppressions(Protocol):
    """Suppression records by address key."""

    def covering(
        self, keys: Sequence[bytes], mailbox_id: str, topic: str, now: Micros
    ) -> list[tuple[bytes, str]]:
        """Key and reason of what is in force for mail of this mailbox about this topic."""
        ...

    def any(self) -> bool:
        """Whether there is any record at all."""
        ...

    def add(self, record: Suppression) -> None:
        """Write a record, but for its number, which it is given. One that was in force and has expired is lifted."""
        ...

    def unlifted(self, key: bytes) -> list[Suppression]:
        """All records of a person that nobody lifted, expired ones among them, oldest first."""
        ...

    def extend(self, seq: int, expires_at: Micros | None) -> None: ...
    def lift(self, seqs: Sequence[int], now: Micros, by: str, why: str) -> None: ...
    def search(self, search: SuppressionSearch) -> list[Suppression]: ...
    def counts(self, mailbox_ids: tuple[str, ...] | None, now: Micros) -> dict[str, int]:
        """How many records are in force, by reason."""
        ...

    def version(self) -> int:
        """A number that moves whenever who may be reached changes."""
        ...


class Unsubscribes(Protocol):
    """Requests to be left alone, and who was told that his was honoured."""

    def add(self, request: UnsubscribeRequest) -> None: ...
    def since(self, at: Micros, mailbox_ids: tuple[str, ...] | None) -> list[tuple[str, Micros, Micros]]:
        """Of each request that was honoured since: the way, when it came and when it held."""
        ...

    def newest(self, mailbox_ids: tuple[str, ...] | None, limit: int) -> list[UnsubscribeRequest]: ...
    def confirmed_at(self, key: bytes) -> Micros | None: ...
    def confirm(self, key: bytes, at: Micros) -> None: ...
