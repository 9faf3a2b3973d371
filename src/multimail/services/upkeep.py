"""Work that time brings: schedules come due, held mail expires, leases of the dead are rescued, the old is pruned.

Each step does a bounded amount and returns how much it did; no step waits.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Final

from multimail.core.reputation import KEPT_HOURS, hour_of
from multimail.core.times import DAY, Micros
from multimail.core.webhooks import BODIES_FOR, ROWS_FOR
from multimail.ports.records import StoredMessage
from multimail.ports.store import Tx
from multimail.services import breakers, pacing, record, review_notices, settling
from multimail.services.context import Call, Services
from multimail.services.machine import machine_call

_LOG: Final = logging.getLogger(__name__)
BATCH: Final = 100


async def step(services: Services) -> int:
    """Everything that is due now; returns how many mails were moved."""
    now = services.clock.now()
    due = await services.store.read(lambda tx: tx.messages.next_timer())
    if due is None or due > now:
        return 0
    return await services.store.write(lambda tx: _timers(tx, machine_call(services)))


def _timers(tx: Tx, call: Call) -> int:
    due = tx.messages.due_schedules(call.now, BATCH)
    for one in due:
        _release(tx, call, one)
    over = tx.messages.expired(call.now, BATCH)
    for one in over:
        _expire(tx, call, one)
    return len(due) + len(over)


def _release(tx: Tx, call: Call, message: StoredMessage) -> None:
    """Approved or free, its time has come."""
    moved = tx.messages.move(message, "queued", call.now)
    tx.deliveries.queue(message.id, call.now, call.now)
    tx.events.add(record.event(call, "message.queued", moved))


def _expire(tx: Tx, call: Call, message: StoredMessage) -> None:
    """Nobody decided: `expired`, never "rejected"."""
    gone = tx.messages.move(message, "expired", call.now, expires_at=None)
    record.never_leaves(tx, call, gone, "message.expired")


async def rescue(services: Services, *, alone: bool) -> int:
    """Take back what a dead sender had claimed. `alone` says that no other sender can be alive.

    Claimed only: nothing that counts was said to the next hop, so it is queued again. Marked `sending`: nobody
    knows, so it is `unknown` for a person to look at, unless the mailbox chose to have it sent again.
    """
    now = services.clock.now()
    found = await services.store.read(lambda tx: tx.deliveries.leased(now, whoever=alone))
    ids = list(dict.fromkeys(one.message_id for one in found))
    works = [partial(_rescued, services=services, message_id=one, alone=alone) for one in ids]
    outcomes = await asyncio.gather(*map(services.store.write, works), return_exceptions=True)
    for message_id, outcome in zip(ids, outcomes, strict=True):
        if isinstance(outcome, BaseException):
            _LOG.error("what was claimed of %s could not be taken back", message_id, exc_info=outcome)
    return sum(outcome for outcome in outcomes if isinstance(outcome, int))


def _rescued(tx: Tx, services: Services, message_id: str, *, alone: bool) -> int:
    """One mail at a time: one that cannot be rescued must not stop the others."""
    call = machine_call(services)
    found = [one for one in tx.deliveries.leased(call.now, whoever=alone) if one.message_id == message_id]
    again = _resends(tx, message_id)
    for one in found:
        queued = one.status == "claimed" or again
        detail = settling.still_released(one, "") if queued else "a crash hid the outcome"
        target = "queued" if queued else "unknown"
        tx.deliveries.move(
            [one.id], one.status, target, call.now, detail=detail, lease_owner=None, lease_until=None
        )
    message = tx.messages.get(message_id)
    if message is not None:
        settling.arrive(tx, call, message)
    return len(found)


def _resends(tx: Tx, message_id: str) -> bool:
    message = tx.messages.get(message_id)
    box = tx.mailboxes.get(message.mailbox_id) if message else None
    return box is not None and box.resend_unknown


async def prune(services: Services) -> int:
    """Forget idempotency keys, sessions, links, uploaded files and posted webhooks that are over."""
    now = services.clock.now()
    before: Micros = now - services.limits.idempotency_for

    def forget(tx: Tx) -> int:
        kept = tx.idempotency.prune(before) + tx.sessions.prune(now) + tx.uploads.prune(now, BATCH)
        kept += tx.purge.forget(now - DAY) + tx.pace.prune(now - pacing.LONGEST)
        kept += tx.reputation.prune(hour_of(now) - KEPT_HOURS)
        return kept + tx.webhook_deliveries.prune(now - BODIES_FOR, now - ROWS_FOR)

    return await services.store.write(forget)


Due = Callable[[Tx, Micros], Micros | None]
"""When, after a moment, there is something to do that no commit tells of; None when nothing waits for time."""


def _of_outbox(tx: Tx, now: Micros) -> Micros | None:
    """A stop that ends lets deliveries go as well."""
    times = (tx.deliveries.next_due(now), breakers.next_due(tx, now))
    return min((at for at in times if at is not None), default=None)


DUE: Final[Mapping[str, Due]] = {
    "timers": lambda tx, now: tx.messages.next_timer(),
    "outbox": _of_outbox,
    "breakers": breakers.next_due,
    "webhooks": lambda tx, now: tx.webhook_deliveries.next_due(now),
    "notices": review_notices.next_due,
    "sequences": lambda tx, now: tx.sequences.next_due(now),
}
"""By the name of the loop that does it; the others do what a commit tells of."""


async def next_due(services: Services, now: Micros, dues: Collection[Due] = DUE.values()) -> Micros | None:
    """When, after `now`, the next thing of these is due; None when nothing waits for time.

    What is due already was looked at: if it is still there it waits for something else, such as the end of a
    freeze, and must not hide what comes after it.
    """
    if not dues:
        return None
    times = await services.store.read(lambda tx: [due(tx, now) for due in dues])
    return min((at for at in times if at is not None and at > now), default=None)
