"""Ports for the audit: lines of the log and of the record of calls, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from multimail.core.times import Micros
from multimail.ports.records import Event, StoredCall


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines. None is no bound; `kinds` are names of events, or of operations for calls."""

    kinds: Sequence[str] | None = None
    mailbox_ids: Sequence[str] | None = None
    principal_id: str | None = None
    message_id: str | None = None
    since: Micros | None = None
    until: Micros | None = None
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A line that was shown: what comes behind it is older, or as old and was written before it."""

    at: Micros
    seq: int


@dataclass(frozen=True, slots=True)
class CallRow:
    """A recorded call with its place."""

    seq: int
    call: StoredCall


class Audit(Protocol):
    """Reading what happened, by time."""

    def events(self, wanted: Wanted, behind: Place | None, limit: int) -> list[Event]: ...
    def calls(self, wanted: Wanted, behind: Place | None, limit: int) -> list[CallRow]: ...
    def place_of_event(self, seq: int) -> Place | None: ...
    def place_of_call(self, seq: int) -> Place | None: ...
