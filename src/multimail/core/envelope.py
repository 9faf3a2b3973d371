"""The envelope of a mail that comes in (RFC 5321): what the peer said, apart from the bytes of the mail.

Both the surface that receives and the service that files read these values; neither owns them. What a peer
says about itself (its name, the sender it gives) is a claim and never an identity.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """What is known when a recipient is offered; `accepted` counts those the transaction has already."""

    peer: str
    helo: str
    sender: str
    smtputf8: bool
    authenticated: bool
    accepted: int


@dataclass(frozen=True, slots=True)
class Envelope:
    """One mail as it was handed over: `raw` is byte for byte what was sent, without dot-stuffing.

    `sender` is empty for the null reverse-path. `recipients` are unique, in the order given, as spelled by
    the peer. `raw` may hold bare CR, bare LF and NUL: only CRLF.CRLF ends a mail.
    """

    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    peer: str
    helo: str
    smtputf8: bool

    @property
    def is_notification(self) -> bool:
        """The null reverse-path marks bounces and automatic answers, which are never answered (RFC 5321 4.5.5)."""
        return not self.sender
