"""One SMTP transaction on a link: who may be named, who was accepted, and the mark before DATA.

The order is the promise: MAIL, RCPT for each, `about_to_send`, DATA. Nothing here opens or closes links.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from aiosmtplib import SMTPResponse

from multimail.adapters.transport.body import canonical
from multimail.adapters.transport.link import HUNG_UP, Link
from multimail.adapters.transport.outcome import Stage, Stopped, Verdict, lost, of_reply
from multimail.ports.transport import AboutToSend, HandOver, Outcome, Recipient

# What may stand between the angle brackets of MAIL and RCPT without ending them or starting a parameter;
# that it is a sensible address was checked long before.
_PATH: Final = re.compile(
    r'(?:"(?:[^"\\\x00-\x1f\x7f]|\\[\x20-\x7e])+"|[^\s<>"\x00-\x1f\x7f@]+)@[^\s<>"\x00-\x1f\x7f@]+'
)

_CLOSING: Final = 421


class Stale(Exception):
    """A link that was kept for the next message is closed: nothing was said about this one."""


class Transaction:
    """Collects one verdict per delivery. `run` may raise Stopped: the rest then has the verdict in it."""

    def __init__(self, work: HandOver) -> None:
        self._work = work
        self._text = canonical(work.raw)
        self._verdicts: dict[str, Verdict] = {}
        self._left_out: frozenset[str] = frozenset()

    async def run(self, link: Link, about_to_send: AboutToSend) -> None:
        """May leave the envelope with the relay when nobody is left to send to: RSET comes before the next one."""
        link.transactions += 1
        accepted = await self._name(link, self._fitting(link))
        if accepted:
            accepted = await self._confirm(link, accepted, about_to_send)
        if accepted:
            self._settle(accepted, await link.data(self._text))

    def settle_rest(self, verdict: Verdict) -> None:
        """For every delivery that has no verdict yet."""
        self._settle(self._work.recipients, verdict)

    def outcomes(self) -> tuple[Outcome, ...]:
        """In the order of the work."""
        ids = [recipient.delivery_id for recipient in self._work.recipients]
        return tuple(self._verdicts[one].of(one) for one in ids if one not in self._left_out)

    async def _confirm(
        self, link: Link, accepted: list[Recipient], about_to_send: AboutToSend
    ) -> list[Recipient]:
        """The relay would send to everyone it accepted: when some may no longer go, the envelope is new."""
        ids = tuple(recipient.delivery_id for recipient in accepted)
        going = frozenset(await about_to_send(ids))
        self._left_out = frozenset(ids) - going
        if not self._left_out:
            return accepted
        await link.reset()
        remaining = [recipient for recipient in accepted if recipient.delivery_id in going]
        return await self._name(link, remaining) if remaining else []

    async def _name(self, link: Link, recipients: list[Recipient]) -> list[Recipient]:
        """MAIL and RCPT; returns those accepted, with the link still good for DATA."""
        if not recipients:
            return []
        accepted = []
        async with link.guarded(Stage.RCPT, link.timeouts.envelope):
            reply = await self._begin(link, self._mail_line(link, recipients))
            if not 200 <= reply.code <= 299:
                self._settle(recipients, of_reply(Stage.MAIL, reply.code, reply.message))
                return []
            for recipient in recipients:
                reply = await link.command(Stage.RCPT, f"RCPT TO:<{recipient.address}>".encode())
                if 200 <= reply.code <= 299:
                    accepted.append(recipient)
                else:
                    self._settle([recipient], of_reply(Stage.RCPT, reply.code, reply.message))
        if accepted and not link.usable:
            raise Stopped(lost(Stage.RCPT, HUNG_UP))
        return accepted

    async def _begin(self, link: Link, line: bytes) -> SMTPResponse:
        """MAIL. A relay may close a kept connection at any time, also with 421 (RFC 5321 section 3.8)."""
        try:
            reply = await link.command(Stage.MAIL, line)
        except Stopped:
            if link.is_proven:
                raise
            raise Stale from None
        if reply.code == _CLOSING and not link.is_proven:
            raise Stale
        link.is_proven = True
        return reply

    def _mail_line(self, link: Link, recipients: Iterable[Recipient]) -> bytes:
        words = [f"MAIL FROM:<{self._work.envelope_sender}>"]
        if link.supports("SIZE"):
            words.append(f"SIZE={len(self._text)}")
        if link.supports("8BITMIME") and not self._text.isascii():
            words.append("BODY=8BITMIME")
        if self._whole_needs_utf8() or not all(recipient.address.isascii() for recipient in recipients):
            words.append("SMTPUTF8")
        return " ".join(words).encode()

    def _fitting(self, link: Link) -> list[Recipient]:
        """Settle what this relay cannot take at all, before a word is said about it."""
        fitting = []
        for recipient in self._work.recipients:
            verdict = self._obstacle(link) or self._address_obstacle(link, recipient.address)
            if verdict is None:
                fitting.append(recipient)
            else:
                self._settle([recipient], verdict)
        return fitting

    def _obstacle(self, link: Link) -> Verdict | None:
        size, limit = len(self._text), link.size_limit()
        sender = self._work.envelope_sender
        if sender and not _PATH.fullmatch(sender):
            return _refused("5.1.7", "The envelope sender is not an address that SMTP can carry.")
        if 0 < limit < size:
            return _refused("5.3.4", f"The message has {size} bytes; the relay takes at most {limit}.")
        if self._whole_needs_utf8() and not link.supports("SMTPUTF8"):
            return _refused("5.6.7", "The message needs SMTPUTF8, which the relay does not offer.")
        if not self._text.isascii() and not link.supports("8BITMIME"):
            return _refused("5.6.3", "The message has 8-bit content, which the relay does not take.")
        return None

    def _address_obstacle(self, link: Link, address: str) -> Verdict | None:
        if not _PATH.fullmatch(address):
            return _refused("5.1.3", "The recipient is not an address that SMTP can carry.")
        if not address.isascii() and not link.supports("SMTPUTF8"):
            return _refused("5.6.7", "The address needs SMTPUTF8, which the relay does not offer.")
        return None

    def _whole_needs_utf8(self) -> bool:
        return self._work.smtputf8 or not self._work.envelope_sender.isascii()

    def _settle(self, recipients: Iterable[Recipient], verdict: Verdict) -> None:
        for recipient in recipients:
            self._verdicts.setdefault(recipient.delivery_id, verdict)


def _refused(enhanced: str, text: str) -> Verdict:
    return Verdict("failed", None, enhanced, text)
