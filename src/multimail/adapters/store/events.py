"""The audit log and the record of calls: appended to, never changed; ids and codes only."""

from __future__ import annotations

import sqlite3
from typing import Final

from multimail.adapters.store import dialect
from multimail.adapters.store.tx import Tx
from multimail.core.events import KINDS
from multimail.ports.records import Event, StoredCall

_COLUMNS: Final = "kind, at, mailbox_id, message_id, thread_id, contact_id, principal_id, data, seq"


class Events:
    """See `ports.store.Events`."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def add(self, event: Event) -> None:
        """Append an event; it becomes visible with the change it tells of. Its kind has to be in the table."""
        if event.kind not in KINDS:
            raise ValueError(f"no kind of event: {event.kind}")
        self._tx.run(
            "INSERT INTO events (kind, at, mailbox_id, message_id, thread_id, contact_id, principal_id, data)"
            " VALUES (:kind, :at, :mailbox_id, :message_id, :thread_id, :contact_id, :principal_id, :data)",
            kind=event.kind, at=event.at, mailbox_id=event.mailbox_id, message_id=event.message_id,
            thread_id=event.thread_id, contact_id=event.contact_id, principal_id=event.principal_id,
            data=dialect.json_dump(event.data) if event.data else "{}",
        )  # fmt: skip

    def of_message(self, message_id: str, limit: int) -> list[Event]:
        """Events of a message, oldest first."""
        return self._list("WHERE message_id = :id ORDER BY seq LIMIT :limit", id=message_id, limit=limit)

    def after(self, seq: int, limit: int) -> list[Event]:
        """The log from a place on."""
        return self._list("WHERE seq > :seq ORDER BY seq LIMIT :limit", seq=seq, limit=limit)

    def newest(self) -> int:
        """The place of the last event, 0 where nothing happened yet."""
        return int(self._tx.value("SELECT coalesce(max(seq), 0) FROM events"))

    def _list(self, rest: str, **params: str | int) -> list[Event]:
        rows = self._tx.all(f"SELECT {_COLUMNS} FROM events {rest}", **params)
        return [_event(row) for row in rows]

    def call(self, call: StoredCall) -> None:
        """Record a call of an operation."""
        self._tx.run(
            "INSERT INTO calls (at, principal_id, operation, surface, outcome, target)"
            " VALUES (:at, :principal, :operation, :surface, :outcome, :target)",
            at=call.at, principal=call.principal_id, operation=call.operation, surface=call.surface,
            outcome=call.outcome, target=call.target,
        )  # fmt: skip

    def calls(self, principal_id: str | None, limit: int) -> list[StoredCall]:
        """The newest calls first, of one principal or of all."""
        where = "WHERE principal_id = :principal" if principal_id else ""
        rows = self._tx.all(
            f"SELECT at, principal_id, operation, surface, outcome, target FROM calls {where}"
            " ORDER BY seq DESC LIMIT :limit",
            principal=principal_id, limit=limit,
        )  # fmt: skip
        return [StoredCall(*tuple(row)) for row in rows]


def _event(row: sqlite3.Row) -> Event:
    values = dict(row)
    return Event(**values | {"data": dialect.json_load(values["data"])})
