"""Erasing a person: `erase_person`, what it begins, and ending what a crash left half done.

Who is to be erased is written down first; from then on the address is suppressed. Then everything goes in slices, each
its own transaction, so that others who write wait for one slice at most. The last of these transactions looks whether
anything came meanwhile; if not it forgets the address, and only its key is left as the proof.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Final

from multimail.contract.erasure import ErasePerson, ErasureList, ErasureView, ListErasures
from multimail.contract.shapes import View
from multimail.core.addresses import normalise, parse_address
from multimail.core.errors import Problem
from multimail.core.times import SECOND, to_datetime
from multimail.core.traces import of_person
from multimail.ports.erasure import Erasure
from multimail.ports.records import Event
from multimail.ports.store import Tx
from multimail.services import access, address_keys, cursors, erasing_slices, suppressing
from multimail.services.context import Call, Services
from multimail.services.inbound_mailboxes import mailbox_of
from multimail.services.suppressing import Ban

_PATIENCE: Final = 10 * SECOND
"""So long after somebody was at it last, an erasure is left to whoever that is."""
_ID: Final = "era"


class Begun(ErasureView):
    """What is erased by and by; never an answer."""


def erase_person(tx: Tx, call: Call, request: ErasePerson) -> Begun:
    """Write down who is to be erased, in every mailbox. Asking again while it goes on is the same erasure."""
    access.everything(call.principal)
    address = _address(request.email)
    if normalise(request.confirm_email) != address:
        raise Problem(
            "contradiction", "The two addresses are not the same.", field="confirm_email",
            advice="Write the address of who is to be erased twice.",
        )  # fmt: skip
    _refuse_own(tx, address)
    key = address_keys.address_key(tx, address)
    found = [one for one in tx.erasures.of(key.hex(), None, 1) if one.stage == "sweeping"]
    erasure = found[0] if found else begin(tx, call, address, key)
    return Begun.model_validate(_view(erasure).model_dump())


def begin(tx: Tx, call: Call, address: str, key: bytes, erasure_id: str = "") -> Erasure:
    """Suppress the address, and write down what to look for; `erasure_id` is given where it happens once more."""
    suppressing.suppress(
        tx, Ban("erasure", "erase_person", address=None, key=key, by=call.principal.id), call.now
    )
    contact = tx.contacts.by_address(address)
    traces = of_person(address, tx.eraser.names(address), contact.metadata if contact else {})
    erasure = Erasure(
        erasure_id or call.new_id(_ID), key.hex(), call.principal.id, "sweeping", traces, call.now, call.now
    )
    tx.erasures.begin(erasure)
    tx.events.add(
        Event(
            "contact.erasure_asked",
            call.now,
            contact_id=contact.id if contact else None,
            principal_id=call.principal.id,
            data={"erasure": erasure.id},
        )
    )
    return erasure


async def erased(services: Services, begun: View) -> ErasureView:
    """Do what was written down; the answer of `erase_person`."""
    assert isinstance(begun, Begun)
    await carry_out(services, begun.erasure_id)
    found = await services.store.read(lambda tx: tx.erasures.get(begun.erasure_id))
    assert found is not None
    return _view(found)


async def carry_out(services: Services, erasure_id: str) -> None:
    """Erase, as far as that can be now: mail that is being handed over this very moment is waited for by `step`.

    Two may be at it at once, as after a restart: each row goes once.
    """
    erasure = await services.store.read(lambda tx: tx.erasures.get(erasure_id))
    if erasure is not None and erasure.stage == "sweeping":
        erasure = await erasing_slices.swept(services, erasure)
    if (
        erasure is not None
        and erasure.stage == "cleaning"
        and await erasing_slices.cleaned(services, erasure)
    ):
        await services.store.write(partial(_end, services=services, erasure_id=erasure_id))


def _end(tx: Tx, services: Services, erasure_id: str) -> None:
    erasure = tx.erasures.get(erasure_id)
    if erasure is None or erasure.stage == "ended":
        return
    now = services.clock.now()
    tx.erasures.progress(_at(erasure, "ended", now))
    data = {
        "erasure": erasure.id, "proof": erasure.key, "mails_removed": erasure.removed,
        "mails_redacted": erasure.redacted, "rows_scrubbed": erasure.rows,
    }  # fmt: skip
    tx.events.add(Event("contact.erased", now, principal_id=erasure.principal_id, data=data))


async def step(services: Services) -> int:
    """Go on with what nobody is at; returns how many erasures that are."""
    before = services.clock.now() - _PATIENCE
    left = await services.store.read(lambda tx: tx.erasures.under_way(before))
    for one in left:
        await carry_out(services, one.id)
    ended = await services.store.read(lambda tx: tx.erasures.under_way(before))
    return len(left) - len(ended)


def list_erasures(tx: Tx, call: Call, request: ListErasures) -> ErasureList:
    """The record, newest first."""
    key = address_keys.address_key(tx, _address(request.email)).hex() if request.email else None
    before = None
    if last := cursors.last_id(request, _ID):
        at = tx.erasures.get(last)
        if at is None:
            raise cursors.refused()
        before = (at.asked_at, at.id)
    found = tx.erasures.of(key, before, request.limit + 1)
    page = found[: request.limit]
    return ErasureList(
        erasures=[_view(one) for one in page],
        count=len(page),
        cursor=cursors.after(request, page[-1].id) if len(found) > len(page) else None,
    )


def _address(text: str) -> str:
    return normalise(parse_address(text, field="email").address)


def _refuse_own(tx: Tx, address: str) -> None:
    if tx.mailboxes.address_taken(address) or mailbox_of(tx, address) is not None:
        raise Problem(
            "conflict", "It is a mailbox of this server, not somebody it writes to.", field="email",
            advice="Close it with delete_mailbox and empty it with empty_mailbox.",
        )  # fmt: skip
    if tx.mailboxes.by_oversight(address):
        raise Problem(
            "conflict", "It is the oversight address of a mailbox.", field="email",
            advice="Give that mailbox another oversight address with update_mailbox first.",
        )  # fmt: skip


def _at(erasure: Erasure, stage: str, now: int) -> Erasure:
    return replace(erasure, stage=stage, touched_at=now, ended_at=now, traces=None)


def _view(one: Erasure) -> ErasureView:
    return ErasureView(
        erasure_id=one.id,
        state="erased" if one.stage == "ended" else "under_way",
        proof=one.key,
        mails_removed=one.removed,
        mails_redacted=one.redacted,
        rows_scrubbed=one.rows,
        asked_at=to_datetime(one.asked_at),
        ended_at=to_datetime(one.ended_at) if one.ended_at is not None else None,
        backups_at=to_datetime(one.copies_at) if one.copies_at is not None else None,
    )
