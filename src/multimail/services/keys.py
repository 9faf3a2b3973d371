"""Keys: create, list, revoke. A key is shown once and kept as its SHA-256 only."""

from __future__ import annotations

import hashlib
from typing import Final

from multimail.contract.administration import CreateKey, KeyCreated, KeyList, KeyView, ListKeys, RevokeKey
from multimail.core.errors import Problem
from multimail.core.model import ROLE_SCOPES, Principal, PrincipalKind, Role, Scope
from multimail.core.times import from_datetime, to_datetime
from multimail.ports.records import Event, StoredPrincipal
from multimail.ports.store import Tx
from multimail.services import access, approval_limits
from multimail.services.context import Call
from multimail.services.convert import moment

_PREFIX_LENGTH: Final = 7
_KINDS: Final = {
    Role.VIEWER: PrincipalKind.PROGRAM,
    Role.AGENT: PrincipalKind.AGENT,
    Role.REVIEWER: PrincipalKind.PERSON,
    Role.OPERATOR: PrincipalKind.PERSON,
    Role.OWNER: PrincipalKind.PERSON,
}


def create_key(tx: Tx, call: Call, request: CreateKey) -> KeyCreated:
    """A new principal with its key; `self_approving` adds oversight to what the role may do."""
    access.everything(call.principal)
    expires_at = from_datetime(request.expires_at) if request.expires_at else None
    if expires_at is not None and expires_at <= call.now:
        raise Problem("invalid_time", "It would be over already.", field="expires_at")
    limit = approval_limits.of_key(tx, call, request)
    key = f"mm_{call.services.ids.secret(32)}"
    one = Principal(
        id=call.new_id("key"),
        kind=request.kind or (PrincipalKind.PROGRAM if limit else _KINDS[request.role]),
        name=_name(request.name.strip()),
        role=request.role,
        scopes=_scopes(request),
        mailboxes=_mailboxes(tx, call, request.mailboxes),
        self_approving=request.self_approving,
        elicitation=request.elicitation,
        approval_limit=limit,
    )
    stored = StoredPrincipal(one, key[:_PREFIX_LENGTH], call.now, expires_at)
    tx.principals.insert(stored, key_hash=hashlib.sha256(key.encode()).hexdigest())
    tx.principals.set_caps(one.id, request.cap_per_hour, request.cap_per_day)
    data = {"key": one.id, "role": one.role.value, "self_approving": one.self_approving}
    data |= {"approval_limit": True} if limit else {}
    tx.events.add(Event("key.created", call.now, principal_id=call.principal.id, data=data))
    return KeyCreated(key=key, **view(tx, stored).model_dump())


def _name(name: str) -> str:
    """It stands in every line of the record, on terminals and pages."""
    if not name or any(char < " " or "\x7f" <= char <= "\x9f" for char in name):
        advice = "Give it as one line of plain text."
        raise Problem(
            "invalid", "A name has no control characters, and is not empty.", field="name", advice=advice
        )
    return name


def _scopes(request: CreateKey) -> frozenset[Scope]:
    """Sending and deciding on one key is refused unless an operator says so in as many words."""
    scopes = ROLE_SCOPES[request.role]
    if not request.self_approving:
        return scopes
    if request.role not in {Role.AGENT, Role.OPERATOR}:
        raise Problem(
            "invalid_setting", "Only an agent's or operator's key can be self-approving.", field="self_approving",
            advice="Use role agent with self_approving for a program that sends and decides.",
        )  # fmt: skip
    return scopes | {Scope.OVERSIGHT}


def _mailboxes(tx: Tx, call: Call, names: list[str] | None) -> tuple[str, ...] | None:
    if names is None:
        return None
    return tuple(dict.fromkeys(access.mailbox(tx, call.principal, name).id for name in names))


def list_keys(tx: Tx, call: Call, request: ListKeys) -> KeyList:
    """All principals, oldest first."""
    access.everything(call.principal)
    views = [view(tx, one) for one in tx.principals.all(include_revoked=request.include_revoked)]
    return KeyList(keys=views, count=len(views))


def revoke_key(tx: Tx, call: Call, request: RevokeKey) -> KeyView:
    """Make a key worthless; doing it again is the same answer. The last operator's key stays."""
    access.everything(call.principal)
    found = tx.principals.get(request.key_id)
    if found is None:
        raise Problem("not_found", f"There is no key {request.key_id[:40]!r}.", field="key_id")
    if found.revoked_at is None:
        if Scope.ADMIN in found.principal.scopes and not _other_operators(tx, call, found):
            raise Problem(
                "conflict",
                "It is the last operator's key.",
                field="key_id",
                advice="Create another operator first.",
            )
        tx.principals.revoke(found.principal.id, call.now)
        tx.sessions.close_all(found.principal.id)
        data = {"key": found.principal.id}
        tx.events.add(Event("key.revoked", call.now, principal_id=call.principal.id, data=data))
    again = tx.principals.get(request.key_id)
    assert again is not None
    return view(tx, again)


def _other_operators(tx: Tx, call: Call, key: StoredPrincipal) -> bool:
    return any(
        Scope.ADMIN in one.principal.scopes
        and one.valid_at(call.now)
        and one.principal.id != key.principal.id
        for one in tx.principals.all()
    )


def view(tx: Tx, stored: StoredPrincipal) -> KeyView:
    """A principal without anything secret."""
    one = stored.principal
    per_hour, per_day = tx.principals.caps(one.id)
    return KeyView(
        key_id=one.id,
        name=one.name,
        kind=one.kind.value,
        role=one.role.value,
        scopes=sorted(one.scopes),
        mailboxes=list(one.mailboxes) if one.mailboxes is not None else None,
        self_approving=one.self_approving,
        elicitation=one.elicitation,
        approval_limit=approval_limits.view(one.approval_limit),
        cap_per_hour=per_hour,
        cap_per_day=per_day,
        prefix=stored.key_prefix or None,
        created_at=to_datetime(stored.created_at),
        expires_at=moment(stored.expires_at),
        revoked_at=moment(stored.revoked_at),
        last_used_at=moment(tx.principals.last_used(one.id)),
    )
