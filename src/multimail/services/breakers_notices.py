"""Telling the oversight address that breakers tripped: one mail of a mailbox for all that tripped together, once.

System mail, so no breaker stops it. Who wants no notices gets none, and while the mailbox is frozen none is made.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from multimail.core.model import Draft, Mailbox, MessageClass, NoticeKind, Recipient, RecipientKind
from multimail.core.reputation import MAILBOX, State
from multimail.ports.reputation import Breaker
from multimail.ports.store import Tx
from multimail.services import breakers, facts, record, system_mail
from multimail.services.context import Call, Services
from multimail.services.machine import machine_call

OPERATION: Final = "breaker_notice"
_NAME: Final = "MultiMail"
_ACTS: Final = re.compile(r"[^\w\s@.,=-]+")
_STATES: Final = {
    State.PAUSED: "stopped: nothing leaves until an operator resumes, what is queued waits",
    State.THROTTLED: "slowed down",
    State.WARNED: "goes on, and is watched",
}
_WHY: Final = {
    "bounces": "because so much came back",
    "complaints": "because of complaints",
    "volume_spike": "because far more is sent than usual",
}


async def step(services: Services) -> int:
    """Tell whoever is to be told; returns how many breakers were looked at."""
    if not await services.store.read(_ready):
        return 0
    return await services.store.write(lambda tx: _tell(tx, machine_call(services)))


def _ready(tx: Tx) -> list[tuple[Breaker, list[Mailbox]]]:
    """What tripped, with the mailboxes whose people it concerns. What concerns a frozen one waits."""
    found = []
    for breaker in tx.reputation.untold():
        boxes = _boxes(tx, breaker)
        if not any(facts.is_frozen(tx, box) for box in boxes):
            found.append((breaker, boxes))
    return found


def _boxes(tx: Tx, breaker: Breaker) -> list[Mailbox]:
    subject = breaker.subject
    ids = [subject.name] if subject.kind == MAILBOX else tx.reputation.left_from(subject.name)
    boxes = [tx.mailboxes.get(one) for one in ids]
    return [box for box in boxes if box is not None]


def _tell(tx: Tx, call: Call) -> int:
    ready = _ready(tx)
    concerned = {box.id: box for _, boxes in ready for box in boxes}
    for box in concerned.values():
        tripped = [one for one, boxes in ready if box.id in {each.id for each in boxes}]
        if box.oversight_address and box.notices.kind is not NoticeKind.OFF:
            _queue(tx, call, box, tripped)
    for breaker, _ in ready:
        tx.reputation.told(breaker.subject, call.now)
    return len(ready)


def _queue(tx: Tx, call: Call, box: Mailbox, tripped: Sequence[Breaker]) -> None:
    judged = system_mail.judge(tx, call, box, _draft(tx, call, box, tripped))
    if judged is not None:
        message = system_mail.queue(tx, call, box, judged)
        tx.events.add(record.event(call, "notice.sent", message, breakers=len(tripped)))


def _draft(tx: Tx, call: Call, box: Mailbox, tripped: Sequence[Breaker]) -> Draft:
    """Answers go to whoever was told, not into the mailbox."""
    stopped = any(one.state is State.PAUSED for one in tripped)
    server = tx.settings.get("server") or {}
    base = str(server.get("base_url", "")).rstrip("/")
    lines = "\n".join(f"- {_line(tx, call, one)}" for one in tripped)
    return Draft(
        operation=OPERATION,
        mailbox_id=box.id,
        sender=box.address,
        sender_name=_NAME,
        recipients=(Recipient(box.oversight_address, RecipientKind.TO, automatic=True),),
        subject=f"Sending from {box.address} {'has stopped' if stopped else 'needs a look'}",
        body="\n\n".join(
            [
                f"What was sent from {box.address} did not fare well:",
                lines,
                "Nothing is lost: whatever does not leave now is kept, and goes once it may.",
                f"To see more: <{base}/reputation>" if base else "To see more, open MultiMail's pages.",
            ]
        ),
        reply_to=box.oversight_address,
        message_class=MessageClass.SYSTEM,
    )


def _line(tx: Tx, call: Call, breaker: Breaker) -> str:
    subject, rules = breaker.subject, breakers.rules_of(tx, breaker.subject)
    counts = breakers.rates(tx, breaker, rules.window_hours, call.now)
    what = "the mailbox" if subject.kind == MAILBOX else f"the campaign {_words(subject.name)}"
    return (
        f"{what}: {_STATES[breaker.state]}, {_WHY.get(breaker.reason, '')}. Of {counts.sent} mails in"
        f" {rules.window_hours} hours {counts.bounce_percent} % came back,"
        f" {counts.complaint_percent} % were called spam."
    )


def _words(text: str) -> str:
    """Others chose the tag: nothing in it may act."""
    return " ".join(_ACTS.sub(" ", text).split())[:80]
