"""Port for files that came as a stream and wait to be attached."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from multimail.core.times import Micros


@dataclass(frozen=True, slots=True)
class StoredUpload:
    """A file without its content; it belongs to the principal that brought it."""

    id: str
    principal_id: str
    filename: str
    content_type: str
    size: int
    sha256: str
    created_at: Micros
    expires_at: Micros


class Uploads(Protocol):
    """Files by id; whose they are and whether they are over is for the caller to judge."""

    def add(self, upload: StoredUpload, content: bytes | bytearray) -> None: ...
    def get(self, upload_id: str) -> StoredUpload | None: ...
    def content(self, upload_id: str) -> bytes | None: ...
    def same(self, principal_id: str, sha256: str, filename: str, now: Micros) -> StoredUpload | None: ...
    def held(self, principal_id: str, now: Micros) -> tuple[int, int]: ...
    def prune(self, now: Micros, limit: int) -> int: ...
