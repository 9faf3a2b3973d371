"""Whom suppression records keep mail from: asked for the facts of every mail, and written for whoever finds a reason.

Whatever writes a record goes through `suppress`: it is safe to repeat, and the log holds ids and codes only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from multimail.core.addresses import normalise
from multimail.core.model import Mailbox
from multimail.core.suppression import BARRED
from multimail.core.times import Micros
from multimail.ports.records import Event
from multimail.ports.store import Tx
from multimail.ports.suppression import Suppression
from multimail.services import address_keys


@dataclass(frozen=True, slots=True)
class Ban:
    """Who is to be suppressed, and why: an address, or only its key where nobody may know more.

    Without `mailbox_id` it holds for every mailbox, without `topic` for every topic, without `expires_at` until an
    operator lifts it. `source` is a code that says how it came about, `evidence` holds ids and codes, `by` is the
    principal or "" for the server. An event about it names `message_id` and `thread_id`.
    """

    reason: str
    source: str
    address: str | None = None
    key: bytes | None = None
    mailbox_id: str = ""
    topic: str = ""
    evidence: Mapping[str, Any] = field(default_factory=dict)
    by: str = ""
    expires_at: Micros | None = None
    message_id: str | None = None
    thread_id: str | None = None


def reasons(
    tx: Tx, box: Mailbox, topic: str, addresses: Sequence[str], now: Micros
) -> Mapping[str, tuple[str, ...]]:
    """The reasons that cover mail of this mailbox about this topic, by normalised address."""
    if not tx.suppressions.any():
        return {}
    keys = address_keys.address_keys(tx, addresses)
    by_key: dict[bytes, list[str]] = {}
    for key, reason in tx.suppressions.covering(list(keys.values()), box.id, topic, now):
        by_key.setdefault(key, []).append(reason)
    return {address: tuple(by_key[key]) for address, key in keys.items() if key in by_key}


def suppress(tx: Tx, ban: Ban, now: Micros) -> bool:
    """Record it, unless it holds already; one that would end earlier is made to last as long. Returns whether
    anything changed. The event `contact.suppressed` is written for a new record."""
    if ban.reason not in BARRED:
        raise ValueError(f"no reason to suppress anybody: {ban.reason!r}")
    key = ban.key if ban.key is not None else address_keys.address_key(tx, ban.address or "")
    there = next((one for one in tx.suppressions.unlifted(key) if _same(one, ban, now)), None)
    if there is not None:
        if not _lasts_longer(ban.expires_at, there.expires_at):
            return False
        tx.suppressions.extend(there.seq, ban.expires_at)
        return True
    address = normalise(ban.address) if ban.address is not None else None
    tx.suppressions.add(
        Suppression(
            0, key, address, ban.reason, ban.mailbox_id, ban.topic, ban.source, now, ban.by, ban.expires_at,
            evidence=ban.evidence,
        )
    )  # fmt: skip
    contact = tx.contacts.by_address(address) if address is not None else None
    _tell(tx, "contact.suppressed", ban, contact.id if contact else None, now)
    return True


def _same(record: Suppression, ban: Ban, now: Micros) -> bool:
    if record.expires_at is not None and record.expires_at <= now:
        return False
    return (record.reason, record.mailbox_id, record.topic) == (ban.reason, ban.mailbox_id, ban.topic)


def _lasts_longer(new: Micros | None, old: Micros | None) -> bool:
    return old is not None and (new is None or new > old)


def _tell(tx: Tx, kind: str, ban: Ban, contact_id: str | None, now: Micros) -> None:
    data = {"reason": ban.reason, "source": ban.source}
    data |= {"topic": ban.topic} if ban.topic else {}
    tx.events.add(
        Event(
            kind,
            now,
            ban.mailbox_id or None,
            message_id=ban.message_id,
            thread_id=ban.thread_id,
            contact_id=contact_id,
            principal_id=ban.by or None,
            data=data,
        )
    )
