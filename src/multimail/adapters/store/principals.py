"""Principals with their hashed keys, browser sessions and sign-in links."""

from __future__ import annotations

import sqlite3
from dataclasses import asdict
from functools import lru_cache
from typing import Final

from multimail.adapters.store import dialect
from multimail.adapters.store.tx import Tx
from multimail.core.model import ApprovalLimit, Principal, PrincipalKind, Role, Scope
from multimail.core.times import Micros
from multimail.ports.accounts import Session
from multimail.ports.records import StoredPrincipal

_SELECT: Final = "SELECT * FROM principals"


class Principals:
    """See `ports.accounts.Principals`."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def get(self, principal_id: str) -> StoredPrincipal | None:
        """By id, revoked ones included."""
        row = self._tx.one(f"{_SELECT} WHERE id = :id", id=principal_id)
        return _principal(row) if row else None

    def by_key(self, key_hash: str) -> StoredPrincipal | None:
        """By the SHA-256 of the key."""
        row = self._tx.one(f"{_SELECT} WHERE key_hash = :hash", hash=key_hash)
        return _principal(row) if row else None

    def all(self, *, include_revoked: bool = False) -> list[StoredPrincipal]:
        """All principals, oldest first."""
        where = "" if include_revoked else "WHERE revoked_at IS NULL"
        return [_principal(row) for row in self._tx.all(f"{_SELECT} {where} ORDER BY created_at, id")]

    def insert(self, row: StoredPrincipal, *, key_hash: str | None) -> None:
        """Write a new principal."""
        one = row.principal
        self._tx.run(
            "INSERT INTO principals (id, kind, name, role, scopes, mailboxes, self_approving, elicitation, key_hash,"
            " key_prefix, created_at, expires_at, approval_limit)"
            " VALUES (:id, :kind, :name, :role, :scopes, :mailboxes,"
            " :self_approving, :elicitation, :key_hash, :key_prefix, :created_at, :expires_at, :approval_limit)",
            id=one.id, kind=one.kind.value, name=one.name, role=one.role.value,
            scopes=dialect.json_list(sorted(one.scopes)),
            mailboxes=dialect.json_list(one.mailboxes) if one.mailboxes is not None else None,
            self_approving=int(one.self_approving), elicitation=int(one.elicitation), key_hash=key_hash,
            key_prefix=row.key_prefix, created_at=row.created_at, expires_at=row.expires_at,
            approval_limit=dialect.json_dump(asdict(one.approval_limit)) if one.approval_limit else None,
        )  # fmt: skip

    def revoke(self, principal_id: str, at: Micros) -> None:
        """Make its key worthless from the next call on."""
        self._tx.run(
            "UPDATE principals SET revoked_at = :at WHERE id = :id AND revoked_at IS NULL",
            at=at,
            id=principal_id,
        )

    def passphrase_hash(self, principal_id: str) -> str | None:
        """The scrypt hash of a person's passphrase."""
        found: str | None = self._tx.value(
            "SELECT passphrase_hash FROM principals WHERE id = :id", id=principal_id
        )
        return found

    def set_passphrase_hash(self, principal_id: str, value: str) -> None:
        """Set or replace it."""
        self._tx.run(
            "UPDATE principals SET passphrase_hash = :value WHERE id = :id", value=value, id=principal_id
        )

    def caps(self, principal_id: str) -> tuple[int | None, int | None]:
        """Mails per hour and per day this principal may have accepted; None is no limit."""
        row = self._tx.one("SELECT cap_per_hour, cap_per_day FROM principals WHERE id = :id", id=principal_id)
        return (row["cap_per_hour"], row["cap_per_day"]) if row else (None, None)

    def set_caps(self, principal_id: str, per_hour: int | None, per_day: int | None) -> None:
        """Set them."""
        self._tx.run(
            "UPDATE principals SET cap_per_hour = :hour, cap_per_day = :day WHERE id = :id",
            hour=per_hour, day=per_day, id=principal_id,
        )  # fmt: skip

    def last_used(self, principal_id: str) -> Micros | None:
        """When it last called an operation."""
        at: Micros | None = self._tx.value(
            "SELECT max(at) FROM calls WHERE principal_id = :id", id=principal_id
        )
        return at


@lru_cache(maxsize=64)
def _principal(row: sqlite3.Row) -> StoredPrincipal:
    """Every call reads its principal, and most of what it reads is what it was the last time."""
    mailboxes = row["mailboxes"]
    return StoredPrincipal(
        principal=Principal(
            id=row["id"],
            kind=PrincipalKind(row["kind"]),
            name=row["name"],
            role=Role(row["role"]),
            scopes=_scopes(row["scopes"]),
            mailboxes=tuple(dialect.json_load(mailboxes)) if mailboxes is not None else None,
            self_approving=bool(row["self_approving"]),
            elicitation=bool(row["elicitation"]),
            approval_limit=_limit(row["approval_limit"]) if row["approval_limit"] is not None else None,
        ),
        key_prefix=row["key_prefix"],
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        revoked_at=row["revoked_at"],
        has_passphrase=row["passphrase_hash"] is not None,
    )


@lru_cache(maxsize=64)
def _limit(text: str) -> ApprovalLimit:
    given = dialect.json_load(text)
    lists = {name: tuple(given[name]) for name in ("domains", "mailboxes") if given[name] is not None}
    return ApprovalLimit(max_recipients=given["max_recipients"], **lists)


@lru_cache(maxsize=64)
def _scopes(text: str) -> frozenset[Scope]:
    """Every call reads its principal, and there are few different sets of scopes."""
    return frozenset(Scope(scope) for scope in dialect.json_load(text))


def _session(row: sqlite3.Row) -> Session:
    return Session(
        row["principal_id"], row["csrf"], row["confirmed_at"], row["created_at"], row["expires_at"]
    )


class Sessions:
    """See `ports.accounts.Sessions`."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def open(self, id_hash: str, session: Session) -> None:
        """Start a session."""
        self._tx.run(
            "INSERT INTO sessions (id_hash, principal_id, csrf, confirmed_at, created_at, expires_at)"
            " VALUES (:hash, :principal, :csrf, :confirmed_at, :created_at, :expires_at)",
            hash=id_hash, principal=session.principal_id, csrf=session.csrf, confirmed_at=session.confirmed_at,
            created_at=session.created_at, expires_at=session.expires_at,
        )  # fmt: skip

    def get(self, id_hash: str) -> Session | None:
        """A session, over or not."""
        row = self._tx.one("SELECT * FROM sessions WHERE id_hash = :hash", hash=id_hash)
        return _session(row) if row else None

    def of(self, principal_id: str) -> list[tuple[str, Session]]:
        """All of a principal with the hashes of their ids, over or not, newest first."""
        rows = self._tx.all(
            "SELECT * FROM sessions WHERE principal_id = :id ORDER BY created_at DESC, id_hash",
            id=principal_id,
        )
        return [(row["id_hash"], _session(row)) for row in rows]

    def confirm(self, id_hash: str, at: Micros) -> None:
        """Note that the person proved it again."""
        self._tx.run("UPDATE sessions SET confirmed_at = :at WHERE id_hash = :hash", at=at, hash=id_hash)

    def ask(self, id_hash: str, challenge: str, until: Micros) -> None:
        """What the session's browser is asked to sign; it replaces what was asked before."""
        self._tx.run(
            "UPDATE sessions SET challenge = :challenge, challenge_until = :until WHERE id_hash = :hash",
            challenge=challenge, until=until, hash=id_hash,
        )  # fmt: skip

    def asked(self, id_hash: str, now: Micros) -> str | None:
        """The open question, which is spent by this."""
        row = self._tx.one(
            "SELECT challenge, challenge_until FROM sessions WHERE id_hash = :hash", hash=id_hash
        )
        self._tx.run("UPDATE sessions SET challenge = NULL WHERE id_hash = :hash", hash=id_hash)
        return row["challenge"] if row and row["challenge"] and now < row["challenge_until"] else None

    def close(self, id_hash: str) -> None:
        """End one."""
        self._tx.run("DELETE FROM sessions WHERE id_hash = :hash", hash=id_hash)

    def close_all(self, principal_id: str) -> None:
        """End all of a principal."""
        self._tx.run("DELETE FROM sessions WHERE principal_id = :id", id=principal_id)

    def add_link(self, link_hash: str, principal_id: str, created_at: Micros, expires_at: Micros) -> None:
        """Remember a sign-in link by its hash."""
        self._tx.run(
            "INSERT INTO sign_in_links (hash, principal_id, created_at, expires_at)"
            " VALUES (:hash, :principal, :created_at, :expires_at)",
            hash=link_hash, principal=principal_id, created_at=created_at, expires_at=expires_at,
        )  # fmt: skip

    def use_link(self, link_hash: str, now: Micros) -> str | None:
        """Spend a link; the principal it was for, or None when it is unknown, spent or over."""
        found: str | None = self._tx.value(
            "UPDATE sign_in_links SET used_at = :now WHERE hash = :hash AND used_at IS NULL AND expires_at > :now"
            " RETURNING principal_id",
            now=now, hash=link_hash,
        )  # fmt: skip
        return found

    def prune(self, now: Micros) -> int:
        """Forget sessions and links that are over."""
        gone = self._tx.run("DELETE FROM sessions WHERE expires_at <= :now", now=now)
        return gone + self._tx.run("DELETE FROM sign_in_links WHERE expires_at <= :now", now=now)
