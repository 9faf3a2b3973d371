"""Mail from one mailbox of this server to another: filed by the same code as mail from outside."""

from __future__ import annotations

from multimail.core.envelope import Envelope
from multimail.core.model import Mailbox
from multimail.core.times import Micros
from multimail.ports.store import Tx
from multimail.services.context import Services
from multimail.services.inbound_filing import Filer, Filing
from multimail.services.inbound_mail import Arrival, read


def read_local(box: Mailbox, raw: bytes, envelope_sender: str) -> Arrival:
    """Parse before the transaction what `file_local` will file inside it."""
    return read(Envelope(envelope_sender, (box.address,), raw, peer="", helo="", smtputf8=False))


def file_local(
    tx: Tx, services: Services, now: Micros, box: Mailbox, arrival: Arrival, *, system: bool = False
) -> str:
    """File mail of this server in one of its mailboxes, within the sender's transaction; returns its id. `system`
    mail is the server's own, which no agent sees there either.

    The author is believed: only call it with what the outbox hands over. What this raises must undo the
    caller's transaction.
    """
    message_id = services.ids.new("msg", now)
    filing = Filing(message_id, now, box, arrival, (box.address,), local=True, system=system)
    Filer(tx, services).file_all([filing])
    before = tx.arrivals.seen(box.id, *arrival.identity) if arrival.identity else None
    return before or message_id
