"""Ports for the freeze: which mail it stops, and which of it an operator let go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from multimail.ports.records import StoredMessage


@dataclass(frozen=True, slots=True)
class FrozenRow:
    """A mail that nothing but a freeze stops; a `released` one goes although the freeze stays."""

    message: StoredMessage
    released: bool


class Freezes(Protocol):
    """A release is about one revision, and ends with the next freeze that covers its mailbox."""

    def behind(self, mailbox_ids: Sequence[str], after: int, limit: int) -> list[FrozenRow]:
        """Mail of these mailboxes that is cleared and not gone, oldest first, behind a sequence number."""
        ...

    def count(self, mailbox_ids: Sequence[str]) -> int: ...
    def is_behind(self, message_id: str) -> bool:
        """Whether some recipient of a mail that is cleared has not got it."""
        ...

    def released(self, message_id: str) -> bool: ...
    def release(self, message: StoredMessage) -> None:
        """Let the revision as it is now go; `conflict` if it is another one by now."""
        ...

    def cover_again(self, mailbox_id: str | None) -> int:
        """Take back every release, of a mailbox or of all; how many there were."""
        ...
