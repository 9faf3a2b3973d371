"""Ports for webhooks: subscriptions, what is on its way to them, and whoever posts it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from multimail.core.times import Micros
from multimail.ports.reading import Sight


@dataclass(frozen=True, slots=True)
class Webhook:
    """A subscription. `position` is the place in the log up to which events were looked at for it.

    `delivered` and `failed` count deliveries that are over, `failures` the failed tries since the last that went
    well. The old secret signs as well until `old_until`.
    """

    id: str
    url: str
    events: tuple[str, ...]
    mailbox_id: str | None
    tags: tuple[str, ...]
    audience: str
    description: str
    secret: str
    position: int
    created_at: Micros
    updated_at: Micros
    old_secret: str | None = None
    old_until: Micros | None = None
    state: str = "active"
    reason: str = ""
    delivered: int = 0
    failed: int = 0
    failures: int = 0
    last_delivered_at: Micros | None = None
    last_failed_at: Micros | None = None
    last_failure: str = ""
    deleted_at: Micros | None = None

    @property
    def sight(self) -> Sight:
        """What its receiver may see."""
        boxes = None if self.mailbox_id is None else (self.mailbox_id,)
        return Sight(boxes, see_hidden=self.audience == "reviewer")

    def secrets(self, now: Micros) -> tuple[str, ...]:
        """What signs at this moment, the newest first."""
        if self.old_secret is None or self.old_until is None or self.old_until <= now:
            return (self.secret,)
        return (self.secret, self.old_secret)

    def changed(self, now: Micros, **changes: Any) -> Webhook:
        return replace(self, updated_at=now, **changes)


@dataclass(frozen=True, slots=True)
class Try:
    """One try: `took` is its length, `status` the HTTP answer if there was one."""

    at: Micros
    took: Micros
    status: int | None
    detail: str


@dataclass(frozen=True, slots=True)
class HookDelivery:
    """An event on its way to one webhook."""

    seq: int
    id: str
    webhook_id: str
    event_seq: int
    event: str
    status: str
    attempts: int
    due_at: Micros
    body: bytes | None
    tries: tuple[Try, ...]
    created_at: Micros
    done_at: Micros | None


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """An event that a webhook is to be told, under this name."""

    id: str
    webhook_id: str
    event_seq: int
    event: str


class Webhooks(Protocol):
    """Subscriptions. Deleted ones are found nowhere; their rows stay for the record."""

    def insert(self, webhook: Webhook) -> None: ...
    def get(self, webhook_id: str) -> Webhook | None: ...

    def all(self) -> list[Webhook]:
        """Oldest first."""
        ...

    def active(self) -> list[Webhook]:
        """Those that are posted to, oldest first."""
        ...

    def save(self, webhook: Webhook) -> None:
        """Write all of it."""
        ...

    def advance(self, webhook: Webhook, position: int) -> bool:
        """Move its position on; False when somebody changed the webhook since it was read."""
        ...


class HookDeliveries(Protocol):
    """What is on its way. One row for each webhook and event, whatever is asked twice."""

    def add(self, rows: Sequence[NewDelivery], now: Micros) -> None:
        """Due now, in the order given; what is there already stays as it is."""
        ...

    def get(self, delivery_id: str) -> HookDelivery | None: ...

    def of_event(self, webhook_id: str, event_seq: int) -> HookDelivery | None: ...

    def page(
        self, webhook_id: str | None, status: str | None, before_seq: int | None, limit: int
    ) -> list[HookDelivery]:
        """Newest first; of webhooks that are deleted, too."""
        ...

    def failed_since(self, webhook_id: str | None, since: Micros, limit: int) -> list[HookDelivery]:
        """Given up since then, oldest first; only of webhooks that are still there."""
        ...

    def pending(self, webhook_id: str) -> int:
        """How many wait."""
        ...

    def due(self, now: Micros) -> list[str]:
        """Active webhooks for which `claim` would find something."""
        ...

    def claim(self, webhook_id: str, owner: str, now: Micros, until: Micros) -> HookDelivery | None:
        """Take the lease of the one that has been due longest, if the webhook is active."""
        ...

    def drop(self, delivery_id: str) -> None:
        """Take one away of which nothing is left to tell."""
        ...

    def keep_body(self, delivery_id: str, body: bytes) -> None: ...

    def settle(self, delivery: HookDelivery, owner: str, status: str, due_at: Micros, now: Micros) -> bool:
        """Write attempts, tries and the new status, and give up the lease; False when the lease was lost."""
        ...

    def fail_pending(self, webhook_id: str, now: Micros) -> int:
        """Give up all that waits for a webhook; how many."""
        ...

    def forget_pending(self, webhook_id: str) -> int:
        """Take away all that waits for a webhook; how many."""
        ...

    def replay(self, delivery_ids: Sequence[str], now: Micros) -> list[str]:
        """Due now, with all tries ahead; returns their ids without those that are being posted."""
        ...

    def release(self) -> int:
        """Give up all leases: only for who knows that nobody else posts."""
        ...

    def next_due(self, after: Micros) -> Micros | None:
        """When, behind `after`, the next one of an active webhook can be claimed."""
        ...

    def forget_contact(self, contact_id: str) -> int:
        """Forget the bodies that told of a contact, posted or not; what still waits is made anew. How many."""
        ...

    def prune(self, bodies_before: Micros, rows_before: Micros) -> int:
        """Forget bodies, and later whole rows, of what was over by then; how many rows changed."""
        ...


@dataclass(frozen=True, slots=True)
class Post:
    """What is posted: `secrets` sign it, the newest first, at the time `at`."""

    url: str
    body: bytes
    event: str
    event_id: str
    delivery_id: str
    secrets: tuple[str, ...]
    at: Micros


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a post. Without a `status` there was no answer; `detail` says why, or how the answer began.

    `retry_after` is how long the receiver asked to be left alone, in microseconds.
    """

    status: int | None
    took: Micros
    detail: str = ""
    retry_after: Micros = 0

    @property
    def accepted(self) -> bool:
        """Whether the receiver took it (RFC 9110 section 15.3)."""
        return self.status is not None and 200 <= self.status < 300


class HookSender(Protocol):
    """Posts to receivers. Never raises for what a receiver or the network does."""

    async def post(self, post: Post) -> Answer: ...
