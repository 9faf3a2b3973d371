"""Arriving mail that no person wrote: it answers nothing, and what only answers shows nothing of people."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from multimail.core.addresses import normalise
from multimail.core.loops import InboundFacts, may_answer
from multimail.mime.bounces import classify
from multimail.mime.parse import parse
from multimail.ports.records import StoredMessage
from multimail.ports.store import Tx
from multimail.services.inbound_mail import Arrival

_MACHINES: Final = frozenset({"automatic", "machine_address", "no_sender"})
_ANSWERS: Final = frozenset({"out_of_office", "auto_reply", "challenge", "read_receipt", "complaint"})


def is_automatic(arrival: Arrival) -> bool:
    """Whether a machine wrote it: it is no reply, and too much of it is kept aside."""
    return arrival.returned.automatic or _says_automatic(
        arrival.author, arrival.envelope.sender, arrival.auto_submitted, arrival.bounce is not None
    )


def is_answer(arrival: Arrival) -> bool:
    """Whether a machine answers for somebody: what he does is not seen in that. A request to be left alone counts,
    whoever sends it for him."""
    return arrival.returned.reason in _ANSWERS and not arrival.unsubscribes


def was_automatic(tx: Tx, message: StoredMessage) -> bool:
    """As `is_automatic`, of mail that is stored already."""
    revision = tx.revisions.get(message.id, message.revision)
    raw = tx.revisions.raw(message.id, message.revision)
    if revision is None or not raw:
        return False
    mail, sender = parse(raw), str(revision.envelope.get("sender", message.sender))
    returned = classify(mail, sender)
    is_report = returned.bounce is not None
    return returned.automatic or _says_automatic(
        normalise(message.sender), sender, mail.auto_submitted, is_report
    )


@lru_cache(maxsize=1024)
def _says_automatic(author: str, sender: str, auto_submitted: str, is_report: bool) -> bool:
    facts = InboundFacts(author, envelope_from=sender, auto_submitted=auto_submitted, is_report=is_report)
    return bool(_MACHINES & set(may_answer(facts).reasons))
