"""When a mail may reach each of its recipients: asked at hand-over, and once more in the transaction that marks it.

Caps are kept by that second look: what is marked is counted in the same transaction, so of two mails to one person
that are handed over at once the later mark sees the earlier one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from multimail.core.message_class import believed
from multimail.core.model import MessageClass, Purpose
from multimail.core.pace import CAPPED, PERIODS, QUIET, Delay, PaceRule, delay
from multimail.core.times import Micros, to_datetime, to_rfc3339
from multimail.ports.pace import NewlyHanded
from multimail.ports.records import Claim, NewMessage, StoredDelivery, StoredMessage
from multimail.ports.store import Tx
from multimail.services import address_keys, facts, record, settling, time_zones
from multimail.services.context import Call
from multimail.services.rendering import purpose_in
from multimail.services.settling import Result

LONGEST: Final = max(PERIODS.values())
_WORDS: Final = {CAPPED: "got as many mails as is allowed", QUIET: "quiet hours on the recipient's clock"}


@dataclass(frozen=True, slots=True)
class Wait:
    """Not now: until when it waits, or None when it is to be left out; and the reason, as the delivery tells it."""

    until: Micros | None
    reason: str


def waits(
    tx: Tx, claim: Claim, purpose: Purpose, deliveries: Sequence[StoredDelivery], now: Micros
) -> Mapping[str, Wait]:
    """Those of the deliveries that may not go now, by id."""
    rules = _rules(tx, claim, purpose)
    return _asked(tx, claim, rules, _people(tx, claim, deliveries), now) if rules and deliveries else {}


def let_go(tx: Tx, call: Call, claim: Claim, ids: Sequence[str]) -> list[str]:
    """Ask once more, right before content leaves: those whose time it is are counted and returned, in this
    transaction. The others are put back to wait, or left out."""
    purpose = _purpose(tx, claim) if ids and tx.pace.rules(claim.mailbox.id) else None
    rules = _rules(tx, claim, purpose) if purpose is not None else []
    if purpose is None or not rules:
        return list(ids)
    people = _people(tx, claim, [one for one in claim.deliveries if one.id in set(ids)])
    waiting = _asked(tx, claim, rules, people, call.now)
    going = [one for one in people if one.id not in waiting]
    if going and any(rule.caps for rule in rules):
        _count(tx, claim, purpose.topic, going, call.now)
    put_back(tx, call, claim, [(one, waiting[one.id]) for one in people if one.id in waiting])
    refused = [Result(one, "suppressed", None, wait.reason) for one, wait in _refused(people, waiting)]
    if refused:
        settling.settle(tx, call, claim.message.id, refused, claim.owner)
    return [one for one in ids if one not in waiting]


def _refused(
    people: Sequence[StoredDelivery], waiting: Mapping[str, Wait]
) -> list[tuple[StoredDelivery, Wait]]:
    return [(one, waiting[one.id]) for one in people if one.id in waiting and waiting[one.id].until is None]


def _count(tx: Tx, claim: Claim, topic: str, going: Sequence[StoredDelivery], now: Micros) -> None:
    keys, mailbox_id = _keys(tx, going), claim.mailbox.id
    tx.pace.count([NewlyHanded(keys[one.address], one.id, mailbox_id, topic, now) for one in going])


def put_back(tx: Tx, call: Call, claim: Claim, later: Sequence[tuple[StoredDelivery, Wait]]) -> None:
    """Let deliveries wait until their time. Waiting is no attempt: the days after which a mail is given up begin
    with the first one, and go on after the wait."""
    for one, wait in later:
        if wait.until is not None:
            first = (one.first_at or call.now) + wait.until - call.now if one.attempts else None
            tx.deliveries.move(
                [one.id], "claimed", "queued", call.now, holder=claim.owner, due_at=wait.until, first_at=first,
                detail=settling.still_released(one, wait.reason), lease_owner=None, lease_until=None,
            )  # fmt: skip
    until = [wait.until for _, wait in later if wait.until is not None]
    if until:
        reasons = sorted({wait.reason.partition(":")[0] for _, wait in later})
        data = {"count": len(until), "reasons": reasons, "until": to_rfc3339(min(until))}
        tx.events.add(record.event(call, "message.waits", claim.message, **data))


def is_paced(delivery: StoredDelivery) -> bool:
    """Whether it waits for its hours or its turn."""
    return delivery.status == "queued" and any(reason in delivery.detail for reason in _WORDS)


def _rules(tx: Tx, claim: Claim, purpose: Purpose) -> list[PaceRule]:
    """The rules for a mail; for nearly all accounts a look at an empty table."""
    rules = [one for one in tx.pace.rules(claim.mailbox.id) if one.topic in {"", purpose.topic}]
    if not rules or claim.message.message_class == MessageClass.SYSTEM:
        return []
    if _class(claim, purpose) is MessageClass.TRANSACTIONAL:
        return [rule for rule in rules if rule.transactional]
    return rules


def _purpose(tx: Tx, claim: Claim) -> Purpose | None:
    revision = tx.revisions.get(claim.message.id, claim.message.revision)
    return purpose_in(revision.envelope) if revision is not None else None


def _class(claim: Claim, purpose: Purpose) -> MessageClass | None:
    """What the mail is: an author's `transactional` is believed once a person let the mail go as such."""
    approved = claim.message.approved_digest is not None and claim.message.released_digest is None
    by_operator = facts.operator_class(claim.mailbox, purpose.topic)
    known = believed(purpose.claimed, by_operator)
    alone = known is MessageClass.TRANSACTIONAL and by_operator is None
    return None if alone and not approved else known


def _people(tx: Tx, claim: Claim, deliveries: Sequence[StoredDelivery]) -> list[StoredDelivery]:
    """The deliveries to those the author wrote to: copies that an operator asked for come whenever they come."""
    automatic = {one.address for one in tx.messages.recipients(claim.message.seq) if one.automatic}
    return [one for one in deliveries if one.address not in automatic]


def _asked(
    tx: Tx, claim: Claim, rules: Sequence[PaceRule], deliveries: Sequence[StoredDelivery], now: Micros
) -> dict[str, Wait]:
    zones = time_zones.zones(tx, claim.mailbox, [one.address for one in deliveries])
    keys = _keys(tx, deliveries)
    longest = max((PERIODS[cap.period] for rule in rules for cap in rule.caps), default=0)
    own = [one.id for one in deliveries]
    handed = tx.pace.handed(sorted(set(keys.values())), now - longest, own) if longest else {}
    found = {}
    for one in deliveries:
        late = delay(rules, handed.get(keys[one.address], ()), zones[one.address], now)
        if late is not None:
            found[one.id] = Wait(late.until, _told(late))
    return found


def _told(late: Delay) -> str:
    """The reason as a code, with its words and until when."""
    if late.until is None:
        return f"{late.reason}: {_WORDS[late.reason]}"
    until = to_datetime(late.until).isoformat(timespec="seconds").replace("+00:00", "Z")
    return f"{late.reason}: {_WORDS[late.reason]}; waits until {until}"


def _keys(tx: Tx, deliveries: Sequence[StoredDelivery]) -> dict[str, str]:
    made = address_keys.address_keys(tx, [one.address for one in deliveries])
    return {address: key.hex() for address, key in made.items()}


def foreseen(tx: Tx, call: Call, mail: NewMessage | StoredMessage) -> list[str]:
    """What a mail that may leave now will wait for, in a sentence for each recipient; a look at an empty table where
    there are no rules."""
    if mail.status != "queued" or not tx.pace.rules(mail.mailbox_id):
        return []
    message, box = tx.messages.get(mail.id), tx.mailboxes.get(mail.mailbox_id)
    assert message is not None
    assert box is not None
    open_ones = tuple(one for one in tx.deliveries.of(mail.id) if one.status == "queued")
    claim = Claim("", message, box, open_ones)
    purpose = _purpose(tx, claim)
    late = waits(tx, claim, purpose, open_ones, call.now) if purpose is not None else {}
    return [f"{one.address}: {late[one.id].reason}." for one in open_ones if one.id in late]


def is_waiting(tx: Tx, message: StoredMessage) -> bool:
    """Whether a queued mail waits for its hours or its turn, and nothing of it is on its way or gone."""
    open_ones = [one for one in tx.deliveries.of(message.id) if one.status not in {"cancelled", "suppressed"}]
    return message.status == "queued" and bool(open_ones) and all(map(is_paced, open_ones))
