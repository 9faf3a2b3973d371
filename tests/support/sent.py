"""Counts as if mail had left: what pages and operations about reputation show, without sending it."""

from __future__ import annotations

from multimail.core.reputation import CAMPAIGN, MAILBOX
from multimail.core.times import Micros
from multimail.ports.reputation import Campaign, Subject
from multimail.ports.store import Tx
from multimail.services import breakers


def count(tx: Tx, mailbox_id: str, tag: str, now: Micros, variant: str = "", **counts: int) -> None:
    """So much happened in this hour to mail of a mailbox with a tag; breakers look at it."""
    tx.reputation.add_total(Campaign(tag, variant), mailbox_id, counts, now)
    for subject in (Subject(CAMPAIGN, tag), Subject(MAILBOX, mailbox_id)):
        sent = tx.reputation.add(subject, now // 3_600_000_000, counts)
        breakers.counted(tx, now, subject, sent=sent, added=counts.get("sent", 0), bad=True)
