"""What services need from whatever carries a mail to its next hop; no protocol detail lives here.

The one promise that everything else leans on: a transport never lets the bytes of a message go before
`about_to_send` has returned, and it says `unknown`, never `retry`, once the other side may have them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Literal, Protocol

OutcomeKind = Literal["sent", "retry", "failed", "unknown"]

AboutToSend = Callable[[tuple[str, ...]], Awaitable[tuple[str, ...]]]
"""Called with the delivery ids the next hop accepted; commits `sending` for those that may still go and
returns these. Whoever is left out gets no bytes and no outcome: something else has decided about it."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """One delivery of a hand-over."""

    delivery_id: str
    address: str


@dataclass(frozen=True, slots=True)
class HandOver:
    """One message to the recipients that share its bytes and its envelope sender.

    `raw` is final: what leaves is this, with line ends made CRLF and nothing else changed. An empty
    `envelope_sender` is the null reverse-path. A keyed sender (one per recipient) is a hand-over each.
    """

    envelope_sender: str
    recipients: tuple[Recipient, ...]
    raw: bytes
    smtputf8: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one delivery.

    `sent`: the next hop took responsibility. `retry`: it certainly did not, and may later. `failed`: it
    never will. `unknown`: it may or may not have; only a person may have it sent again. `text` is one
    line of at most 300 printable characters, from the other side where that said something: untrusted.
    `of_hop` says that the next hop takes nothing just now, whoever it is from or for.
    """

    delivery_id: str
    kind: OutcomeKind
    smtp_code: int | None = None
    enhanced: str = ""
    text: str = ""
    of_hop: bool = field(default=False, compare=False)


class Transport(Protocol):
    """A way out. Failure of the other side is an `Outcome`; only `about_to_send`'s own errors are raised."""

    @property
    def name(self) -> Literal["relay", "capture"]: ...

    async def deliver(self, work: HandOver, about_to_send: AboutToSend) -> tuple[Outcome, ...]:
        """One outcome per delivery, in the order of the work, without those `about_to_send` left out.

        `about_to_send` is awaited at most once, and not at all when nobody was accepted. If it raises,
        or the call is cancelled before it returns, no bytes of the message have gone.
        """
        ...

    async def probe(self) -> str:
        """Empty when mail could leave now, else one sentence that says what stands in the way."""
        ...

    async def close(self) -> None:
        """Take no more work and let go of what is idle; hand-overs under way run to their own end."""
        ...
