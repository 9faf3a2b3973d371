"""Complaints: a feedback report about mail of ours keeps further mail from whoever complained.

The report itself is believed in nothing. What counts is a mark of ours in the mail that it returns: the keyed
envelope sender or the token of the recipient's own unsubscribe link. Without one it is mail like any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from multimail.core import own_link, return_path
from multimail.core.times import Micros
from multimail.mime.complaints import Complaint
from multimail.ports.records import Event
from multimail.ports.store import Tx
from multimail.services import address_keys, reputation_counts, suppressing
from multimail.services.inbound_bounces import find
from multimail.services.returns import Found

_TOKEN: Final = re.compile(rf"[A-Za-z0-9_-]{{{own_link.LENGTH}}}(?![A-Za-z0-9_-])")
_MOST: Final = 20
_OPT_OUT: Final = frozenset({"opt-out", "opt-out-list"})
_HANDED_OVER: Final = frozenset({"sent", "unknown", "bounced"})
_SOURCE: Final = "feedback_report"


def apply(tx: Tx, complaint: Complaint, message_id: str, now: Micros) -> bool:
    """Suppress whoever the mail was sent to; False when no mail of ours is proved to be meant."""
    if not complaint.is_against:
        return False
    return (
        sum(_complained(tx, complaint, one, message_id, now) for one in dict.fromkeys(_marks(tx, complaint)))
        > 0
    )


def _marks(tx: Tx, complaint: Complaint) -> Iterator[str]:
    """The deliveries that marks of ours name."""
    secret = address_keys.secret(tx)
    for address in complaint.senders[:_MOST]:
        if (delivery_id := return_path.read(secret, address)) is not None:
            yield delivery_id
    for value in complaint.links[:_MOST]:
        for token in _TOKEN.findall(value[:4_000]):
            if (link := own_link.read(secret, token)) is not None:
                yield link.delivery_id


def _complained(tx: Tx, complaint: Complaint, delivery_id: str, message_id: str, now: Micros) -> bool:
    known = find(tx, delivery_id)
    if known is None or known[1].status not in _HANDED_OVER:
        return False
    message, delivery = known
    found = Found(message, delivery, complaint.feedback_type[:40], _SOURCE, message_id)
    if not found.counts:
        return False
    if complaint.feedback_type in _OPT_OUT:
        suppressing.suppress(tx, found.ban("unsubscribe", mailbox_id=message.mailbox_id), now)
        return True
    suppressing.suppress(tx, found.ban("complaint"), now)
    if reputation_counts.returned(tx, delivery.id, "complaint", now):
        data = {"feedback_type": complaint.feedback_type[:40]}
        tx.events.add(
            Event("message.complained", now, message.mailbox_id, message.id, message.thread_id, data=data)
        )
    return True
