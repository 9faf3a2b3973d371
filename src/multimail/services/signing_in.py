"""Signing in: from a link, key or passphrase to a session of a person's browser, and back to who that person is.

Session ids and links are random, given out once and kept as their SHA-256. Only people sign in: programs and
agents have keys, which work at their own doors.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import deque
from dataclasses import dataclass
from typing import Final

from multimail.core.errors import Problem
from multimail.core.model import Principal, PrincipalKind, Role
from multimail.core.times import HOUR, MINUTE, Micros
from multimail.ports.accounts import Session
from multimail.ports.outside import Ids
from multimail.ports.records import Event, StoredPrincipal
from multimail.ports.store import Tx
from multimail.services import passphrases
from multimail.services.context import Asserted, Caller, Services
from multimail.services.credentials import principal_of_key

SESSION_LASTS: Final = 12 * HOUR
LINK_LASTS: Final = 5 * MINUTE
PAGE: Final = "review page"
"""The host's name where an owner answers on our own page."""

_KEY_BEGINS: Final = "mm_"
_LONGEST_SECRET: Final = 1024
_FAILURES: Final = 10
"""Wrong passphrases in a minute, from whomever, after which no further one is looked at."""
_WAITING: Final = 4


@dataclass(frozen=True, slots=True)
class Visitor:
    """A signed-in person, valid at this moment."""

    principal: Principal
    csrf: str
    session_hash: str
    confirmed: bool = False

    def caller(self, digest: str = "") -> Caller:
        """Who calls. What an owner decides here is that person's own answer to the revision of this digest."""
        answers = self.principal.role is Role.OWNER and bool(digest)
        return Caller(self.principal.id, "web", asserted=Asserted(PAGE, digest) if answers else None)


def make_link(tx: Tx, ids: Ids, principal_id: str, now: Micros) -> str:
    """The token of a new sign-in link: it works once, within five minutes. For a terminal a person looks at."""
    token = ids.secret(32)
    tx.sessions.add_link(hashed(token), principal_id, now, now + LINK_LASTS)
    return token


def hashed(secret: str) -> str:
    """What is kept of a session id or link."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


async def visitor(services: Services, session_id: str) -> Visitor | None:
    """Who that session belongs to. A session that is over, or whose key was revoked, ends here for good."""
    session_hash = hashed(session_id)
    session, stored = services.store.instant(lambda tx: _look(tx, session_hash))
    if session is None:
        return None
    now = services.clock.now()
    if stored is None or not stored.valid_at(now) or now >= session.expires_at:
        await services.store.write(lambda tx: tx.sessions.close(session_hash))
        return None
    return Visitor(stored.principal, session.csrf, session_hash, session.confirmed_at is not None)


def _look(tx: Tx, session_hash: str) -> tuple[Session | None, StoredPrincipal | None]:
    session = tx.sessions.get(session_hash)
    return session, tx.principals.get(session.principal_id) if session else None


async def sign_out(services: Services, who: Visitor) -> None:
    """End the session now."""

    def work(tx: Tx) -> None:
        tx.sessions.close(who.session_hash)
        tx.events.add(Event("session.closed", services.clock.now(), principal_id=who.principal.id))

    await services.store.write(work)


class SigningIn:
    """The sign-in of one process: passphrases are tried one at a time, and not without end."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._one = asyncio.Lock()
        self._waiting = 0
        self._failures: deque[Micros] = deque(maxlen=_FAILURES)

    async def with_link(self, token: str, old: str = "") -> str:
        """The id of a new session; the link is spent, and so is the browser's `old` session."""

        def work(tx: Tx) -> str:
            principal_id = tx.sessions.use_link(hashed(token), self._services.clock.now())
            if principal_id is None:
                raise Problem(
                    "unauthenticated",
                    "This sign-in link was used already, or is older than five minutes.",
                    field="token",
                    advice="Ask for a new one in the terminal, or sign in with your key.",
                )
            return self._open(tx, principal_id, old)

        return await self._services.store.write(work)

    async def with_secret(self, secret: str, old: str = "") -> str:
        """The id of a new session for whoever holds this key or passphrase."""
        secret = secret.strip()
        if not secret or len(secret) > _LONGEST_SECRET:
            raise _refused()
        principal_id = self._holder(secret) or await self._person(secret)
        return await self._services.store.write(lambda tx: self._open(tx, principal_id, old))

    async def confirm(self, who: Visitor, secret: str) -> None:
        """Confirm the session by its own person's key or passphrase; `unauthenticated` for anybody else's."""
        secret = secret.strip()
        if not secret or len(secret) > _LONGEST_SECRET:
            raise _refused()
        if (self._holder(secret) or await self._person(secret)) != who.principal.id:
            raise _refused()
        now = self._services.clock.now()

        def work(tx: Tx) -> None:
            tx.sessions.confirm(who.session_hash, now)
            tx.events.add(
                Event("session.confirmed", now, principal_id=who.principal.id, data={"by": "secret"})
            )

        await self._services.store.write(work)

    def _holder(self, key: str) -> str | None:
        """Whose key it is; what looks like one is never tried as a passphrase."""
        try:
            return principal_of_key(self._services, key)
        except Problem:
            if key.startswith(_KEY_BEGINS):
                raise _refused() from None
            return None

    async def _person(self, passphrase: str) -> str:
        if self._waiting >= _WAITING or self._too_many_failures():
            raise Problem(
                "busy",
                "Too many attempts to sign in.",
                field="secret",
                advice="Wait a minute, or sign in with your key.",
            )
        self._waiting += 1
        try:
            async with self._one:
                found = await self._recognised(passphrase)
        finally:
            self._waiting -= 1
        if found is None:
            self._failures.append(self._services.clock.now())
            raise _refused()
        return found

    async def _recognised(self, passphrase: str) -> str | None:
        now = self._services.clock.now()
        for principal_id, stored in await self._services.store.read(lambda tx: passphrases.holders(tx, now)):
            if await asyncio.to_thread(passphrases.matches, passphrase, stored):
                return principal_id
        return None

    def _too_many_failures(self) -> bool:
        full = len(self._failures) == self._failures.maxlen
        return full and self._services.clock.now() - self._failures[0] < MINUTE

    def _open(self, tx: Tx, principal_id: str, old: str) -> str:
        """A session of its own id, whatever the browser brought: nobody can have chosen it beforehand."""
        now, ids = self._services.clock.now(), self._services.ids
        stored = tx.principals.get(principal_id)
        if stored is None or not stored.valid_at(now):
            raise _refused()
        if stored.principal.kind is not PrincipalKind.PERSON:
            raise Problem(
                "forbidden",
                "This key belongs to an agent or a program; only people sign in here.",
                field="secret",
                advice="Ask the operator for a key of your own.",
            )
        if old:
            tx.sessions.close(hashed(old))
        tx.sessions.prune(now)
        session_id = ids.secret(32)
        session = Session(principal_id, ids.secret(32), None, now, now + SESSION_LASTS)
        tx.sessions.open(hashed(session_id), session)
        tx.events.add(Event("session.opened", now, principal_id=principal_id))
        return session_id


def _refused() -> Problem:
    return Problem(
        "unauthenticated",
        "That is neither a valid key nor a passphrase.",
        field="secret",
        advice="Keys begin with mm_. An operator makes a new one: multimail keys create.",
    )
