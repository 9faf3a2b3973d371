"""Arriving mail that no person wrote: it answers nothing, and what only answers shows nothing of people."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from multimail.core.loops import InboundFacts, may_answer
from multimail.services.inbound_mail import Arrival

_MACHINES: Final = frozenset({"automatic", "machine_address", "no_sender"})
_ANSWERS: Final = frozenset({"out_of_office", "auto_reply", "challenge", "read_receipt", "complaint"})


def is_automatic(arrival: Arrival) -> bool:
    """Whether a machine wrote it: it is no reply, and too much of it is kept aside."""
    return arrival.returned.automatic or _says_automatic(
        arrival.author, arrival.envelope.sender, arrival.mail.auto_submitted, arrival.bounce is not None
    )


def is_answer(arrival: Arrival) -> bool:
    """Whether a machine answers for somebody: what he does is not seen in that. A request to be left alone counts,
    whoever sends it for him."""
    return arrival.returned.reason in _ANSWERS and not arrival.unsubscribes


@lru_cache(maxsize=1024)
def _says_automatic(author: str, sender: str, auto_submitted: str, is_report: bool) -> bool:
    facts = InboundFacts(author, envelope_from=sender, auto_submitted=auto_submitted, is_report=is_report)
    return bool(_MACHINES & set(may_answer(facts).reasons))
