"""Ports for contacts: what is searched, kept and noted about people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from multimail.core.provenance import Field
from multimail.core.times import Micros
from multimail.ports.reading import Contact, Interaction, Sight


@dataclass(frozen=True, slots=True)
class ContactSearch:
    """A resolved contact search; all conditions together, and every fact as `sight` lets it be seen.

    `metadata` pairs are a dotted path and a scalar; None asks for contacts without the key.
    `last_contacted_before` includes those who never were.
    `order` is by id, or by `contacted` or `inbound`, `-` before it for the newest first: never with a sight of some
    mailboxes only. A page begins after `after_id`, which in an order by time had the time `after_at`.
    """

    sight: Sight = field(default_factory=Sight)
    contact_id: str | None = None
    query: str = ""
    email: str | None = None
    domain: str | None = None
    tags: tuple[str, ...] = ()
    exclude_tags: tuple[str, ...] = ()
    metadata: tuple[tuple[str, str | int | float | bool | None], ...] = ()
    last_contacted_before: Micros | None = None
    last_contacted_after: Micros | None = None
    last_inbound_before: Micros | None = None
    last_inbound_after: Micros | None = None
    replied: bool | None = None
    order: str = ""
    after_id: str = ""
    after_at: Micros | None = None
    limit: int = 20


class SaidOf(NamedTuple):
    """A contact's name and data, with who said which of it; lines are those asked for and the one of all."""

    name: str
    metadata: dict[str, Any]
    lines: Mapping[str, Field]


class Contacts(Protocol):
    """Contacts by normalised address, and their interactions."""

    def get(self, contact_id: str) -> Contact | None: ...
    def by_address(self, address: str) -> Contact | None: ...

    def ensure(self, contact_id: str, address: str, name: str, now: Micros, hidden: bool = False) -> Contact:
        """The contact of an address, made if need be. A name fills an empty one and replaces none.

        `hidden` is for mail held from agents: a contact that others know of stays known.
        """
        ...

    def add(self, contact: Contact, now: Micros) -> None:
        """A contact whose normalised address has none, with name and metadata."""
        ...

    def save(self, contact: Contact, now: Micros) -> None:
        """Write name and metadata; the contact is no longer hidden."""
        ...

    def said(self, contact_id: str) -> dict[str, Field]:
        """Who said what, by field as `core.provenance` names them."""
        ...

    def said_of(self, addresses: Sequence[str], fields: Sequence[str]) -> dict[str, SaidOf]:
        """The same of the contacts of these addresses, by normalised address."""
        ...

    def note(self, contact_id: str, lines: Mapping[str, Field | None]) -> None:
        """Write down who said what; None takes a line away."""
        ...

    def delete(self, contact_id: str, kept: Mapping[str, Field] | None = None) -> None:
        """Forget the contact, its tags and its log. Tags that stop mail stay, with the bare address and hidden, and
        so does who said what of the fields in `kept`."""
        ...

    def search(self, search: ContactSearch) -> list[Contact]:
        """A page with tags, oldest contact first unless the search says otherwise."""
        ...

    def unindexed(self) -> bool:
        """Whether `index` has anything to do."""
        ...

    def index(self, most: int) -> int:
        """Make so many contacts that came or were renamed fast to find by parts of words; how many there were.
        A search finds them before as well."""
        ...

    def tags_of_addresses(self, addresses: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """The tags of the contacts of these addresses, by the address as given; without tags, none."""
        ...

    def interacted(self, contact_id: str, interaction: Interaction) -> None:
        """Append to the contact's log and keep its figures; a hidden one leaves the figures alone."""
        ...

    def interactions(self, contact_id: str, limit: int, sight: Sight) -> list[Interaction]:
        """Newest first."""
        ...

    def reveal(self, message_id: str) -> None:
        """Held mail was released: its interactions and contacts are there for everybody."""
        ...
