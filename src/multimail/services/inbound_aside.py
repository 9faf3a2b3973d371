"""Mail that cannot be filed is kept as it came, for a person, with the reason as a code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from multimail.core.envelope import Envelope
from multimail.core.times import Micros
from multimail.ports.intake import SetAside
from multimail.ports.records import Event
from multimail.ports.store import Tx

REASONS: Final = {
    "unreadable": "Nothing could be made of the mail.",
    "filing": "A fault of this server kept it from being filed.",
    "thread_rate": "Automatic mail came into one conversation faster than the limit.",
    "no_mailbox": "The mailbox was closed while the mail was coming in.",
}
"""Why mail is kept aside."""


@dataclass(frozen=True, slots=True)
class Aside:
    """A mail to keep. `id` is that of the message it would have become; `mailbox_ids` are where it belongs."""

    id: str
    envelope: Envelope
    reason: str
    mailbox_ids: tuple[str, ...] = ()


def keep(tx: Tx, kept: Aside, now: Micros) -> None:
    """Store it, with an event for each mailbox it was meant for."""
    envelope = {
        "sender": kept.envelope.sender,
        "recipients": list(kept.envelope.recipients),
        "peer": kept.envelope.peer,
        "helo": kept.envelope.helo,
        "mailboxes": list(kept.mailbox_ids),
    }
    tx.arrivals.set_aside(SetAside(kept.id, now, kept.reason, envelope, kept.envelope.raw))
    data = {"id": kept.id, "reason": kept.reason}
    for mailbox_id in kept.mailbox_ids or (None,):
        tx.events.add(Event("message.set_aside", now, mailbox_id, data=data))
