"""`multimail backup` and `multimail restore`: copies of the account; one is brought back without whoever was erased."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from multimail.adapters.store.backup import LIST, is_account, put_back, read_proofs
from multimail.commands import identity, lock
from multimail.commands.terminal import say
from multimail.config import Settings
from multimail.core.errors import Problem
from multimail.core.model import Scope
from multimail.ports.erasure import Proof
from multimail.ports.store import Tx
from multimail.services import backups
from multimail.wiring.account import opened
from multimail.wiring.folder import DATABASE, prepare

FOLDER: Final = "backups"
_ALL: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Restoring:
    """What is brought back: a backup, with the lists of erasures that it has to be brought up to date by."""

    file: Path
    lists: tuple[Path, ...] = ()
    discard: bool = False


def make(settings: Settings, to: Path | None, keep: int) -> None:
    """Copy the account while it is in use, and remove the oldest copies. For operators."""
    folder = (to or settings.folder / FOLDER).absolute()
    with identity.session(settings, Scope.ADMIN) as session:
        session.runner.run(session.services.store.read(lambda tx: _operator(tx, session.principal_id)))
        made = session.runner.run(backups.make(session.services, folder, keep))
    say(f"Written: {folder / made.name} ({made.size:,} bytes)")
    for name in made.removed:
        say(f"Removed: {folder / name}")


def _operator(tx: Tx, principal_id: str) -> None:
    who = tx.principals.get(principal_id)
    if who is None or Scope.ADMIN not in who.principal.scopes:
        raise Problem("forbidden", "A backup is everybody's mail: an operator makes it.")


def restore(settings: Settings, what: Restoring) -> None:
    """Put a backup in place of what is in the data folder, and erase whoever was erased since it was made.

    What is there is copied to the backups first, unless it is to be discarded. Nothing answers before all of it is
    done: this process is the resident of the folder meanwhile.
    """
    if not is_account(what.file):
        raise Problem("invalid", f"{what.file} is no backup of an account.", field="file")
    place = prepare(settings.folder)
    with lock.held(place):
        proofs = _listed([*what.lists, what.file.with_name(LIST), place / FOLDER / LIST], what.lists)
        if (place / DATABASE).exists() and not what.discard:
            proofs += asyncio.run(_set_aside(settings, place / FOLDER))
        put_back(what.file, place / DATABASE)
        through = asyncio.run(_brought_up_to_date(settings, proofs, place / FOLDER))
    known = len({one.id for one in proofs})
    say(f"Restored: {what.file}")
    say(f"Erasures looked for: {known}" + ("." if through else "; the server ends them when it runs."))


def _listed(paths: Sequence[Path], required: Sequence[Path]) -> list[Proof]:
    """What the lists hold; those that were named have to be there."""
    return [one for path in paths if path in required or path.exists() for one in read_proofs(path)]


async def _set_aside(settings: Settings, folder: Path) -> list[Proof]:
    """Copy what is there to the backups; the erasures that it knows."""
    async with opened(settings) as services:
        proofs = await services.store.read(lambda tx: tx.erasures.proofs())
        made = await backups.make(services, folder, keep=_ALL)
    say(f"What was there: {folder / made.name}")
    return proofs


async def _brought_up_to_date(settings: Settings, proofs: Sequence[Proof], folder: Path) -> bool:
    async with opened(settings) as services:
        await backups.know(services, folder)
        return await backups.replay(services, list({one.id: one for one in proofs}.values()))
