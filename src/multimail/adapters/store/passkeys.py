"""Passkeys: public keys of people's authenticators, and how often each was used."""

from __future__ import annotations

import sqlite3
from typing import Final

from multimail.adapters.store.tx import Tx
from multimail.core.times import Micros
from multimail.ports.passkeys import Passkey

_NAMES: Final = (
    "id", "principal_id", "name", "rp_id", "public_key", "sign_count", "created_at", "used_at",
)  # fmt: skip
_SELECT: Final = f"SELECT {', '.join(_NAMES)} FROM passkeys"


class Passkeys:
    """See `ports.passkeys.Passkeys`."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def of(self, principal_id: str, rp_id: str | None = None) -> list[Passkey]:
        """A person's, oldest first; with a host name only those bound to it."""
        rows = self._tx.all(
            f"{_SELECT} WHERE principal_id = :principal ORDER BY created_at, id", principal=principal_id
        )
        return [one for one in map(_passkey, rows) if rp_id in {None, one.rp_id}]

    def get(self, passkey_id: str) -> Passkey | None:
        row = self._tx.one(f"{_SELECT} WHERE id = :id", id=passkey_id)
        return _passkey(row) if row else None

    def insert(self, passkey: Passkey) -> None:
        values = ", ".join(f":{name}" for name in _NAMES)
        self._tx.run(
            f"INSERT INTO passkeys ({', '.join(_NAMES)}) VALUES ({values})",
            **{name: getattr(passkey, name) for name in _NAMES},
        )

    def used(self, passkey_id: str, sign_count: int, at: Micros) -> None:
        """Note a use; the count tells a copied authenticator from the original."""
        self._tx.run(
            "UPDATE passkeys SET sign_count = :count, used_at = :at WHERE id = :id",
            count=sign_count, at=at, id=passkey_id,
        )  # fmt: skip

    def remove(self, principal_id: str, passkey_id: str) -> bool:
        """Whether it was there and this person's."""
        removed = self._tx.run(
            "DELETE FROM passkeys WHERE id = :id AND principal_id = :principal",
            id=passkey_id, principal=principal_id,
        )  # fmt: skip
        return removed == 1


def _passkey(row: sqlite3.Row) -> Passkey:
    return Passkey(*(row[name] for name in _NAMES))
