"""Notices: the oversight address is told that something waits. One mail for all that came together, never twice for the
same, never to anybody else; it decides nothing and is no agent's to read.

The mail and the note that these were told of are one transaction, so a crash gives one notice or none yet. Like all
system mail it is exempt from holding; while nothing may leave the mailbox, none is made.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from multimail.core import gathering
from multimail.core.model import Draft, Mailbox, MessageClass, Recipient, RecipientKind
from multimail.core.times import HOUR, Micros, to_datetime
from multimail.ports.keeping import Waits
from multimail.ports.store import Tx
from multimail.services import convert, facts, record, system_mail
from multimail.services.context import Call, Services
from multimail.services.machine import machine_call
from multimail.services.outbound import Judged

OPERATION: Final = "review_notice"
_NAME: Final = "MultiMail"
_DETAILED: Final = 10
_LONGEST: Final = 80
_ACTS: Final = re.compile(r"[^\w\s@.,;?!'-]+")
"""What could be markup in a line that others wrote."""


async def step(services: Services) -> int:
    """Tell whoever is to be told now; returns how many notices were made."""
    if not await services.store.read(lambda tx: _ready(tx, machine_call(services))):
        return 0
    return await services.store.write(lambda tx: _tell_all(tx, machine_call(services)))


def next_due(tx: Tx, now: Micros) -> Micros | None:
    """When the next notice is to be made."""
    return min(_times(tx, now).values(), default=None)


def _times(tx: Tx, now: Micros) -> dict[str, Micros]:
    """When each mailbox with something untold is due, without those that nothing may leave."""
    found = {}
    for box_id, since in tx.awaiting.untold().items():
        box = tx.mailboxes.get(box_id)
        if box is None or facts.is_frozen(tx, box) or box.deliver == "hold":
            continue
        at = gathering.due_at(box.notices, since, tx.awaiting.notices(box_id, OPERATION, now - HOUR))
        if at is not None:
            found[box_id] = at
    return found


@dataclass(frozen=True, slots=True)
class _Due:
    """A notice that may be made now."""

    box: Mailbox
    waits: Waits
    judged: Judged


def _ready(tx: Tx, call: Call) -> list[_Due]:
    found = []
    for box_id in [box_id for box_id, at in _times(tx, call.now).items() if at <= call.now]:
        box, waits = tx.mailboxes.get(box_id), tx.awaiting.of(box_id)
        if box is not None and waits is not None:
            judged = system_mail.judge(tx, call, box, _draft(tx, box, waits))
            found += [_Due(box, waits, judged)] if judged is not None else []
    return found


def _tell_all(tx: Tx, call: Call) -> int:
    due = _ready(tx, call)
    for one in due:
        message = system_mail.queue(tx, call, one.box, one.judged)
        tx.awaiting.told(one.box.id, call.now)
        data = {"untold": one.waits.untold, "waiting": one.waits.total}
        tx.events.add(record.event(call, "notice.sent", message, **data))
    return len(due)


def _draft(tx: Tx, box: Mailbox, waits: Waits) -> Draft:
    """The fixed text. Answers go to whoever was told, not into the mailbox: nothing is decided by answering."""
    return Draft(
        operation=OPERATION,
        mailbox_id=box.id,
        sender=box.address,
        sender_name=_NAME,
        recipients=(Recipient(box.oversight_address, RecipientKind.TO, automatic=True),),
        subject=f"{_mails(waits.total)} for a decision in {box.address}",
        body="\n\n".join(_paragraphs(tx, box, waits)),
        reply_to=box.oversight_address,
        message_class=MessageClass.SYSTEM,
    )


def _paragraphs(tx: Tx, box: Mailbox, waits: Waits) -> list[str]:
    oldest = to_datetime(waits.oldest_at).strftime("%Y-%m-%d %H:%M UTC")
    new = "" if waits.untold == waits.total else f" {waits.untold} since the last notice."
    server = tx.settings.get("server") or {}
    base = str(server.get("base_url", "")).rstrip("/")
    kinds = {"to be sent": waits.total - waits.arrivals, "arrived and held": waits.arrivals}
    counts = "\n".join(f"- {count} {what}" for what, count in kinds.items() if count)
    return [
        f"{_mails(waits.total)} for a person in {box.address}, the oldest since {oldest}.{new}",
        counts,
        *_details(tx, box),
        f"To review: <{base}/review?mailbox={box.id}>" if base else "To review, open MultiMail's pages.",
        "The link only opens the page: deciding needs you to be signed in. Answering this mail decides nothing.",
    ]


def _mails(count: int) -> str:
    return "1 mail waits" if count == 1 else f"{count:,} mails wait"


def _details(tx: Tx, box: Mailbox) -> list[str]:
    """Subjects and people, where an operator asked for them: words only, so that nothing in them acts."""
    if not box.notices.details:
        return []
    lines = []
    for message_id in tx.awaiting.listed(box.id, _DETAILED):
        message = tx.messages.get(message_id)
        if message is None:
            continue
        to = ", ".join(one.address for one in tx.messages.recipients(message.seq) if not one.automatic)
        other = f"from {message.sender}" if message.direction == "inbound" else f"to {to}"
        lines.append(f"- {_words(message.subject) or 'no subject'}, {_words(other)}")
    return ["\n".join(lines)] if lines else []


def _words(text: str) -> str:
    plain = " ".join(_ACTS.sub(" ", convert.shown(text)).split())
    return plain if len(plain) <= _LONGEST else f"{plain[:_LONGEST]}…"
