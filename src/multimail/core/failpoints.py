"""Named places where a crash is worth trying; nothing happens there unless a test arms them.

This module only knows the names and whom to call: what a hit does (kill the process, raise, count) is decided
by whoever arms it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

FAILPOINTS: Final[dict[str, str]] = {
    "store.before_begin": "works wait, the write transaction has not begun",
    "store.after_work": "one work of the group has run, nothing is committed",
    "store.before_commit": "every work of the group has run, nothing is committed",
    "store.after_commit": "the group is durable, nobody was told",
    "store.before_answer": "the group is durable and other processes may write, no caller was told",
    "smtp_in.mail": "the sender is taken, MAIL is not answered",
    "smtp_in.rcpt": "a recipient is taken, RCPT is not answered",
    "smtp_in.before_accept": "the mail is read to its end, nothing is stored",
    "smtp_in.accepted": "the mail is stored, the peer was not told",
    "smtp_in.replied": "the peer was told that the mail is stored",
    "outbox.claimed": "deliveries are claimed, nothing was tried",
    "outbox.before_mark": "the next hop took recipients, `sending` is not marked",
    "outbox.marked": "`sending` is durable, the transport may go on",
    "outbox.before_settle": "the outcome is known, nothing is settled",
    "outbox.settled": "the outcome is durable",
    "smtp_out.before_connect": "deliveries are claimed, the relay knows nothing yet",
    "smtp_out.before_ehlo": "connected to the relay, nothing said",
    "smtp_out.before_starttls": "the relay offered encryption",
    "smtp_out.before_auth": "the relay waits for the sign-in",
    "smtp_out.before_rset": "a kept connection is about to be used again, or an envelope taken back",
    "smtp_out.before_mail": "the relay is ready for a sender",
    "smtp_out.before_rcpt": "the relay took the sender, one more recipient follows",
    "smtp_out.before_data": "`sending` is durable, DATA is not sent",
    "smtp_out.before_body": "the relay waits for the text, none is sent",
    "smtp_out.before_dot": "the text is sent, its final dot is not",
    "smtp_out.after_dot": "the final dot is sent, the relay's answer is not read",
    "smtp_out.after_reply": "the relay answered the final dot, nothing is settled",
    "smtp_out.before_quit": "a connection is about to be let go",
    "hooks.derived": "deliveries of webhooks are derived from events, nothing is posted",
    "hooks.claimed": "a delivery of a webhook is claimed, nothing is posted",
    "hooks.posted": "the receiver answered, nothing is written down",
}

_armed: Callable[[str], None] | None = None


def hit(name: str) -> None:
    """Pass the failpoint `name`: free unless armed. May not return, and may raise, when it is."""
    if _armed is not None:
        _armed(name)


def arm(callback: Callable[[str], None]) -> None:
    """Call `callback(name)` at every failpoint from now on, on whichever thread passes it."""
    global _armed  # noqa: PLW0603 - one switch for the process is what this is
    _armed = callback


def disarm() -> None:
    """Make every failpoint free again."""
    global _armed  # noqa: PLW0603
    _armed = None
