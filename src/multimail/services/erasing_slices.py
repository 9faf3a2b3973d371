"""The slices of an erasure: mail of the person, mail that mentions the person, every other row, then the file itself.

Each slice writes down what it did in its own transaction, so that a process that is killed loses none of it and the
next one goes on. Passes are repeated until one finds nothing: mail goes on arriving meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, TypeVar

from multimail.core.traces import Traces, elsewhere
from multimail.ports.erasure import Erasure, Part, Place
from multimail.ports.records import StoredMessage
from multimail.ports.store import Tx
from multimail.services import editing, settling
from multimail.services.context import Services
from multimail.services.machine import machine_call

T = TypeVar("T")

MAILS: Final = 20
"""Mails removed or redacted in one transaction."""
_BYTES: Final = 4_000_000
"""Their bytes: to overwrite long mail takes long."""
LOOKED_AT: Final = 200
"""Mails that are looked through at a time, without a transaction that anybody waits for."""
ROWS: Final = 100
INTERACTIONS: Final = 1_000
_PASSES: Final = 5
"""Passes at one go; what is left then is left to the next."""


@dataclass(frozen=True, slots=True)
class Mails:
    """A slice of mail, what is looked for in it, and the mail up to which mentions were looked for then."""

    parts: tuple[Part, ...]
    traces: Traces
    through: int | None = None


async def swept(services: Services, erasure: Erasure) -> Erasure | None:
    """Take the person out of every row, and forget who it was; the erasure as it is then."""
    traces = erasure.traces
    assert traces is not None
    shared = await services.store.read(lambda tx: tx.eraser.shared(traces.names, traces.address), search=True)
    anywhere = elsewhere(traces, shared)
    for _ in range(_PASSES):
        await _own_mail(services, erasure.id, traces)
        await _contact(services, traces.address, erasure.key)
        await _mentions(services, erasure.id, anywhere)
        await _rows(services, erasure.id, anywhere)
        now = await services.store.write(partial(_forgotten, services=services, erasure_id=erasure.id))
        if now is None or now.stage != "sweeping":
            return now
    return await services.store.read(lambda tx: tx.erasures.get(erasure.id))


async def _own_mail(services: Services, erasure_id: str, traces: Traces) -> None:
    after = 0
    while parts := await services.store.read(partial(_parts, address=traces.address, after=after)):
        mails = Mails(tuple(parts), traces)
        await services.store.write(partial(_take_out, services=services, erasure_id=erasure_id, mails=mails))
        after = parts[-1].seq


def _parts(tx: Tx, address: str, after: int) -> list[Part]:
    return next(_few(tx.eraser.parts(address, after, MAILS)), [])


async def _mentions(services: Services, erasure_id: str, traces: Traces) -> None:
    known = await services.store.read(lambda tx: tx.erasures.get(erasure_id))
    after: int | None = known.found_seq if known else 0
    while after is not None:
        parts, through = await services.store.read(
            partial(_mentioning, traces=traces, after=after), search=True
        )
        slices = [Mails(tuple(some), traces) for some in _few(parts)] or [Mails((), traces)]
        slices[-1] = replace(slices[-1], through=through)
        for mails in slices:
            await services.store.write(
                partial(_take_out, services=services, erasure_id=erasure_id, mails=mails)
            )
        after = through


def _mentioning(tx: Tx, traces: Traces, after: int) -> tuple[list[Part], int | None]:
    return tx.eraser.mentions(traces, after, LOOKED_AT)


def _take_out(tx: Tx, services: Services, erasure_id: str, mails: Mails) -> None:
    erasure = tx.erasures.get(erasure_id)
    if erasure is None or erasure.stage != "sweeping":
        # Somebody else was faster.
        return
    found = [(part, message) for part in mails.parts if (message := tx.messages.get(part.message_id))]
    still = [(part, message) for part, message in found if _withdrawn(tx, services, message)]
    removed = tx.purge.erase([part.message_id for part, _ in still if part.alone], even_held=True)
    redacted = tx.eraser.redact([part.message_id for part, _ in still if not part.alone], mails.traces)
    tx.erasures.progress(
        replace(
            erasure,
            removed=erasure.removed + removed,
            redacted=erasure.redacted + redacted,
            found_seq=max(erasure.found_seq, mails.through or 0),
            touched_at=services.clock.now(),
        )
    )


def _withdrawn(tx: Tx, services: Services, message: StoredMessage) -> bool:
    """Let nothing of a mail leave any more; False while a next hop is being given it."""
    if message.direction == "inbound":
        return True
    if editing.withdrawable(tx, message):
        editing.cancel(tx, machine_call(services), message)
    elif tx.deliveries.cancel(message.id, services.clock.now()):
        settling.arrive(tx, machine_call(services), message)
    return not any(one.status == "sending" for one in tx.deliveries.of(message.id))


async def _contact(services: Services, address: str, key: str) -> None:
    contact = await services.store.read(lambda tx: tx.contacts.by_address(address))
    contact_id = contact.id if contact else None
    if contact_id is not None:
        forget = partial(_interactions, contact_id=contact_id)
        while await services.store.write(forget):
            pass
    await services.store.write(lambda tx: tx.eraser.forget(address, key, contact_id))


def _interactions(tx: Tx, contact_id: str) -> int:
    return tx.eraser.forget_interactions(contact_id, INTERACTIONS)


async def _rows(services: Services, erasure_id: str, traces: Traces) -> None:
    places = await services.store.read(lambda tx: tx.eraser.places(traces), search=True)
    for some in _pieces(places, ROWS):
        await services.store.write(
            partial(_scrub, services=services, erasure_id=erasure_id, places=some, traces=traces)
        )


def _scrub(tx: Tx, services: Services, erasure_id: str, places: Sequence[Place], traces: Traces) -> None:
    rows = tx.eraser.scrub(places, traces)
    erasure = tx.erasures.get(erasure_id)
    if erasure is not None and erasure.stage == "sweeping":
        tx.erasures.progress(replace(erasure, rows=erasure.rows + rows, touched_at=services.clock.now()))


def _forgotten(tx: Tx, services: Services, erasure_id: str) -> Erasure | None:
    """In one transaction: see that nobody is there, and forget who it was. Else another pass is needed."""
    erasure = tx.erasures.get(erasure_id)
    if erasure is None or erasure.traces is None or tx.eraser.is_there(erasure.traces.address):
        return erasure
    ended = replace(erasure, stage="cleaning", traces=None, touched_at=services.clock.now())
    tx.erasures.progress(ended)
    return ended


async def cleaned(services: Services, erasure: Erasure) -> bool:
    """Take what was deleted out of the search index and the file; False when a reader holds on to it."""
    first = True
    while await services.store.write(partial(_merged, services=services, erasure=erasure, first=first)):
        first = False
    return await services.store.scour()


def _merged(tx: Tx, services: Services, erasure: Erasure, first: bool) -> bool:
    known = tx.erasures.get(erasure.id)
    if known is not None:
        tx.erasures.progress(replace(known, touched_at=services.clock.now()))
    return tx.eraser.merge_index(first)


def _few(parts: Sequence[Part]) -> Iterator[list[Part]]:
    """As many at a time as have few enough bytes together, and one at least."""
    some, size = list[Part](), 0
    for one in parts:
        if some and (len(some) == MAILS or size + one.size > _BYTES):
            yield some
            some, size = [], 0
        some.append(one)
        size += one.size
    if some:
        yield some


def _pieces(found: Sequence[T], size: int) -> Iterator[tuple[T, ...]]:
    for start in range(0, len(found), size):
        yield tuple(found[start : start + size])
