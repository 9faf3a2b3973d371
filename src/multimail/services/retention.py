"""How long mail is kept: what is over the bounds of its mailbox is written down to be deleted."""

from __future__ import annotations

from multimail.core.times import DAY
from multimail.ports.keeping import Kept, Purging
from multimail.ports.store import Tx
from multimail.services.context import Call, Services
from multimail.services.machine import SERVER, machine_call


async def step(services: Services) -> int:
    """Begin to delete what is over its time, or too much; returns for how many mailboxes."""
    call = machine_call(services)
    found = await services.store.read(lambda tx: _over(tx, call, tx.purge.keeping()), search=True)
    if not found:
        return 0
    return await services.store.write(lambda tx: sum(_begin(tx, one) for one in found))


def apply(tx: Tx, call: Call, mailbox_id: str, days: int | None, messages: int | None) -> None:
    """Begin right away, as when an operator sets a bound."""
    for one in _over(tx, call, [Kept(mailbox_id, days, messages)]):
        _begin(tx, one)


def _over(tx: Tx, call: Call, bounds: list[Kept]) -> list[Purging]:
    """What would go now, of mailboxes from which anything would."""
    asked = [_purging(tx, call, one) for one in bounds]
    return [one for one in asked if tx.purge.doomed(one, 0, 1)]


def _purging(tx: Tx, call: Call, one: Kept) -> Purging:
    old = tx.purge.aged(one.mailbox_id, call.now - one.days * DAY) if one.days is not None else 0
    many = tx.purge.overflow(one.mailbox_id, one.messages) if one.messages is not None else 0
    through, before = max(old, many), call.now + 1
    return Purging(call.new_id("prg"), one.mailbox_id, through, before, SERVER, "retention", 0, call.now)


def _begin(tx: Tx, purging: Purging) -> int:
    """Only one at a time for each mailbox."""
    if any(
        one.mailbox_id == purging.mailbox_id and one.reason == "retention" for one in tx.purge.under_way()
    ):
        return 0
    tx.purge.begin(purging)
    return 1
