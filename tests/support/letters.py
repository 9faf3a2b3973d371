"""Raw mail as peers send it, and handing it over as the receiver does, without a socket."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from multimail.core.envelope import Envelope
from multimail.core.model import Mailbox, Mode
from multimail.core.times import Micros
from multimail.ports.records import StoredMessage
from multimail.ports.store import Tx
from multimail.services.inbound import Inbound
from tests.support.desk import BOX, Desk

ANN, BOB, CAT = "ann@example.org", "bob@example.org", "cat@example.org"
_NUMBERS = count(1)


def letter(body: str = "Hello.", **headers: str | None) -> bytes:
    """A mail from Ann to the mailbox; other headers by name, with `_` for `-`. One that is None is left out."""
    usual: dict[str, str | None] = {
        "From": f"Ann <{ANN}>",
        "To": BOX,
        "Subject": "A question",
        "Message-ID": f"<letter-{next(_NUMBERS)}@example.org>",
        "Date": "Mon, 02 Mar 2026 11:00:00 +0000",
    }
    given = usual | {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in given.items() if value is not None)
    return f"{head}\r\n{body}\r\n".encode()


def envelope(raw: bytes, *to: str, sender: str = ANN) -> Envelope:
    return Envelope(sender, to or (BOX,), raw, "192.0.2.1", "mail.example.org", smtputf8=False)


async def arrive(desk: Desk, raw: bytes, *to: str, sender: str = ANN) -> StoredMessage | None:
    """Hand a mail over; the message it became, if it became one."""
    before = {one.id for one in await desk.inbound()}
    await Inbound(desk.services).accept(envelope(raw, *to, sender=sender))
    new = [one for one in await desk.inbound() if one.id not in before]
    return new[0] if new else None


async def came(desk: Desk, raw: bytes, *to: str, sender: str = ANN) -> StoredMessage:
    """As `arrive`, of a mail that must become a message."""
    found = await arrive(desk, raw, *to, sender=sender)
    assert found is not None
    return found


async def mailbox(desk: Desk, address: str, mode: Mode = Mode.GATED_SEND) -> Mailbox:
    now = desk.clock.now()
    made = Mailbox(desk.services.ids.new("mbx", now), address, default_mode=mode, created_at=now)
    await desk.write(lambda tx: tx.mailboxes.insert(made))
    return made


async def aside(desk: Desk) -> Sequence[str]:
    """Why mail was kept aside, newest first."""
    return [one.reason for one in await desk.read(lambda tx: tx.arrivals.kept_aside(100))]


async def threads(desk: Desk) -> set[str]:
    """The conversations that arrived mail is in."""
    return {one.thread_id for one in await desk.inbound()}


async def sent_to(desk: Desk, *to: str, subject: str = "Monday") -> StoredMessage:
    """A mail of ours that was handed over and taken, as far as the rows say."""
    made = await desk.send(to=list(to or (ANN,)), subject=subject)
    await desk.decide(made.message_id)
    await desk.write(lambda tx: _handed_over(tx, made.message_id, desk.clock.now()))
    return await desk.message(made.message_id)


def _handed_over(tx: Tx, message_id: str, now: Micros) -> None:
    for one in tx.deliveries.of(message_id):
        for old, new in (("queued", "claimed"), ("claimed", "sending"), ("sending", "sent")):
            tx.deliveries.move([one.id], old, new, now)
    message = tx.messages.get(message_id)
    assert message is not None
    for state in ("sending", "delivered"):
        message = tx.messages.move(message, state, now)
