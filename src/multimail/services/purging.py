"""Deleting mail for good: `empty_mailbox` and `delete_messages`, and ending what a crash left half done.

What is to be deleted is written down first and then done in slices, each its own transaction, so that arriving mail
waits for one slice at most. The answer comes when all is gone; whoever began it may die meanwhile, the server goes on.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from multimail.contract.keeping import DeleteMessages, DeleteRow, DeleteRows, EmptyMailbox, EmptyResult
from multimail.contract.shapes import View
from multimail.core.errors import Problem
from multimail.core.times import MINUTE, from_datetime
from multimail.ports.keeping import Doomed, Purging
from multimail.ports.records import Event
from multimail.ports.store import Tx
from multimail.services import access
from multimail.services.context import Call, Services

SLICE: Final = 100
"""Mails deleted in one transaction."""
_PATIENCE: Final = MINUTE
"""So long after it was begun the caller is left alone with it."""
_SMALL: Final = 500
"""Mails whose words are indexed anew in one transaction."""
_SLICE_BYTES: Final = 4_000_000
"""Their bytes: the words of a long mail take long to forget."""


class Begun(EmptyResult):
    """What is deleted by and by; never an answer."""

    purges: tuple[Purging, ...]


def empty_mailbox(tx: Tx, call: Call, request: EmptyMailbox) -> Begun:
    """Write down what is to go: all that is there now, or what of it was stored before a time."""
    boxes = _boxes(tx, call, request)
    before = from_datetime(request.before) if request.before else call.now + 1
    purges = [
        Purging(
            call.new_id("prg"), box_id, tx.purge.newest(box_id), min(before, call.now + 1), call.principal.id,
            "asked", 0, call.now,
        )
        for box_id in boxes
    ]  # fmt: skip
    for one in purges:
        tx.purge.begin(one)
    return Begun(mailbox=boxes[0] if request.mailbox else None, deleted=0, kept=0, purges=tuple(purges))


def _boxes(tx: Tx, call: Call, request: EmptyMailbox) -> list[str]:
    if bool(request.mailbox) == request.everything:
        raise Problem(
            "contradiction" if request.mailbox else "invalid",
            "Name one mailbox, or ask for everything.",
            field="mailbox",
            advice="Give mailbox, or everything: true.",
        )
    if request.mailbox:
        return [access.mailbox(tx, call.principal, request.mailbox).id]
    return tx.purge.mailboxes(call.principal.mailboxes)


async def emptied(services: Services, begun: View) -> EmptyResult:
    """Do what was written down, slice by slice; the answer of `empty_mailbox`."""
    assert isinstance(begun, Begun)
    deleted, kept = 0, dict[str, int]()
    for one in begun.purges:
        gone, left = await carry_out(services, one)
        deleted += gone
        for status, count in left.items():
            kept[status] = kept.get(status, 0) + count
    return EmptyResult(
        mailbox=begun.mailbox,
        deleted=deleted,
        kept=sum(kept.values()),
        reason_kept=_reason(kept),
        kept_by_status=kept or None,
    )


def _reason(kept: dict[str, int]) -> str | None:
    if not kept:
        return None
    states = ", ".join(f"{count} {status}" for status, count in sorted(kept.items()))
    return f"Mail that waits or is on its way stays, with what it answers: {states}."


async def carry_out(services: Services, purging: Purging) -> tuple[int, dict[str, int]]:
    """Delete in slices until nothing within the bounds may go; how many went, and what is left, by state.

    Two may be at it at once, as after a restart: each mail goes once.
    """
    after = 0
    while doomed := await services.store.read(partial(_next, purging=purging, after=after)):
        await services.store.write(partial(_erase, purging=purging, doomed=doomed))
        after = doomed[-1].seq
    return await services.store.write(lambda tx: _end(tx, services, purging))


def _next(tx: Tx, purging: Purging, after: int) -> list[Doomed]:
    """A slice: as many as have few enough bytes together, and one at least if there is any."""
    size, taken = 0, list[Doomed]()
    for one in tx.purge.doomed(purging, after, SLICE):
        size += one.size
        if taken and size > _SLICE_BYTES:
            break
        taken.append(one)
    return taken


def _erase(tx: Tx, purging: Purging, doomed: list[Doomed]) -> None:
    tx.purge.done(purging.id, tx.purge.erase([one.id for one in doomed]))


def _end(tx: Tx, services: Services, purging: Purging) -> tuple[int, dict[str, int]]:
    known = tx.purge.get(purging.id) or purging
    left = tx.purge.kept(purging)
    now = services.clock.now()
    if tx.purge.end(purging.id, now):
        data = {"deleted": known.deleted, "kept": sum(left.values()), "reason": purging.reason}
        tx.events.add(
            Event(
                "mailbox.emptied", now, purging.mailbox_id, principal_id=purging.principal_id, data=data
            )
        )  # fmt: skip
    return known.deleted, left


async def step(services: Services) -> int:
    """End what was begun and not ended, unless whoever began it is likely to be at it. Returns how much was done."""
    begun, untidied = await services.store.read(lambda tx: (tx.purge.under_way(), tx.purge.untidied()))
    now = services.clock.now()
    left = [one for one in begun if one.reason == "retention" or one.created_at + _PATIENCE <= now]
    for one in left:
        await carry_out(services, one)
    if untidied and not left:
        await _tidy(services)
    return len(left)


async def _tidy(services: Services) -> None:
    """Take the words of what went out of the search index, where they are found no more and still stand.

    A small index is written anew. A large one loses them when its pieces are merged, as it goes on growing.
    """
    entries = await services.store.read(lambda tx: tx.purge.entries(_SMALL))

    def work(tx: Tx) -> None:
        if entries is None or tx.purge.index_anew(entries):
            tx.purge.tidied()

    await services.store.write(work)


def delete_messages(tx: Tx, call: Call, request: DeleteMessages) -> DeleteRows:
    """Delete single mails; what has to stay, or is not there, says why, and the others go."""
    rows = list(_judged(tx, call, list(dict.fromkeys(request.message_ids))))
    going = [row.message_id for row in rows if row.deleted]
    for message_id in going:
        found = tx.messages.get(message_id)
        assert found is not None
        about = (found.mailbox_id, found.id, found.thread_id)
        tx.events.add(Event("message.deleted", call.now, *about, principal_id=call.principal.id))
    if going:
        done = Purging(
            call.new_id("prg"), "", 0, 0, call.principal.id, "single", tx.purge.erase(going), call.now
        )
        tx.purge.begin(done)
        tx.purge.end(done.id, call.now)
    return DeleteRows(results=rows, deleted=len(going), failed=len(rows) - len(going))


def _judged(tx: Tx, call: Call, message_ids: list[str]) -> Iterator[DeleteRow]:
    free = tx.purge.deletable(message_ids)
    for message_id in message_ids:
        try:
            message = access.message(tx, call.principal, message_id)
            if message_id not in free:
                raise Problem(
                    "conflict", f"It is {message.status}: it waits, is on its way, or is being answered.",
                    field="message_ids", advice="Decide on it or withdraw it first.",
                )  # fmt: skip
        except Problem as problem:
            yield DeleteRow(
                message_id=message_id, deleted=False, code=problem.code, message=problem.message,
                field=problem.field or None, advice=problem.advice or None,
            )  # fmt: skip
        else:
            yield DeleteRow(message_id=message_id, deleted=True)
