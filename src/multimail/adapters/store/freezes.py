"""The freeze: mail that waits behind it, and releases of single mails, each of one revision."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from multimail.adapters.store import dialect
from multimail.adapters.store.rows import MESSAGE_COLUMNS, stored_message
from multimail.adapters.store.tx import Tx
from multimail.core.errors import Problem
from multimail.ports.freezes import FrozenRow
from multimail.ports.records import StoredMessage

_BEHIND: Final = """
    status IN ('scheduled', 'queued', 'sending', 'sent', 'bounced') AND direction = 'outbound'
    AND (released_digest = digest OR approved_digest = digest)
    AND EXISTS (SELECT 1 FROM deliveries d
                WHERE d.message_id = messages.id AND d.status IN ('waiting', 'queued', 'claimed'))
"""
"""Cleared, with a recipient to whom it is not being handed over."""


class Freezes:
    """See `ports.freezes.Freezes`."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def behind(self, mailbox_ids: Sequence[str], after: int, limit: int) -> list[FrozenRow]:
        """Mail of these mailboxes that is cleared and not gone, oldest first, behind a sequence number."""
        rows = self._tx.all(
            f"SELECT {MESSAGE_COLUMNS}, thawed_digest IS digest AS released FROM messages INDEXED BY messages_by_status"
            f" WHERE mailbox_id IN {dialect.in_list('ids')} AND seq > :after AND {_BEHIND}"
            " ORDER BY seq LIMIT :limit",
            ids=dialect.json_list(mailbox_ids), after=after, limit=limit,
        )  # fmt: skip
        return [FrozenRow(stored_message(row), bool(row["released"])) for row in rows]

    def count(self, mailbox_ids: Sequence[str]) -> int:
        """How many there are."""
        found = self._tx.value(
            "SELECT count(*) FROM messages INDEXED BY messages_by_status"
            f" WHERE mailbox_id IN {dialect.in_list('ids')} AND {_BEHIND}",
            ids=dialect.json_list(mailbox_ids),
        )
        return int(found)

    def is_behind(self, message_id: str) -> bool:
        """Whether some recipient of a mail that is cleared has not got it."""
        return (
            self._tx.value(f"SELECT 1 FROM messages WHERE id = :id AND {_BEHIND}", id=message_id) is not None
        )

    def released(self, message_id: str) -> bool:
        """Whether its revision goes although sending is frozen."""
        found = self._tx.value("SELECT thawed_digest = digest FROM messages WHERE id = :id", id=message_id)
        return bool(found)

    def release(self, message: StoredMessage) -> None:
        """Let the revision as it is now go; `conflict` if it is another one by now."""
        done = self._tx.run(
            "UPDATE messages SET thawed_digest = digest WHERE id = :id AND digest = :digest AND status = :status",
            id=message.id, digest=message.digest, status=message.status,
        )  # fmt: skip
        if not done:
            raise Problem(
                "conflict", f"{message.id} changed meanwhile.", advice="Read it again, then decide."
            )

    def cover_again(self, mailbox_id: str | None) -> int:
        """Take back every release, of a mailbox or of all; how many there were."""
        where = "" if mailbox_id is None else " AND mailbox_id = :mailbox"
        return self._tx.run(
            f"UPDATE messages SET thawed_digest = NULL WHERE thawed_digest IS NOT NULL{where}",
            mailbox=mailbox_id,
        )
