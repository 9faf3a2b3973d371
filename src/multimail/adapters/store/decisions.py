"""Decisions on held mail, and first answers to idempotency keys."""

from __future__ import annotations

from dataclasses import asdict
from typing import Final

from multimail.adapters.store import dialect
from multimail.adapters.store.tx import Tx
from multimail.core.times import Micros
from multimail.ports.records import Remembered, StoredDecision

_COLUMNS: Final = "id, message_id, revision, digest, principal_id, decision, note, via, host, diff, at"


class Decisions:
    """See `ports.messages.Decisions`."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def add(self, decision: StoredDecision) -> None:
        """Record a decision."""
        names = ", ".join(f":{name}" for name in _COLUMNS.split(", "))
        self._tx.run(f"INSERT INTO decisions ({_COLUMNS}) VALUES ({names})", **asdict(decision))

    def of(self, message_id: str) -> list[StoredDecision]:
        """Decisions on a message, oldest first."""
        rows = self._tx.all(
            f"SELECT {_COLUMNS} FROM decisions WHERE message_id = :id ORDER BY at, id", id=message_id
        )
        return [StoredDecision(*tuple(row)) for row in rows]


class Idempotency:
    """See `ports.messages.Idempotency`."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def get(self, principal_id: str, key: str, not_before: Micros) -> Remembered | None:
        """The first answer, if it was given since."""
        row = self._tx.one(
            "SELECT operation, fingerprint, message_id, answer, at FROM idempotency"
            " WHERE principal_id = :principal AND key = :key AND at >= :since",
            principal=principal_id, key=key, since=not_before,
        )  # fmt: skip
        if row is None:
            return None
        answer = dialect.json_load(row["answer"])
        return Remembered(row["operation"], row["fingerprint"], row["message_id"], answer, row["at"])

    def put(self, principal_id: str, key: str, remembered: Remembered) -> None:
        """Remember an answer; one that is too old to count is replaced."""
        self._tx.run(
            "INSERT INTO idempotency (principal_id, key, operation, fingerprint, message_id, answer, at)"
            " VALUES (:principal, :key, :operation, :fingerprint, :message_id, :answer, :at)"
            " ON CONFLICT (principal_id, key) DO UPDATE SET operation = excluded.operation,"
            " fingerprint = excluded.fingerprint, message_id = excluded.message_id, answer = excluded.answer,"
            " at = excluded.at",
            principal=principal_id, key=key, operation=remembered.operation, fingerprint=remembered.fingerprint,
            message_id=remembered.message_id, answer=dialect.json_dump(remembered.answer), at=remembered.at,
        )  # fmt: skip

    def prune(self, before: Micros) -> int:
        """Forget what is older."""
        return self._tx.run("DELETE FROM idempotency WHERE at < :before", before=before)
