"""Revisions: numbered versions of a body with their raw bytes, and which one a principal was last shown."""

from __future__ import annotations

import sqlite3
import zlib
from typing import Final

from multimail.adapters.store import dialect
from multimail.adapters.store.tx import Tx
from multimail.core.times import Micros
from multimail.ports.records import StoredRevision

_COLUMNS: Final = "message_id, number, digest, author, subject, body, envelope, created_at"
_FAST: Final = 1
"""zlib level: raw mail is written far more often than read, and level 1 keeps most of the gain."""

_SHORT_BITS: Final = 13
_SHORT: Final = 1 << _SHORT_BITS
"""Up to so many bytes a window of that size sees all of them, and costs half the time to set up."""
_LITTLE: Final = 4
"""As much memory as a short one has use for; with more, setting it up is most of the work."""


def pack(raw: bytes) -> bytes:
    """Raw bytes as stored."""
    if len(raw) > _SHORT:
        return zlib.compress(raw, _FAST)
    press = zlib.compressobj(_FAST, zlib.DEFLATED, _SHORT_BITS, _LITTLE)
    return press.compress(raw) + press.flush()


class Revisions:
    """See `ports.messages.Revisions`."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def add(self, revision: StoredRevision, raw: bytes) -> None:
        """Write a revision with its bytes; numbers are given by the caller and never reused."""
        self.add_packed(revision, pack(raw))

    def add_packed(self, revision: StoredRevision, packed: bytes) -> None:
        """Write a revision with bytes that are compressed already: arriving mail is, before its transaction."""
        self._tx.run(
            "INSERT INTO revisions (message_id, number, digest, author, subject, body, envelope, created_at, raw)"
            " VALUES (:message_id, :number, :digest, :author, :subject, :body, :envelope, :created_at, :raw)",
            message_id=revision.message_id, number=revision.number, digest=revision.digest, author=revision.author,
            subject=revision.subject, body=revision.body, envelope=dialect.json_dump(revision.envelope),
            created_at=revision.created_at, raw=packed,
        )  # fmt: skip

    def get(self, message_id: str, number: int) -> StoredRevision | None:
        """One revision."""
        row = self._tx.one(
            f"SELECT {_COLUMNS} FROM revisions WHERE message_id = :id AND number = :number",
            id=message_id,
            number=number,
        )
        return _revision(row) if row else None

    def all(self, message_id: str) -> list[StoredRevision]:
        """All revisions, first to last."""
        rows = self._tx.all(
            f"SELECT {_COLUMNS} FROM revisions WHERE message_id = :id ORDER BY number", id=message_id
        )
        return [_revision(row) for row in rows]

    def raw(self, message_id: str, number: int) -> bytes | None:
        """The bytes as they came or will leave."""
        packed = self._tx.value(
            "SELECT raw FROM revisions WHERE message_id = :id AND number = :number",
            id=message_id,
            number=number,
        )
        return zlib.decompress(packed) if packed is not None else None

    def serve(self, principal_id: str, message_id: str, number: int, digest: str, now: Micros) -> None:
        """Remember that this principal was shown this revision."""
        self._tx.run(
            "INSERT INTO served (principal_id, message_id, revision, digest, at)"
            " VALUES (:principal, :message, :number, :digest, :now)"
            " ON CONFLICT (principal_id, message_id) DO UPDATE SET revision = excluded.revision,"
            " digest = excluded.digest, at = excluded.at",
            principal=principal_id, message=message_id, number=number, digest=digest, now=now,
        )  # fmt: skip

    def served(self, principal_id: str, message_id: str) -> tuple[int, str] | None:
        """Number and digest of the revision this principal was last shown."""
        row = self._tx.one(
            "SELECT revision, digest FROM served WHERE principal_id = :principal AND message_id = :message",
            principal=principal_id, message=message_id,
        )  # fmt: skip
        return (row["revision"], row["digest"]) if row else None


def _revision(row: sqlite3.Row) -> StoredRevision:
    return StoredRevision(
        message_id=row["message_id"],
        number=row["number"],
        digest=row["digest"],
        author=row["author"],
        subject=row["subject"],
        body=row["body"],
        envelope=dialect.json_load(row["envelope"]),
        created_at=row["created_at"],
    )
