"""Protocols and values of what is counted about mail that left, of breakers, and of what stops claims."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from multimail.core.reputation import Counts, State, WarmUp
from multimail.core.times import Micros


@dataclass(frozen=True, slots=True)
class Subject:
    """What is counted about: a mailbox by its id, a recipients' domain, or a campaign by its tag."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Breaker:
    """How a breaker stands; `base` is what hour `from_hour` had when counting began anew."""

    subject: Subject
    state: State
    reason: str
    since: Micros
    principal_id: str = ""
    from_hour: int = 0
    base: Counts = field(default=Counts())


@dataclass(frozen=True, slots=True)
class Campaign:
    """Mail with a tag, and which version of it; the empty variant is mail without one."""

    tag: str
    variant: str = ""


@dataclass(frozen=True, slots=True)
class CampaignTotal:
    """All that became of one variant of a campaign."""

    campaign: Campaign
    counts: Counts
    first_at: Micros
    last_at: Micros


@dataclass(frozen=True, slots=True)
class Stop:
    """What keeps mail from being claimed: `paused`, `throttled` to so many a minute, or `warming` until a time."""

    id: int
    subject: Subject
    mode: str
    per_minute: int
    until: Micros | None
    lifted_at: Micros | None


class Reputation(Protocol):
    """Counts by hour and by campaign, kept as things happen: nothing here looks through mail."""

    def add(self, subject: Subject, hour: int, counts: Mapping[str, int]) -> int:
        """Count, and return how many were sent in that hour by now."""
        ...

    def add_total(
        self, campaign: Campaign, mailbox_id: str, counts: Mapping[str, int], now: Micros
    ) -> None: ...
    def counts(self, subject: Subject, from_hour: int) -> Counts: ...
    def sent_by_hour(self, subject: Subject, from_hour: int, before_hour: int) -> list[int]: ...
    def by_hour(self, subject: Subject, from_hour: int) -> list[tuple[int, Counts]]: ...
    def busiest(self, kind: str, from_hour: int, limit: int) -> list[tuple[str, Counts]]: ...
    def totals(self, tag: str, mailbox_ids: Sequence[str] | None) -> list[CampaignTotal]: ...
    def campaigns(self, mailbox_ids: Sequence[str] | None, limit: int) -> list[str]: ...
    def left_from(self, tag: str) -> list[str]: ...
    def join(self, message_id: str, tags: Sequence[str], variant: str) -> None: ...
    def campaigns_of(self, message_id: str) -> list[Campaign]: ...
    def first(self, delivery_id: str, kind: str, now: Micros) -> bool:
        """Whether this is the first time that this is said of a delivery."""
        ...

    def delivery(self, delivery_id: str) -> tuple[str, str] | None:
        """The mail and the address of a delivery."""
        ...

    def breaker(self, subject: Subject) -> Breaker | None: ...
    def breakers(self, states: Sequence[State]) -> list[Breaker]: ...
    def save_breaker(self, breaker: Breaker, *, tell: bool = False) -> None:
        """Keep it; `tell` says that somebody is to be told of it."""
        ...

    def untold(self) -> list[Breaker]: ...
    def told(self, subject: Subject, now: Micros) -> None: ...
    def rules(self, subject: Subject | None) -> dict[str, Any]: ...
    def set_rules(self, subject: Subject | None, rules: Mapping[str, Any]) -> None: ...
    def prune(self, before_hour: int) -> int: ...


class WarmUps(Protocol):
    """Schedules by which new mailboxes send more day by day."""

    def of(self, mailbox_id: str) -> WarmUp | None: ...
    def put(self, mailbox_id: str, plan: WarmUp | None) -> None: ...
    def used(self, mailbox_id: str, day: int) -> int: ...
    def use(self, mailbox_id: str, day: int, count: int) -> None: ...


class Stops(Protocol):
    """What stops claims, and the lanes of what waits behind."""

    def put(
        self, subject: Subject, mode: str, *, per_minute: int = 0, until: Micros | None = None
    ) -> None: ...
    def lift(self, subject: Subject, modes: Sequence[str], now: Micros) -> int: ...
    def all(self) -> list[Stop]: ...
    def unaligned(self) -> bool: ...
    def queued_after(self, place: tuple[Micros, str], limit: int) -> list[tuple[Micros, str]]: ...
    def park(self, ids: Sequence[str]) -> int: ...
    def aligned(self, stop_ids: Sequence[int]) -> None: ...
    def lifted(self) -> list[int]: ...
    def free(self, stop_id: int, limit: int) -> int: ...
    def forget(self, stop_id: int) -> None: ...
    def over(self, now: Micros) -> list[Stop]: ...
    def next_due(self, after: Micros) -> Micros | None: ...
    def behind(self, subject: Subject) -> int: ...
    def mode_of(self, message_id: str) -> str | None: ...
