"""What an account holds from its first moment: a ready mailbox, one that keeps the rest, the built-in agent.

Nobody may decide on mail before a person took the operator's key, which is made once and returned here only.
"""

from __future__ import annotations

import hashlib
from typing import Final

from multimail.core.errors import Problem
from multimail.core.model import ROLE_SCOPES, Mailbox, Principal, PrincipalKind, Role, Scope
from multimail.core.times import Micros
from multimail.ports.outside import Ids
from multimail.ports.records import Event, StoredPrincipal
from multimail.ports.store import Tx

READY_MAILBOX: Final = "agent@localhost"
CAPTURE_MAILBOX: Final = "capture@localhost"
BUILT_IN_AGENT: Final = "key_agent"
"""Who calls when no key was given. It has no key that could be stolen, and an agent's scopes."""

_PREPARED: Final = "prepared_at"
_PREFIX_LENGTH: Final = 7


def is_prepared(tx: Tx) -> bool:
    """Whether this account has had its first moment."""
    return tx.settings.get(_PREPARED) is not None


def prepare(tx: Tx, ids: Ids, now: Micros) -> bool:
    """Set the account up, once: whether this call did. Of several processes at once one does."""
    if is_prepared(tx):
        return False
    ready = Mailbox(ids.new("mbx", now), READY_MAILBOX, display_name="Agent", created_at=now)
    capture = Mailbox(
        ids.new("mbx", now), CAPTURE_MAILBOX, display_name="Kept here", catches_all=True, created_at=now
    )
    tx.principals.insert(
        _stored(BUILT_IN_AGENT, PrincipalKind.AGENT, "agent", Role.AGENT, now), key_hash=None
    )
    for mailbox in (ready, capture):
        tx.mailboxes.insert(mailbox)
        tx.events.add(Event("mailbox.created", now, mailbox_id=mailbox.id))
    tx.settings.set(_PREPARED, now)
    return True


def has_operator(tx: Tx, now: Micros) -> bool:
    """Whether some key may change what agents may do."""
    return any(_administers(one, now) for one in tx.principals.all())


def operator_person(tx: Tx, now: Micros) -> str | None:
    """The id of the person who has been operator for longest, if there is one."""
    people = [
        one
        for one in tx.principals.all()
        if _administers(one, now) and one.principal.kind is PrincipalKind.PERSON
    ]
    return min(people, key=lambda one: one.created_at).principal.id if people else None


def _administers(one: StoredPrincipal, now: Micros) -> bool:
    return Scope.ADMIN in one.principal.scopes and one.valid_at(now)


def first_operator(tx: Tx, ids: Ids, now: Micros) -> tuple[str, str]:
    """The id and the key of the account's first operator; `already_exists` when there is one.

    From then on operators make further keys, and nobody else does.
    """
    if has_operator(tx, now):
        raise Problem(
            "already_exists",
            "This account has an operator.",
            advice="An operator makes further keys: multimail keys create NAME --role operator.",
        )
    return _operator(tx, ids, now)


def replace_operators(tx: Tx, ids: Ids, now: Micros) -> tuple[str, str]:
    """The id and the key of a new operator, after all keys that could administer became worthless.

    For whoever owns the data folder and lost the key; callers make sure that a person asks for it.
    """
    for one in tx.principals.all():
        if Scope.ADMIN in one.principal.scopes:
            tx.principals.revoke(one.principal.id, now)
            tx.sessions.close_all(one.principal.id)
            tx.events.add(Event("key.revoked", now, data={"key": one.principal.id, "reason": "replaced"}))
    return _operator(tx, ids, now)


def _operator(tx: Tx, ids: Ids, now: Micros) -> tuple[str, str]:
    key = f"mm_{ids.secret(32)}"
    row = _stored(
        ids.new("key", now), PrincipalKind.PERSON, "operator", Role.OPERATOR, now, key[:_PREFIX_LENGTH]
    )
    tx.principals.insert(row, key_hash=hashlib.sha256(key.encode()).hexdigest())
    tx.events.add(Event("key.created", now, data={"key": row.principal.id, "role": Role.OPERATOR}))
    return row.principal.id, key


def _stored(
    key_id: str, kind: PrincipalKind, name: str, role: Role, now: Micros, prefix: str = ""
) -> StoredPrincipal:
    return StoredPrincipal(Principal(key_id, kind, name, role, ROLE_SCOPES[role]), prefix, now)
