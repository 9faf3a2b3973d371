"""What a test does with the server under test, on the server's thread: calls, arriving mail, waiting for mail."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from multimail.core.envelope import Envelope, SessionFacts
from multimail.core.times import Micros
from multimail.services import dispatch
from multimail.services.context import Caller
from multimail.services.inbound import Inbound
from multimail.services.inbound_mail import Arrival, read
from multimail.services.inbound_mailboxes import Routes
from multimail.testing.letters import Letter, Sent, Wanted
from multimail.testing.moments import shown

if TYPE_CHECKING:
    from multimail.ports.store import Tx
    from multimail.testing.system import System

_PEER = ("127.0.0.1", "outside.test")
_SHOWN = 20
_MANY = 1_000


async def call(
    system: System, principal_id: str, operation: str, arguments: Mapping[str, Any]
) -> dict[str, Any]:
    """Carry out an operation and return its answer as it looks in JSON."""
    view = await dispatch.call(system.services, Caller(principal_id, "rest"), operation, arguments)
    answer: dict[str, Any] = view.model_dump(mode="json", exclude_none=True)
    return answer


async def receive(system: System, letter: Letter, raw: bytes, number: int) -> str:
    """Offer a mail as a peer would; the id of the message it became, in the mailbox of the first recipient."""
    raw = raw or letter.raw(system.clock.now(), number)
    intake = Inbound(system.services)
    for accepted, address in enumerate(letter.to):
        facts = SessionFacts(
            *_PEER, letter.envelope_from, smtputf8=True, authenticated=False, accepted=accepted
        )
        problem = await intake.recipient(address, facts)
        if problem is not None:
            raise problem
    before = await system.services.store.read(lambda tx: tx.inbox.position_now())
    envelope = Envelope(letter.envelope_from, letter.to, raw, *_PEER, smtputf8=True)
    await intake.accept(envelope)
    arrival = read(envelope)
    return await system.services.store.read(lambda tx: _became(tx, arrival, before))


async def arrives(system: System, wanted: Wanted, count: int, patience: float) -> list[Sent]:
    """The mails that left, as soon as there are so many; others have so many seconds to bring that about."""
    try:
        async with asyncio.timeout(patience):
            while True:
                system.outside.arrived.clear()
                await system.drive.settle()
                found = [one for one in system.outside.mails if wanted.meets(one)]
                if len(found) >= count:
                    return found
                await system.outside.arrived.wait()
    except TimeoutError:
        return [one for one in system.outside.mails if wanted.meets(one)]


async def goes_on(system: System, wanted: Wanted, count: int, until: Micros) -> list[Sent]:
    """As `arrives`; the clock goes on while there are too few, no further than `until`."""
    await system.drive.settle()
    goes = system.clock.now() < until
    while len(found := [one for one in system.outside.mails if wanted.meets(one)]) < count and goes:
        goes = await system.drive.go_on(until)
    return [one for one in system.outside.mails if wanted.meets(one)] or found


async def report(system: System, wanted: Wanted, count: int) -> str:
    """What left, and what waits for what: for whoever expected something else."""
    mails = system.outside.mails
    found = sum(wanted.meets(one) for one in mails)
    meant = f" {wanted}" if str(wanted) else ""
    lines = [f"{count} mail(s){meant} expected by {shown(system.clock.now()).isoformat()}, {found} left."]
    lines += ["Left:", *(f"  {one!r}" for one in mails[-_SHOWN:])] if mails else ["Nothing at all left."]
    waiting = await call(
        system, system.account.operator, "list_pending", {"limit": _SHOWN, "max_bytes": 1024}
    )
    if waiting["pending"]:
        lines += ["Waiting:", *(f"  {_line(one)}" for one in waiting["pending"])]
    due = await system.drive.coming()
    lines.append(f"Next due: {shown(due).isoformat()}." if due else "Nothing is due later.")
    return "\n".join(lines)


def _line(item: Mapping[str, Any]) -> str:
    until = f" until {item['scheduled_at']}" if item.get("scheduled_at") else ""
    reasons = f" ({'; '.join(item['reasons'])})" if item.get("reasons") else ""
    return f"{item['message_id']} {item['subject']!r} to {', '.join(item['to'])}: {item['status']}{until}{reasons}"


def _became(tx: Tx, arrival: Arrival, before: int) -> str:
    """What the mail became, now or when it was first offered."""
    found, _ = Routes(tx).of(arrival.envelope.recipients[:1])
    box = found[0][0]
    known = tx.arrivals.seen(box.id, *arrival.identity) if arrival.identity else None
    new = (
        one.message_id
        for one in tx.events.after(before, _MANY)
        if one.kind == "message.received" and one.mailbox_id == box.id
    )
    message_id = known or next(new, None)
    assert message_id is not None, "the mail was taken and is not there"
    return message_id
