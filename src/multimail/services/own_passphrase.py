"""A person's own passphrase, set in the browser: only after the key or the passphrase until now was given once more."""

from __future__ import annotations

import asyncio
import os
from typing import Final

from multimail.core.errors import Problem
from multimail.ports.records import Event
from multimail.ports.store import Tx
from multimail.services import passphrases
from multimail.services.context import Services
from multimail.services.signing_in import SigningIn, Visitor

_KEY_BEGINS: Final = "mm_"


async def set_own(services: Services, signing_in: SigningIn, who: Visitor, current: str, new: str) -> None:
    """Replace the passphrase of this person, whose other sign-ins end with it.

    `current` is their key, or their passphrase so far: a browser that somebody left open gives nobody a way in.
    Raises `unauthenticated` or `busy` (field `current`) and `invalid` (field `passphrase`).
    """
    text = passphrases.checked(new.strip())
    if text.startswith(_KEY_BEGINS):
        raise Problem("invalid", "What begins with mm_ is a key.", field="passphrase", advice="Choose words.")
    try:
        await signing_in.confirm(who, current)
    except Problem as problem:
        raise Problem(problem.code, problem.message, field="current", advice=problem.advice) from None
    stored = await asyncio.to_thread(passphrases.hashed, text, os.urandom(16))
    now = services.clock.now()

    def work(tx: Tx) -> None:
        tx.principals.set_passphrase_hash(who.principal.id, stored)
        for id_hash, _ in tx.sessions.of(who.principal.id):
            if id_hash != who.session_hash:
                tx.sessions.close(id_hash)
        tx.events.add(Event("passphrase.set", now, principal_id=who.principal.id))

    await services.store.write(work)
