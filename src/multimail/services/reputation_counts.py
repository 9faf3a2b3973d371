"""Counting what becomes of mail, in the transaction in which it is written down: sent, bounced, complained, replied.

Nothing is looked through: each count is a row that grows. Whatever is said of a delivery counts once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Literal, Protocol

from multimail.core.addresses import domain_of, normalise
from multimail.core.model import MessageClass
from multimail.core.reputation import CAMPAIGN, DOMAIN, MAILBOX, VARIANT, hour_of
from multimail.core.tags import is_reserved, split
from multimail.core.times import Micros
from multimail.ports.records import StoredDelivery, StoredMessage
from multimail.ports.reputation import Subject
from multimail.ports.store import Tx
from multimail.services import breakers

Returned = Literal["hard", "soft", "complaint"]
_COUNTED_AS: Final[dict[str, str]] = {"hard": "bounced", "soft": "soft_bounced", "complaint": "complained"}
_BAD: Final = frozenset({"bounced", "complained"})
_KEPT: Final = frozenset({"stored", "captured"})


class Settled(Protocol):
    """What became of one delivery."""

    @property
    def delivery(self) -> StoredDelivery: ...
    @property
    def status(self) -> str: ...
    @property
    def smtp_code(self) -> int | None: ...


def join(tx: Tx, message_id: str, tags: Iterable[str]) -> None:
    """The tags that a mail is sent with are the campaigns it belongs to; `variant=…` says which version it is."""
    given = list(tags)
    variant = next((value for name, value in map(split, given) if name == VARIANT), "")
    campaigns = [one for one in given if (name := split(one)[0]) != VARIANT and not is_reserved(name)]
    if campaigns:
        tx.reputation.join(message_id, campaigns, variant)


def settled(tx: Tx, message: StoredMessage, results: Sequence[Settled], now: Micros) -> None:
    """Count what a hand-over came to. What stays on this server says nothing about its reputation, but belongs to its
    campaign."""
    if message.message_class == MessageClass.SYSTEM:
        return
    outside = [(one.delivery, found) for one in results if (found := _outcome(tx, one, now))]
    kept = [one.delivery for one in results if one.status in _KEPT]
    for domain, counts in _by_domain(outside).items():
        tx.reputation.add(Subject(DOMAIN, domain), hour_of(now), counts)
    _count(tx, Subject(MAILBOX, message.mailbox_id), _sum(found for _, found in outside), now)
    if outside or kept:
        _of_campaigns(tx, message, outside, kept, now)


def _outcome(tx: Tx, result: Settled, now: Micros) -> dict[str, int]:
    """Nothing while it is not over, or where it never came to a next hop."""
    if result.status == "sent":
        return {"sent": 1}
    if result.status != "failed" or result.smtp_code is None:
        return {}
    kind = "bounced" if result.smtp_code >= 500 else "soft_bounced"
    return {"sent": 1, kind: int(tx.reputation.first(result.delivery.id, kind, now))}


def _of_campaigns(
    tx: Tx,
    message: StoredMessage,
    outside: Sequence[tuple[StoredDelivery, dict[str, int]]],
    kept: Sequence[StoredDelivery],
    now: Micros,
) -> None:
    campaigns = tx.reputation.campaigns_of(message.id)
    if not campaigns:
        return
    automatic = {one.address for one in tx.messages.recipients(message.seq) if one.automatic}
    counts = _sum(found for one, found in outside if one.address not in automatic)
    here = sum(one.address not in automatic for one in kept)
    for campaign in campaigns:
        total = Counter(counts)
        total["sent"] += here
        tx.reputation.add_total(campaign, message.mailbox_id, total, now)
        _count(tx, Subject(CAMPAIGN, campaign.tag), counts, now)


def returned(tx: Tx, delivery_id: str, kind: Returned, now: Micros) -> bool:
    """A delivery came back for good or for a while, or its recipient complained; False if that was counted already.

    For callers that know the delivery from something nobody can forge.
    """
    return _later(tx, delivery_id, _COUNTED_AS[kind], now)


def opted_out(tx: Tx, message_id: str, address: str, now: Micros) -> bool:
    """A recipient of a mail wants no more; False if that was counted already, or the mail did not go to them."""
    return _by_recipient(tx, message_id, address, "unsubscribed", now)


def replied(tx: Tx, message_id: str, author: str, now: Micros) -> bool:
    """A person answered a mail; each recipient counts once."""
    return _by_recipient(tx, message_id, author, "replied", now)


def _by_recipient(tx: Tx, message_id: str, author: str, counted: str, now: Micros) -> bool:
    found = [one for one in tx.deliveries.of(message_id) if normalise(one.address) == normalise(author)]
    return sum(_later(tx, one.id, counted, now) for one in found) > 0


def _later(tx: Tx, delivery_id: str, counted: str, now: Micros) -> bool:
    """Something about a delivery that is over: it counts when it is heard of."""
    about = tx.reputation.delivery(delivery_id)
    message = tx.messages.get(about[0]) if about else None
    if about is None or message is None or not tx.reputation.first(delivery_id, counted, now):
        return False
    counts = {counted: 1}
    tx.reputation.add(Subject(DOMAIN, domain_of(normalise(about[1]))), hour_of(now), counts)
    _count(tx, Subject(MAILBOX, message.mailbox_id), counts, now)
    for campaign in tx.reputation.campaigns_of(message.id):
        tx.reputation.add_total(campaign, message.mailbox_id, counts, now)
        _count(tx, Subject(CAMPAIGN, campaign.tag), counts, now)
    return True


def _count(tx: Tx, subject: Subject, counts: Mapping[str, int], now: Micros) -> None:
    if not any(counts.values()):
        return
    sent = tx.reputation.add(subject, hour_of(now), counts)
    bad = any(counts.get(name, 0) for name in _BAD)
    breakers.counted(tx, now, subject, sent=sent, added=counts.get("sent", 0), bad=bad)


def _by_domain(outside: Iterable[tuple[StoredDelivery, dict[str, int]]]) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for delivery, counts in outside:
        found.setdefault(domain_of(normalise(delivery.address)), Counter()).update(counts)
    return found


def _sum(counts: Iterable[Mapping[str, int]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for one in counts:
        total.update(one)
    return total
