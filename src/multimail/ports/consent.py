"""Consent as the services see it: who agreed to what, by which channels they want to be reached, what mail is for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from multimail.core.consent import Record
from multimail.core.times import Micros


@dataclass(frozen=True, slots=True)
class StoredConsent:
    """A record with what proves it. `contact_id` is None once the contact is gone; the key still knows the person."""

    id: str
    key: bytes
    record: Record
    contact_id: str | None = None
    source: str = ""
    evidence: Mapping[str, Any] = field(default_factory=dict)
    recorded_at: Micros = 0
    by: str = ""
    address: str | None = None


@dataclass(frozen=True, slots=True)
class ConsentSearch:
    """What to list, newest first; `before` is the id of the last row seen."""

    key: bytes | None = None
    topic: str | None = None
    region: str | None = None
    basis: str | None = None
    provenance: str | None = None
    live_at: Micros | None = None
    before: str = ""
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Channel:
    """Whether somebody wants to be reached in a way, such as email or sms."""

    name: str
    wanted: bool
    changed_at: Micros


@dataclass(frozen=True, slots=True)
class TopicUse:
    """What a mailbox sent about a topic ('' is mail without one): mails, and how many different people."""

    mailbox_id: str
    topic: str
    mails: int
    people: int
    first_at: Micros
    last_at: Micros


class Consents(Protocol):
    """Records of consent. They are added and end; nothing else about them changes."""

    def add(self, consent: StoredConsent) -> int:
        """Write a record; its sequence number, which says what came later."""
        ...

    def records(self, keys: Sequence[bytes]) -> dict[bytes, list[Record]]:
        """Every record of these people, oldest first. One statement."""
        ...

    def end(self, seqs: Sequence[int], now: Micros) -> None:
        """Mark records as withdrawn."""
        ...

    def search(self, search: ConsentSearch) -> list[StoredConsent]:
        """A page with the addresses of those who are contacts still."""
        ...

    def channels(self, key: bytes) -> list[Channel]: ...

    def set_channel(self, key: bytes, channel: Channel, by: str) -> None: ...

    def topics(self, mailbox_ids: Sequence[str]) -> list[TopicUse]:
        """What these mailboxes sent about what, mail that left or was taken in only."""
        ...

    def counts(self, now: Micros) -> dict[str, Counter[str]]:
        """How many people gave which basis, by topic, of what counts now."""
        ...


class PersonalData(Protocol):
    """Everything that is kept about one normalised address, for whoever asks for it. Reads only, oldest first."""

    def mails(self, address: str) -> list[str]:
        """The ids of all mail from or to it."""
        ...

    def deliveries(self, message_id: str, address: str) -> list[dict[str, Any]]:
        """What became of its copies of a mail."""
        ...

    def records(self, key: bytes) -> dict[str, list[dict[str, Any]]]:
        """What is on record by the person's key, by kind: what keeps mail from them, requests, sequences; times in
        microseconds."""
        ...

    def events(self, contact_id: str, message_ids: Sequence[str]) -> list[dict[str, Any]]:
        """What was done with the contact, or with these mails."""
        ...

    def calls(self, targets: Sequence[str]) -> list[dict[str, Any]]:
        """Who looked at or worked on these contacts and mails."""
        ...
