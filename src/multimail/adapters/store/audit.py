"""The audit, newest first: events and calls by time, each question along one index."""

from __future__ import annotations

import heapq
import sqlite3
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from multimail.adapters.store import dialect
from multimail.adapters.store.tx import Tx
from multimail.ports.audit import CallRow, Place, Wanted
from multimail.ports.records import Event, StoredCall

_EVENT: Final = "kind, at, mailbox_id, message_id, thread_id, contact_id, principal_id, data, seq"
_CALL: Final = "seq, at, principal_id, operation, surface, outcome, target"


class Audit:
    """See `ports.audit.Audit`."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def events(self, wanted: Wanted, behind: Place | None, limit: int) -> list[Event]:
        """Events behind a place. Of several mailboxes each is read along its own index, and the lines merged."""
        if wanted.mailbox_ids is None:
            return self._events(wanted, behind, None, limit)
        pages = [self._events(wanted, behind, one, limit) for one in wanted.mailbox_ids]
        merged = heapq.merge(*pages, key=lambda event: (event.at, event.seq), reverse=True)
        return list(islice(merged, limit))

    def _events(
        self, wanted: Wanted, behind: Place | None, mailbox_id: str | None, limit: int
    ) -> list[Event]:
        params: dict[str, Any] = {"limit": limit}
        where = [*_bounds(wanted, behind, params)]
        if wanted.message_id is not None:
            where.append("message_id = :message")
            params["message"] = wanted.message_id
        if mailbox_id is not None:
            # Whoever did it, or whatever mail it is about, did so in few mailboxes: those indexes come first.
            where.append("mailbox_id = :mailbox" if wanted.message_id is None else "+mailbox_id = :mailbox")
            params["mailbox"] = mailbox_id
        if wanted.kinds is not None:
            where.append(f"kind IN {dialect.in_list('kinds')}")
            params["kinds"] = dialect.json_list(wanted.kinds)
        rows = self._tx.all(
            f"SELECT {_EVENT} FROM events WHERE {' AND '.join(where)} ORDER BY at DESC, seq DESC LIMIT :limit",
            **params,
        )
        return [_event(row) for row in rows]

    def calls(self, wanted: Wanted, behind: Place | None, limit: int) -> list[CallRow]:
        """Calls behind a place; of the filters, mailboxes do not concern them."""
        params: dict[str, Any] = {"limit": limit}
        where = [*_bounds(wanted, behind, params)]
        columns = {"target": wanted.message_id, "outcome": wanted.outcome}
        for name, value in columns.items():
            if value is not None:
                where.append(f"{name} = :{name}")
                params[name] = value
        if wanted.kinds is not None:
            where.append(f"operation IN {dialect.in_list('kinds')}")
            params["kinds"] = dialect.json_list(wanted.kinds)
        rows = self._tx.all(
            f"SELECT {_CALL} FROM calls WHERE {' AND '.join(where)} ORDER BY at DESC, seq DESC LIMIT :limit",
            **params,
        )
        return [CallRow(row["seq"], StoredCall(*tuple(row)[1:])) for row in rows]

    def place_of_event(self, seq: int) -> Place | None:
        """The place of an event in time."""
        at = self._tx.value("SELECT at FROM events WHERE seq = :seq", seq=seq)
        return Place(at, seq) if at is not None else None

    def place_of_call(self, seq: int) -> Place | None:
        """The place of a call in time."""
        at = self._tx.value("SELECT at FROM calls WHERE seq = :seq", seq=seq)
        return Place(at, seq) if at is not None else None


def _bounds(wanted: Wanted, behind: Place | None, params: dict[str, Any]) -> Iterator[str]:
    """What events and calls have in common: by whom, and when."""
    yield "at >= :since"
    params["since"] = wanted.since if wanted.since is not None else 0
    if wanted.until is not None:
        yield "at < :until"
        params["until"] = wanted.until
    if behind is not None:
        yield "(at, seq) < (:at, :seq)"
        params |= {"at": behind.at, "seq": behind.seq}
    if wanted.principal_id is not None:
        yield "principal_id = :principal"
        params["principal"] = wanted.principal_id


def _event(row: sqlite3.Row) -> Event:
    values = dict(row)
    return Event(**values | {"data": dialect.json_load(values["data"])})
