"""Backups: making them, keeping only so many, and erasing in them whoever was erased here.

Whoever is erased after a backup was made is in it. So the server erases in every backup of the folders it knows, once
the erasure is through here; and beside the backups lies the list of all erasures, by which a backup that was carried
elsewhere is brought up to date when it is restored.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

from multimail.core.addresses import normalise
from multimail.core.errors import Problem
from multimail.core.times import Micros, to_datetime
from multimail.ports.erasure import Erasure, Proof
from multimail.ports.store import Copies, Tx
from multimail.services import address_keys, erasing, suppressing, upkeep
from multimail.services.context import Services
from multimail.services.machine import SERVER, machine_call
from multimail.services.suppressing import Ban

_LOG: Final = logging.getLogger(__name__)
_FOLDERS: Final = "backup_folders"


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made, and the older ones that went for it."""

    folder: str
    name: str
    size: int
    removed: tuple[str, ...]


async def make(services: Services, folder: Path, keep: int) -> Made:
    """Copy the account into the folder, and remove all but the newest `keep` backups there."""
    copies = services.store.copies(folder)
    await know(services, folder)
    name = _name(copies, services.clock.now())
    size = await copies.make(name)
    copies.list_proofs(await services.store.read(lambda tx: tx.erasures.proofs()))
    old = copies.names()[: -max(1, keep)]
    for one in old:
        copies.remove(one)
    return Made(copies.folder, name, size, tuple(old))


async def know(services: Services, folder: Path) -> None:
    """Erase in the backups of this folder too. Before a copy is made there, so that no copy is anywhere unknown."""
    await services.store.write(partial(_known, folder=services.store.copies(folder).folder))


def _known(tx: Tx, folder: str) -> None:
    folders = tx.settings.get(_FOLDERS) or []
    if folder not in folders:
        tx.settings.set(_FOLDERS, [*folders, folder])


def _name(copies: Copies, now: Micros) -> str:
    stamp, taken = f"mail-{to_datetime(now):%Y%m%dT%H%M%S}", set(copies.names())
    names = (f"{stamp}{f'-{number}' if number else ''}Z.db" for number in range(len(taken) + 1))
    return next(name for name in names if name not in taken)


async def step(services: Services) -> int:
    """Erase in all backups whoever was erased here since; returns how many erasures are through with that.

    Where one cannot be opened the others are erased, and all of it is tried again.
    """
    waiting, proofs, folders = await services.store.read(
        lambda tx: (tx.erasures.in_copies(), tx.erasures.proofs(), tx.settings.get(_FOLDERS) or [])
    )
    if not waiting:
        return 0
    through = True
    for copies in map(services.store.copies, map(Path, folders)):
        # It may have been begun before, and be there only in a moment.
        through &= not copies.unfinished()
        if copies.names():
            copies.list_proofs(proofs)
        for name in copies.names():
            through &= await _erased_in(services, copies, name, proofs)
    if not through:
        return 0
    await services.store.write(lambda tx: tx.erasures.copied(waiting, services.clock.now()))
    return len(waiting)


async def _erased_in(services: Services, copies: Copies, name: str, proofs: Sequence[Proof]) -> bool:
    try:
        store = copies.opened(name)
        try:
            return await replay(replace(services, store=store), proofs)
        finally:
            await store.close()
    except Problem as problem:
        _LOG.error("nobody can be erased in the backup %s: %s", name, problem.message)
        return False


async def replay(services: Services, proofs: Sequence[Proof]) -> bool:
    """Erase in this store whoever the proofs are of, and what it had begun by itself; whether all of it is through.

    Of somebody who is not in it the proof is noted all the same, and the address suppressed.
    """
    new = await services.store.read(lambda tx: _unknown(tx, proofs), search=True)
    for proof, address in new:
        await services.store.write(partial(_begin, services=services, proof=proof, address=address))
    # Nobody hands mail over from a copy: what was under way when it was made would be waited for without end.
    await upkeep.rescue(services, alone=True)
    for one in await services.store.read(lambda tx: tx.erasures.under_way(services.clock.now())):
        await erasing.carry_out(services, one.id)
    return not await services.store.read(lambda tx: tx.erasures.under_way(services.clock.now()))


def _unknown(tx: Tx, proofs: Sequence[Proof]) -> list[tuple[Proof, str | None]]:
    """Proofs that this store does not have, each with the address it is of, if that is anywhere in it."""
    known = {one.id for one in tx.erasures.proofs()}
    new = [one for one in proofs if one.id not in known]
    if not new:
        return []
    secret = address_keys.secret(tx)
    wanted = {one.key for one in new}
    found = {
        key: address
        for address in tx.eraser.addresses()
        if (key := address_keys.key_of(secret, address).hex()) in wanted
    }
    return [(one, found.get(one.key)) for one in new]


def _begin(tx: Tx, services: Services, proof: Proof, address: str | None) -> None:
    call, key = machine_call(services), bytes.fromhex(proof.key)
    if address is not None:
        erasing.begin(tx, call, normalise(address), key, erasure_id=proof.id)
        return
    suppressing.suppress(tx, Ban("erasure", "replayed", key=key, by=SERVER), call.now)
    tx.erasures.begin(
        Erasure(proof.id, proof.key, SERVER, "ended", None, proof.asked_at, call.now, ended_at=call.now)
    )
