"""Files that wait to be attached; their content is stored as it came, because most files are compressed already."""

from __future__ import annotations

from typing import Final

from multimail.adapters.store.tx import Tx
from multimail.core.times import Micros
from multimail.ports.uploads import StoredUpload

_COLUMNS: Final = "id, principal_id, filename, content_type, size, sha256, created_at, expires_at"


class Uploads:
    """See `ports.uploads.Uploads`."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def add(self, upload: StoredUpload, content: bytes | bytearray) -> None:
        """Keep a file."""
        self._tx.run(
            f"INSERT INTO uploads ({_COLUMNS}, content) VALUES (:id, :principal, :filename, :content_type, :size,"
            " :sha256, :created_at, :expires_at, :content)",
            id=upload.id, principal=upload.principal_id, filename=upload.filename, content_type=upload.content_type,
            size=upload.size, sha256=upload.sha256, created_at=upload.created_at, expires_at=upload.expires_at,
            content=content,
        )  # fmt: skip

    def get(self, upload_id: str) -> StoredUpload | None:
        """A file without its content, whoever's it is and even if its time is over."""
        row = self._tx.one(f"SELECT {_COLUMNS} FROM uploads WHERE id = :id", id=upload_id)
        return StoredUpload(*tuple(row)) if row else None

    def content(self, upload_id: str) -> bytes | None:
        """The bytes of a file."""
        found: bytes | None = self._tx.value("SELECT content FROM uploads WHERE id = :id", id=upload_id)
        return found

    def same(self, principal_id: str, sha256: str, filename: str, now: Micros) -> StoredUpload | None:
        """The very file, if this principal brought it under this name and it still waits."""
        row = self._tx.one(
            f"SELECT {_COLUMNS} FROM uploads WHERE principal_id = :principal AND expires_at > :now"
            " AND sha256 = :sha256 AND filename = :filename LIMIT 1",
            principal=principal_id, now=now, sha256=sha256, filename=filename,
        )  # fmt: skip
        return StoredUpload(*tuple(row)) if row else None

    def held(self, principal_id: str, now: Micros) -> tuple[int, int]:
        """How many files of a principal wait, and their bytes."""
        row = self._tx.one(
            "SELECT count(*), coalesce(sum(size), 0) FROM uploads"
            " WHERE principal_id = :principal AND expires_at > :now",
            principal=principal_id, now=now,
        )  # fmt: skip
        assert row is not None
        return int(row[0]), int(row[1])

    def prune(self, now: Micros, limit: int) -> int:
        """Forget files whose time is over, at most so many at once: they are long."""
        return self._tx.run(
            "DELETE FROM uploads WHERE id IN"
            " (SELECT id FROM uploads WHERE expires_at <= :now ORDER BY expires_at LIMIT :limit)",
            now=now, limit=limit,
        )  # fmt: skip
