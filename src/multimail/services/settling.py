"""Settling deliveries: from the outcome of each recipient to the state of the mail. Outcomes in, rows out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from multimail.core.addresses import normalise
from multimail.core.lifecycle import OUTBOUND
from multimail.core.model import MessageClass
from multimail.core.retry import GiveUp, next_try
from multimail.core.times import Micros
from multimail.ports.reading import Interaction
from multimail.ports.records import StoredDelivery, StoredMessage
from multimail.ports.store import Tx
from multimail.services import record, reputation_counts, returns, sent_views
from multimail.services.context import Call

LEFT: Final = frozenset({"sent", "stored", "captured"})
OPEN: Final = frozenset({"waiting", "queued", "claimed", "sending"})
RELEASED: Final = "released"
"""How the detail of a delivery begins that an operator let go although its mailbox only captures."""
_KIND: Final = {"sent": "relayed", "stored": "stored", "captured": "captured"}


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one delivery: its new state, the next hop's codes and words, and when to try again."""

    delivery: StoredDelivery
    status: str
    smtp_code: int | None = None
    detail: str = ""
    due_at: Micros | None = None
    enhanced: str = ""


def tried(
    call: Call, delivery: StoredDelivery, kind: str, code: int | None, detail: str, jitter: float
) -> Result:
    """The result of an attempt: temporary failures are tried again for five days (RFC 5321 section 4.5.4.1)."""
    if kind != "retry":
        return Result(delivery, kind, code, detail)
    again = next_try(delivery.attempts + 1, delivery.first_at or call.now, call.now, jitter)
    if isinstance(again, GiveUp):
        return Result(delivery, "failed", code, f"given up after five days: {detail}")
    return Result(delivery, "queued", code, still_released(delivery, detail), again.at)


def is_released(delivery: StoredDelivery) -> bool:
    """Whether an operator let it go although its mailbox only captures."""
    return delivery.detail.startswith(RELEASED)


def still_released(delivery: StoredDelivery, detail: str) -> str:
    """The detail of a delivery that is tried again: a release holds until the delivery is over."""
    if not is_released(delivery):
        return detail
    return f"{RELEASED}: {detail}" if detail else RELEASED


def settle(
    tx: Tx, call: Call, message_id: str, results: Sequence[Result], holder: str | None = None
) -> StoredMessage | None:
    """Write the results of a hand-over and move the mail where they lead. Rows that moved meanwhile stay, and so
    do those that another attempt than `holder` has claimed meanwhile: its outcome is the one that counts.

    None when somebody was erased meanwhile, and all of the mail with them.
    """
    settled = [one for one in results if _write(tx, call, one, holder)]
    message = tx.messages.get(message_id)
    if message is None:
        return None
    reputation_counts.settled(tx, message, settled, call.now)
    if settled:
        outcomes = Counter(one.status for one in settled)
        codes = sorted({one.smtp_code for one in settled if one.smtp_code is not None})
        tx.events.add(record.event(call, "message.attempted", message, outcomes=dict(outcomes), codes=codes))
        returns.refused(tx, message, settled, call.now)
    left = [one for one in settled if one.status in LEFT]
    if left:
        _interactions(tx, call, message, left)
    return arrive(tx, call, message)


def _write(tx: Tx, call: Call, result: Result, holder: str | None) -> bool:
    changes: dict[str, Any] = {
        "attempts": result.delivery.attempts + 1,
        "smtp_code": result.smtp_code,
        "detail": result.detail[:300],
        "lease_owner": None,
        "lease_until": None,
    }
    if result.due_at is not None:
        changes["due_at"] = result.due_at
    ids = [result.delivery.id]
    return any(
        tx.deliveries.move(
            ids, old, result.status, call.now, holder=None if old == "unknown" else holder, **changes
        )
        for old in _origins(result)
    )


def _origins(result: Result) -> tuple[str, ...]:
    """The states an outcome can be the end of. One that comes late may find that it was taken for unknown."""
    if result.status == "sent":
        return ("sending", "unknown")
    if result.status == "unknown":
        return ("sending",)
    if result.status == "failed":
        return ("sending", "claimed", "unknown")
    return ("sending", "claimed")


def _interactions(tx: Tx, call: Call, message: StoredMessage, left: Iterable[Result]) -> None:
    """What went out is noted with the contact, once per recipient that is not an automatic copy; the server's own
    mail is nobody's correspondence."""
    if message.message_class == MessageClass.SYSTEM:
        return
    automatic = {one.address for one in tx.messages.recipients(message.seq) if one.automatic}
    kind = "replied" if message.answers else "sent"
    for one in left:
        if one.delivery.address in automatic:
            continue
        contact = tx.contacts.ensure(call.new_id("contact"), normalise(one.delivery.address), "", call.now)
        interaction = Interaction(kind, call.now, message.mailbox_id, message.id, message.thread_id)
        tx.contacts.interacted(contact.id, interaction)


def arrive(tx: Tx, call: Call, message: StoredMessage) -> StoredMessage:
    """Move a mail to the state its deliveries add up to; nothing happens when it is there already."""
    deliveries = sent_views.current(tx.deliveries.of(message.id))
    states = {one.status for one in deliveries if one.status != "cancelled"}
    target = _adds_up(states)
    if target is None or target == message.status:
        return message
    if message.status == "queued" and target not in {"sending", "suppressed"}:
        message = tx.messages.move(message, "sending", call.now)
    if target not in OUTBOUND.moves[message.status]:
        # Bounced, say, while another recipient was still being tried: what is final stays.
        return message
    kinds = [_KIND[one.status] for one in deliveries if one.status in LEFT]
    changes: Mapping[str, Any] = {"delivery": "relayed" if "relayed" in kinds else kinds[0]} if kinds else {}
    moved = tx.messages.move(message, target, call.now, **changes)
    tx.events.add(record.event(call, f"message.{target}", moved))
    _tags(tx, call, moved, states)
    return moved


def _adds_up(states: set[str]) -> str | None:
    """None while nothing is decided yet."""
    if not states & OPEN:
        if "unknown" in states:
            return "unknown"
        if states <= LEFT | {"suppressed"} and states & LEFT:
            return "delivered"
        if not states & LEFT:
            return "failed" if "failed" in states else ("suppressed" if "suppressed" in states else None)
    return "sent" if states & LEFT else None


def _tags(tx: Tx, call: Call, message: StoredMessage, states: set[str]) -> None:
    """Tags that the send brought stay once it left, and go when it never will."""
    if states & LEFT:
        tx.tags.confirm(message.id)
    elif message.status in {"failed", "suppressed"}:
        record.withdraw_tags(tx, call, message)
