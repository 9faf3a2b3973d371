"""From the log of events to deliveries: which webhook is told what.

Each webhook has its place in the log and is looked at from there, so that nothing between a commit and a post can be
lost, whatever dies; and there is one delivery for each webhook and event, however often this is done.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from multimail.core import notices
from multimail.core.tags import split
from multimail.core.times import Micros
from multimail.ports.reading import APPEARANCES
from multimail.ports.records import Event
from multimail.ports.store import Tx
from multimail.ports.webhooks import NewDelivery, Webhook
from multimail.services.context import Services
from multimail.services.payloads import Notice, notice

BATCH: Final = 100
"""Events that one look takes in for each webhook."""
_FAR: Final = 1_000
"""Events without a match after which the place is written down all the same."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a look found for one webhook: its new place, the notices for it, and whether there may be more."""

    webhook: Webhook
    position: int
    notices: tuple[Notice, ...] = ()
    more: bool = False


@dataclass(slots=True)
class Fanout:
    """Looks through the log for all active webhooks. Places without a match are only remembered here: looking again
    after a restart finds nothing there either."""

    services: Services
    serves: bool = False
    """Whether the last look found an active webhook."""
    _seen: dict[str, tuple[Micros, int]] = field(default_factory=dict)

    async def step(self) -> int:
        """Write the deliveries of the next events; returns 0 when all were looked at and nothing was found."""
        found = await self.services.store.read(self._look)
        self.serves = bool(found)
        worth = [one for one in found if one.notices or one.position - one.webhook.position >= _FAR]
        if worth:
            await self.services.store.write(lambda tx: _write(tx, self.services, worth))
        self._seen = {one.webhook.id: (one.webhook.updated_at, one.position) for one in found}
        return sum(len(one.notices) + one.more for one in found)

    def _look(self, tx: Tx) -> list[Found]:
        webhooks = tx.webhooks.active()
        if not webhooks:
            return []
        newest = tx.inbox.position_now()
        pages: dict[int, list[Event]] = {}
        return [self._look_for(tx, one, newest, pages) for one in webhooks]

    def _look_for(self, tx: Tx, webhook: Webhook, newest: int, pages: dict[int, list[Event]]) -> Found:
        updated_at, seen = self._seen.get(webhook.id, (0, 0))
        start = max(webhook.position, seen) if updated_at == webhook.updated_at else webhook.position
        if start >= newest:
            return Found(webhook, start)
        if start not in pages:
            pages[start] = tx.events.after(start, BATCH)
        return _found(tx, webhook, pages[start], start)


def catch_up(tx: Tx, services: Services, webhook: Webhook) -> int:
    """Write down all that happened so far for a webhook as it is, before it is changed; returns its new place."""
    position = webhook.position
    while events := tx.events.after(position, BATCH):
        found = _found(tx, webhook, events, position)
        _add(tx, services, found)
        position = found.position
    return position


def _write(tx: Tx, services: Services, found: Sequence[Found]) -> None:
    """Write the deliveries of a look, but for webhooks that were changed since."""
    for one in found:
        if tx.webhooks.advance(one.webhook, one.position):
            _add(tx, services, one)


def _add(tx: Tx, services: Services, found: Found) -> None:
    now, webhook_id = services.clock.now(), found.webhook.id
    rows = [
        NewDelivery(services.ids.new("whd", now), webhook_id, told.event.seq, told.name)
        for told in found.notices
    ]
    tx.webhook_deliveries.add(rows, now)


def _found(tx: Tx, webhook: Webhook, events: Sequence[Event], start: int) -> Found:
    position = events[-1].seq if events else start
    return Found(webhook, position, tuple(_for(tx, webhook, events)), more=len(events) == BATCH)


def _for(tx: Tx, webhook: Webhook, events: Sequence[Event]) -> Iterator[Notice]:
    """The events that this webhook is told."""
    for event in events:
        if not _may_match(webhook, event):
            continue
        told = notice(tx, event, webhook.sight)
        if told is not None and notices.matches(webhook.events, told.name) and _tagged(tx, webhook, told):
            yield told


def _may_match(webhook: Webhook, event: Event) -> bool:
    """A first look at the names alone, before any row is read."""
    names = {notices.name_of(event.kind)} | ({"message.received"} if event.kind in APPEARANCES else set())
    return any(name is not None and notices.matches(webhook.events, name) for name in names)


def _tagged(tx: Tx, webhook: Webhook, told: Notice) -> bool:
    """Whether what the event is about carries all tags of the webhook, or just lost or got them."""
    if not webhook.tags:
        return True
    event = told.event
    targets = (("message", event.message_id), ("thread", event.thread_id), ("contact", event.contact_id))
    has = {one.tag: one.value for kind, target in targets if target for one in tx.tags.of(kind, target)}
    has |= {name: has.get(name, "") for change in ("added", "removed") for name in event.data.get(change, ())}
    return all(name in has and value in {"", has[name]} for name, value in map(split, webhook.tags))
