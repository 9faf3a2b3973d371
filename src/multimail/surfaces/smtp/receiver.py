"""What the SMTP receiver needs from the product, and what an operator can set about it.

The receiver decides nothing about mail: whether a recipient exists and what becomes of a mail is the answer
of an `Intake`. It never relays.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from multimail.core.envelope import Envelope, SessionFacts
from multimail.core.errors import Problem
from multimail.services.inbound_mail import Arrival


class Intake(Protocol):
    """Where received mail goes."""

    async def recipient(self, address: str, session: SessionFacts) -> Problem | None:
        """Say whether this recipient is taken; a problem becomes the reply to RCPT."""

    async def accept(self, mail: Envelope) -> None:
        """Return when the mail is durable and readable: the peer gets its 250 then, and forgets the mail.

        A problem raised becomes the reply; anything else raised is answered 451, so the peer keeps the mail
        and offers it again. The call runs to its end even when the peer has gone, so the same mail can be
        offered again after it was accepted.
        """


class SharedIntake(Intake, Protocol):
    """An intake that other processes receive for, too."""

    def taker(self, address: str) -> Problem | None:
        """As `recipient`, for a mail that may never come."""

    async def take(self, mail: Envelope, arrival: Arrival | None) -> None:
        """As `accept`, for a mail that was read already; None for one that could not be."""


@dataclass(frozen=True, slots=True)
class ReceiverSettings:
    """The bounds of one receiver. `host` is an address literal; port 0 takes a free port.

    `size_limit` counts the octets of a mail as RFC 1870 does: line ends included, dot-stuffing not.
    `any_auth` takes whatever credentials a peer on loopback gives, as developers' tools expect.
    """

    host: str = "127.0.0.1"
    port: int = 1025
    hostname: str = "localhost"
    size_limit: int = 25 * 1024 * 1024
    recipients_limit: int = 100
    connections_limit: int = 400
    faults_limit: int = 100
    idle_seconds: float = 300.0
    any_auth: bool = True
