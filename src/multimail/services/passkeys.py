"""A person's passkeys: made while signed in and confirmed, used to confirm a session.

An authenticator answers one question of one session, within five minutes; the question is spent by any answer.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

from multimail.core.errors import Problem
from multimail.core.text import typed_line
from multimail.core.times import MINUTE
from multimail.ports.passkeys import Authenticator, Passkey, Place
from multimail.ports.records import Event
from multimail.ports.store import Tx
from multimail.services.context import Services
from multimail.services.signing_in import Visitor

_GOOD_FOR: Final = 5 * MINUTE
_MOST: Final = 20
_LONGEST_NAME: Final = 100


@dataclass(frozen=True, slots=True)
class Door:
    """Where a person's browser is, and what understands its authenticator."""

    services: Services
    authenticator: Authenticator
    place: Place


async def mine(services: Services, who: Visitor, rp_id: str | None = None) -> list[Passkey]:
    """This person's passkeys; with a host name, those that work there."""
    return await services.store.read(lambda tx: tx.passkeys.of(who.principal.id, rp_id))


async def creation_options(door: Door, who: Visitor) -> str:
    """What the browser's authenticator is asked for a new passkey, as JSON."""
    known = await mine(door.services, who)
    if len(known) >= _MOST:
        raise Problem("invalid", f"You have {_MOST} passkeys; remove one first.", field="name")
    challenge = await _ask(door.services, who)
    user = (who.principal.id, who.principal.name)
    return door.authenticator.creation_options(door.place, user, challenge, [one.id for one in known])


async def add(door: Door, who: Visitor, name: str, answer: str) -> None:
    """Keep the passkey that the browser made."""
    named = typed_line(name, "name").strip()[:_LONGEST_NAME] or "Passkey"
    challenge = await _asked(door.services, who)
    passkey_id, public_key, count = door.authenticator.created(door.place, challenge, answer)
    now = door.services.clock.now()
    made = Passkey(passkey_id, who.principal.id, named, door.place.rp_id, public_key, count, now)

    def work(tx: Tx) -> None:
        if tx.passkeys.get(passkey_id) is not None:
            raise Problem("already_exists", "This passkey is known here.", field="passkey")
        tx.passkeys.insert(made)
        tx.events.add(Event("passkey.added", now, principal_id=who.principal.id))

    await door.services.store.write(work)


async def remove(services: Services, who: Visitor, passkey_id: str) -> None:
    """Take one of one's own away."""
    now = services.clock.now()

    def work(tx: Tx) -> None:
        if not tx.passkeys.remove(who.principal.id, passkey_id):
            raise Problem("not_found", "There is no such passkey of yours.", field="passkey")
        tx.events.add(Event("passkey.removed", now, principal_id=who.principal.id))

    await services.store.write(work)


async def request_options(door: Door, who: Visitor) -> str:
    """What the authenticator is asked to confirm the session, as JSON; empty for who has no passkey here."""
    known = await mine(door.services, who, door.place.rp_id)
    if not known:
        return ""
    challenge = await _ask(door.services, who)
    return door.authenticator.request_options(door.place, challenge, [one.id for one in known])


async def confirm(door: Door, who: Visitor, answer: str) -> None:
    """Confirm the session by a passkey of its own person; `unauthenticated` for anything else."""
    challenge = await _asked(door.services, who)
    known = {one.id: one for one in await mine(door.services, who, door.place.rp_id)}
    passkey = known.get(_named(answer))
    if passkey is None:
        raise Problem(
            "unauthenticated", "That is not a passkey of yours here.", field="passkey",
            advice="Type your passphrase or key instead.",
        )  # fmt: skip
    count = door.authenticator.answered(door.place, challenge, answer, passkey)
    now = door.services.clock.now()

    def work(tx: Tx) -> None:
        tx.passkeys.used(passkey.id, count, now)
        tx.sessions.confirm(who.session_hash, now)
        tx.events.add(Event("session.confirmed", now, principal_id=who.principal.id, data={"by": "passkey"}))

    await door.services.store.write(work)


def _named(answer: str) -> str:
    try:
        given = json.loads(answer)
    except (ValueError, RecursionError):
        return ""
    named = given.get("id") if isinstance(given, dict) else None
    return named if isinstance(named, str) else ""


async def _ask(services: Services, who: Visitor) -> str:
    challenge, until = services.ids.secret(32), services.clock.now() + _GOOD_FOR
    await services.store.write(lambda tx: tx.sessions.ask(who.session_hash, challenge, until))
    return challenge


async def _asked(services: Services, who: Visitor) -> str:
    now = services.clock.now()
    challenge = await services.store.write(lambda tx: tx.sessions.asked(who.session_hash, now))
    if challenge is None:
        raise Problem(
            "unauthenticated",
            "That took too long, or was answered already.",
            field="passkey",
            advice="Try again.",
        )
    return challenge
