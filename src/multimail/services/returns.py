"""What follows for an address once mail to it is known to have come back, or to be unwanted: suppression.

Only for callers that know the delivery from what nobody can forge: the keyed envelope sender, a token of our own
within the returned mail, or the next hop's answer in our own session.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from multimail.core.model import MessageClass
from multimail.core.times import DAY, Micros
from multimail.mime import bounce_texts
from multimail.ports.records import StoredDelivery, StoredMessage
from multimail.ports.store import Tx
from multimail.services import suppressing
from multimail.services.suppressing import Ban

SOFT_LIMIT: Final = 5
"""Soft bounces of one address within `SOFT_WINDOW` after which it gets no mail for `SOFT_PAUSE`."""
SOFT_WINDOW: Final = 14 * DAY
SOFT_PAUSE: Final = 7 * DAY
_ABOUT_ADDRESS: Final = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.4.1"})
_UNSPECIFIC: Final = frozenset({"", "5.0.0", "5.1.0", "5.2.0"})
_SENDER_REFUSED: Final = "Refused at MAIL"


class Settled(Protocol):
    """What became of one delivery; `enhanced` is the code of RFC 3463 that came with `smtp_code`."""

    @property
    def delivery(self) -> StoredDelivery: ...
    @property
    def status(self) -> str: ...
    @property
    def smtp_code(self) -> int | None: ...
    @property
    def detail(self) -> str: ...
    @property
    def enhanced(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Found:
    """A delivery and why it counts against its recipient.

    `reason` is a code of `bounce_texts.REASONS`, `source` says how it is known, `message_id` of the arrived mail that
    says so is "" where the next hop did.
    """

    message: StoredMessage
    delivery: StoredDelivery
    reason: str
    source: str
    message_id: str = ""

    def ban(self, why: str, expires_at: Micros | None = None, mailbox_id: str = "") -> Ban:
        """The record; its evidence is ids and codes."""
        evidence = {"message": self.message.id, "delivery": self.delivery.id, "code": self.reason}
        if self.message_id:
            evidence["returned"] = self.message_id
        return Ban(
            why,
            self.source,
            address=self.delivery.address,
            mailbox_id=mailbox_id,
            evidence=evidence,
            expires_at=expires_at,
            message_id=self.message.id,
            thread_id=self.message.thread_id,
        )

    @property
    def counts(self) -> bool:
        """The server's own mail counts against nobody: who has to be told what waits must not be lost that way."""
        return self.message.message_class != MessageClass.SYSTEM


def hard(tx: Tx, found: Found, now: Micros) -> bool:
    """Mail to this recipient came back for good: no mailbox writes to him again. Returns whether that is new."""
    return found.counts and suppressing.suppress(tx, found.ban("hard_bounce"), now)


def soft(tx: Tx, found: Found, now: Micros) -> bool:
    """Mail to this recipient came back for now: after several of these he is left alone for a while."""
    if not found.counts:
        return False
    tx.reputation.first(found.delivery.id, "soft_bounced", now)
    if tx.deliveries.came_back_softly(found.delivery.address, now - SOFT_WINDOW) < SOFT_LIMIT:
        return False
    return suppressing.suppress(tx, found.ban("soft_bounce", now + SOFT_PAUSE), now)


def refused(tx: Tx, message: StoredMessage, results: Sequence[Settled], now: Micros) -> None:
    """What the next hop said about recipients whom it did not take, in our own session: that is no hearsay."""
    for one in results:
        if one.status != "failed" or one.smtp_code is None or one.detail.startswith(_SENDER_REFUSED):
            continue
        reason = refusal(one.smtp_code, one.enhanced, one.detail)
        found = Found(message, one.delivery, reason, "next_hop")
        if bounce_texts.kind_of(reason) == "soft":
            soft(tx, found, now)
        elif _is_about_address(one, reason):
            hard(tx, found, now)


def refusal(code: int, enhanced: str, words: str) -> str:
    """The reason code for what a next hop answered."""
    return bounce_texts.reason_of("failed", enhanced, f"{code} {enhanced} {words}")


def _is_about_address(result: Settled, reason: str) -> bool:
    """A refusal that gives no reason may be about the sender or the mail, so it is held against nobody."""
    if reason == "undeliverable":
        return False
    return result.enhanced in _ABOUT_ADDRESS or result.enhanced in _UNSPECIFIC
