"""When a mail may reach each of its recipients: asked at hand-over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from multimail.core.model import Purpose
from multimail.core.times import Micros
from multimail.ports.records import Claim, StoredDelivery
from multimail.ports.store import Tx


@dataclass(frozen=True, slots=True)
class Wait:
    """Not now: until when it waits, or None when it is to be left out; and the reason, a code."""

    until: Micros | None
    reason: str


def waits(
    tx: Tx, claim: Claim, purpose: Purpose, deliveries: Sequence[StoredDelivery], now: Micros
) -> Mapping[str, Wait]:
    """Those of the deliveries that may not go now, by id."""
    return {}
