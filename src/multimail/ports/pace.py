"""Ports for pace: rules, whose clocks people live by, and what was handed over to whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from multimail.core.pace import Handed, PaceRule
from multimail.core.times import Micros


@dataclass(frozen=True, slots=True)
class NewlyHanded:
    """A mail that is being handed over to somebody, for the caps. `key` is the address's, in hexadecimal."""

    key: str
    delivery_id: str
    mailbox_id: str
    topic: str
    at: Micros


@dataclass(frozen=True, slots=True)
class PastDelivery:
    """What was handed over before there was a cap to count it."""

    delivery_id: str
    address: str
    mailbox_id: str
    topic: str
    at: Micros


class Pace(Protocol):
    """Rules of pace and what they count."""

    def rules(self, mailbox_id: str) -> list[PaceRule]:
        """Those that hold for mail of this mailbox, of whatever topic."""
        ...

    def all(self) -> list[PaceRule]: ...
    def save(self, rule: PaceRule, principal_id: str, now: Micros) -> None: ...
    def delete(self, rule_id: str) -> None: ...
    def zones_of_domains(self, domains: Sequence[str] | None = None) -> dict[str, str]: ...
    def set_zone_of_domain(self, domain: str, zone: str | None, principal_id: str, now: Micros) -> None: ...
    def handed(self, keys: Sequence[str], since: Micros, but: Sequence[str] = ()) -> dict[str, list[Handed]]:
        """What each got, or may have got, after `since`; deliveries in `but` and what failed do not count."""
        ...

    def count(self, rows: Sequence[NewlyHanded]) -> None:
        """Count these from now on; one that is tried again counts once, at its last time."""
        ...

    def past(self, since: Micros) -> list[PastDelivery]:
        """What was handed over after `since` and is not counted."""
        ...

    def wake(self, now: Micros, address: str | None = None) -> int:
        """Whatever waits for its hours or its turn, or what of it goes to one normalised address, is due now, to be
        asked again."""
        ...

    def prune(self, before: Micros) -> int: ...
