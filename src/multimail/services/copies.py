"""One mail's copies on their way out: what is handed over for each recipient, and when the rest need not be tried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from multimail.core.times import Micros
from multimail.mime.compose import finalise, needs_smtputf8
from multimail.ports.records import StoredDelivery
from multimail.ports.transport import HandOver, Outcome, Recipient
from multimail.services.consignment import Consignment

_BREAKS: Final = 2
_CLOSING: Final = 421


class OwnCopies:
    """The hand-overs of a mail. They share its bytes until one is asked for: a large mail is copied one at a time."""

    def __init__(self, load: Consignment, now: Micros) -> None:
        self._marks = load.marks
        self._raw = finalise(load.raw, now)
        self._utf8 = needs_smtputf8(load.raw)

    def of(self, delivery: StoredDelivery) -> HandOver:
        """A recipient's own copy, from the envelope sender that its returns come to."""
        sender = self._marks.envelope_sender(delivery)
        return HandOver(
            envelope_sender=sender,
            recipients=(Recipient(delivery.id, delivery.address),),
            raw=self._marks.copy(self._raw, delivery),
            smtputf8=self._utf8 or not (sender.isascii() and delivery.address.isascii()),
        )


@dataclass(slots=True)
class Outage:
    """Whether the next hop has stopped taking mail: it says so itself, or it broke off twice in a row."""

    _breaks: int = 0
    _verdict: Outcome | None = field(default=None)

    def look_at(self, outcomes: Sequence[Outcome]) -> None:
        """Learn from what became of a recipient."""
        for one in outcomes:
            broke = one.kind == "retry" and one.smtp_code in {None, _CLOSING}
            self._breaks = self._breaks + 1 if broke else 0
            if one.kind == "retry" and (one.of_hop or self._breaks >= _BREAKS):
                self._verdict = one

    def again(self, delivery: StoredDelivery) -> tuple[Outcome, ...]:
        """The outcome of a recipient that need not be tried; nothing while trying makes sense."""
        return () if self._verdict is None else (replace(self._verdict, delivery_id=delivery.id),)
