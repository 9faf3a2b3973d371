"""The store as the services see it: one transaction is one synchronous function."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from multimail.ports.accounts import Mailboxes, Principals, Sessions, Settings
from multimail.ports.intake import Arrivals, Threads
from multimail.ports.messages import Decisions, Deliveries, Idempotency, Messages, Revisions
from multimail.ports.reading import Contacts, Inbox, Tags
from multimail.ports.records import Event, StoredCall
from multimail.ports.uploads import Uploads

T = TypeVar("T")


class Events(Protocol):
    """The audit log, in order."""

    def add(self, event: Event) -> None: ...
    def of_message(self, message_id: str, limit: int) -> list[Event]: ...
    def after(self, seq: int, limit: int) -> list[Event]: ...
    def call(self, call: StoredCall) -> None: ...
    def calls(self, principal_id: str | None, limit: int) -> list[StoredCall]: ...


class Tx(Protocol):
    """Everything a transaction can do, by noun. Never awaited, never kept beyond its function."""

    @property
    def principals(self) -> Principals: ...
    @property
    def sessions(self) -> Sessions: ...
    @property
    def settings(self) -> Settings: ...
    @property
    def mailboxes(self) -> Mailboxes: ...
    @property
    def messages(self) -> Messages: ...
    @property
    def revisions(self) -> Revisions: ...
    @property
    def deliveries(self) -> Deliveries: ...
    @property
    def decisions(self) -> Decisions: ...
    @property
    def idempotency(self) -> Idempotency: ...
    @property
    def inbox(self) -> Inbox: ...
    @property
    def tags(self) -> Tags: ...
    @property
    def contacts(self) -> Contacts: ...
    @property
    def threads(self) -> Threads: ...
    @property
    def arrivals(self) -> Arrivals: ...
    @property
    def uploads(self) -> Uploads: ...
    @property
    def events(self) -> Events: ...

    def attempt(self, work: Callable[[], T]) -> T:
        """Run a part of the transaction: if it raises, the part is undone and nothing else."""
        ...


class Store(Protocol):
    """Transactions. A write's answer comes after its commit; a read sees every earlier write of this process."""

    async def write(self, work: Callable[[Tx], T]) -> T:
        """Run in the next group commit; the caller's cancellation cannot tear it."""
        ...

    def post(self, work: Callable[[Tx], object]) -> None:
        """Write without waiting; a later `read` of this process waits for it."""
        ...

    def later(self, work: Callable[[Tx], object]) -> None:
        """Write within 100 ms, without any promise of order; for the call log."""
        ...

    async def read(self, work: Callable[[Tx], T], *, search: bool = False) -> T:
        """Run on a snapshot; `search` takes the lane where slow work does not delay point reads."""
        ...

    def instant(self, work: Callable[[Tx], T]) -> T:
        """A primary-key look-up on the caller's own thread: microseconds, nothing else."""
        ...

    def version(self) -> int:
        """A number that changes with every commit of any process."""
        ...

    async def changed(self, since: int, timeout: float) -> int:  # noqa: ASYNC109 - a result, not an error
        """Return the version once it differs from `since`, or after `timeout` seconds."""
        ...

    async def close(self) -> None: ...
