"""Who may be reached is asked again right before content leaves, if anything that decides on it changed since."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from multimail.core.model import Purpose
from multimail.core.times import Micros
from multimail.ports.records import Claim
from multimail.ports.store import Tx
from multimail.services import facts
from multimail.services.settling import Result


@dataclass(frozen=True, slots=True)
class Seen:
    """When the recipients of a claim were looked at, as a number that moves with every change, and what for."""

    version: int = -1
    purpose: Purpose = field(default_factory=Purpose)


def see(tx: Tx, purpose: Purpose) -> Seen:
    """To be asked in the same transaction as the recipients are looked at."""
    return Seen(tx.suppressions.version(), purpose)


def barred_since(tx: Tx, claim: Claim, seen: Seen, ids: Collection[str], now: Micros) -> list[Result]:
    """Those of the deliveries that may not be reached any more, as outcomes to settle. Where nothing changed this is
    one look at one row."""
    if tx.suppressions.version() == seen.version:
        return []
    box = tx.mailboxes.get(claim.mailbox.id) or claim.mailbox
    left_out = facts.left_out(tx, box, claim.message, seen.purpose, now)
    return [
        Result(one, "suppressed", None, left_out[one.address])
        for one in claim.deliveries
        if one.id in ids and one.address in left_out
    ]
