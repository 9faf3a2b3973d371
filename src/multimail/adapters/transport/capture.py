"""The default way out, which is none: whatever is handed over stays here.

Keeping and showing the mail is the services' work, in the database they settle the delivery in; mail to
mailboxes of this server never gets here, it is filed there.
"""

from __future__ import annotations

from typing import Final, Literal

from multimail.ports.transport import AboutToSend, HandOver, Outcome

KEPT: Final = "kept here, nothing left this machine"


class CaptureTransport:
    """Answers for every delivery at once. Cannot fail, and no outcome of it is ever unknown."""

    name: Final[Literal["capture"]] = "capture"

    async def deliver(self, work: HandOver, about_to_send: AboutToSend) -> tuple[Outcome, ...]:
        """Never asks `about_to_send`: no bytes go anywhere, so there is no moment to mark."""
        return tuple(Outcome(recipient.delivery_id, "sent", text=KEPT) for recipient in work.recipients)

    async def probe(self) -> str:
        """Keeping mail always works."""
        return ""

    async def close(self) -> None:
        """Nothing is held open."""
