"""Work that time brings: schedules come due, held mail expires, leases of the dead are rescued, the old is pruned.

Each step does a bounded amount and returns how much it did; no step waits.
"""

from __future__ import annotations

from multimail.core.errors import Problem
from multimail.core.times import Micros
from multimail.ports.records import StoredMessage
from multimail.ports.store import Tx
from multimail.services import record, settling
from multimail.services.context import Call, Services
from multimail.services.machine import machine_call

BATCH = 100


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
    return await services.store.write(lambda tx: _rescued(tx, machine_call(services), alone=alone))


def _rescued(tx: Tx, call: Call, *, alone: bool) -> int:
    found = tx.deliveries.leased(call.now, whoever=alone)
    for one in found:
        target = "queued" if one.status == "claimed" or _resends(tx, one.message_id) else "unknown"
        detail = "" if target == "queued" else "a crash hid the outcome"
        tx.deliveries.move(
            [one.id], one.status, target, call.now, detail=detail, lease_owner=None, lease_until=None
        )
    for message_id in dict.fromkeys(one.message_id for one in found):
        message = tx.messages.get(message_id)
        if message is not None:
            settling.arrive(tx, call, message)
    return len(found)


def _resends(tx: Tx, message_id: str) -> bool:
    message = tx.messages.get(message_id)
    box = tx.mailboxes.get(message.mailbox_id) if message else None
    return box is not None and box.resend_unknown


async def prune(services: Services) -> int:
    """Forget idempotency keys, sessions and links that are over."""
    now = services.clock.now()
    before: Micros = now - services.limits.idempotency_for
    return await services.store.write(lambda tx: tx.idempotency.prune(before) + tx.sessions.prune(now))


async def next_due(services: Services) -> Micros | None:
    """When the next timer or delivery is due; None when nothing waits for time."""

    def look(tx: Tx) -> list[Micros | None]:
        return [tx.messages.next_timer(), tx.deliveries.next_due()]

    try:
        times = [at for at in await services.store.read(look) if at is not None]
    except Problem:
        return None
    return min(times) if times else None
