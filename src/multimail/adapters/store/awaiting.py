"""What waits for a person, and whether the oversight address was told. The data file's triggers fill the table."""

from __future__ import annotations

from typing import Final

from multimail.adapters.store.tx import Tx
from multimail.core.times import Micros
from multimail.ports.keeping import Waits

_WATCHED: Final = "b.oversight_address <> '' AND b.notices <> 'off' AND b.deleted_at IS NULL"


class Awaiting:
    """See `ports.keeping.Awaiting`."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def untold(self) -> dict[str, Micros]:
        rows = self._tx.all(
            "SELECT id, since FROM (SELECT b.id, (SELECT min(a.since) FROM awaiting a"
            f" WHERE a.mailbox_id = b.id AND a.told_at IS NULL) AS since FROM mailboxes b WHERE {_WATCHED})"
            " WHERE since IS NOT NULL ORDER BY id"
        )
        return {row[0]: row[1] for row in rows}

    def of(self, mailbox_id: str) -> Waits | None:
        row = self._tx.one(
            "SELECT sum(a.told_at IS NULL), count(*), min(a.since), sum(m.direction = 'inbound')"
            " FROM awaiting a JOIN messages m ON m.id = a.message_id WHERE a.mailbox_id = :id",
            id=mailbox_id,
        )
        return Waits(*row) if row is not None and row[1] else None

    def listed(self, mailbox_id: str, limit: int) -> list[str]:
        rows = self._tx.all(
            "SELECT message_id FROM awaiting WHERE mailbox_id = :id ORDER BY since, message_id LIMIT :n",
            id=mailbox_id, n=limit,
        )  # fmt: skip
        return [row[0] for row in rows]

    def told(self, mailbox_id: str, at: Micros) -> None:
        self._tx.run(
            "UPDATE awaiting SET told_at = :at WHERE mailbox_id = :id AND told_at IS NULL",
            id=mailbox_id,
            at=at,
        )

    def again(self, message_id: str, since: Micros) -> None:
        self._tx.run(
            "UPDATE awaiting SET since = :since, told_at = NULL WHERE message_id = :id",
            id=message_id,
            since=since,
        )

    def notices(self, mailbox_id: str, operation: str, since: Micros) -> list[Micros]:
        rows = self._tx.all(
            "SELECT created_at FROM messages WHERE mailbox_id = :id AND direction = 'outbound'"
            " AND class = 'system' AND operation = :operation AND created_at > :since ORDER BY created_at",
            id=mailbox_id, operation=operation, since=since,
        )  # fmt: skip
        return [row[0] for row in rows]
