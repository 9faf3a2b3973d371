"""The audit, newest first: events and calls by time, each question along one index."""

from __future__ import annotations

import heapq
import sqlite3
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, Final

from multimail.adapters.store import dialect
from multimail.adapters.store.tx import Tx
from multimail.ports.audit import CallRow, Place, Wanted
from multimail.ports.records import Event, StoredCall

_EVENT: Final = "kind, at, mailbox_id, message_id, thread_id, contact_id, principal_id, data, seq"
_CALL: Final = "seq, at, principal_id, operation, surface, outcome, target"
_RARE: Final = 2_000
"""Events of which so many are looked at rather than all of a mailbox, a principal or the time."""


class Audit:
    """See `ports.audit.Audit`."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def events(self, wanted: Wanted, behind: Place | None, limit: int) -> list[Event]:
        """Events behind a place. Rare kinds, and several mailboxes, are read one by one and the lines merged."""
        kinds = wanted.kinds if wanted.kinds is not None and self._are_rare(wanted.kinds) else None
        if kinds is not None and wanted.message_id is None:
            pages = [self._events(wanted, behind, limit, kind=one) for one in kinds]
        elif wanted.mailbox_ids is not None:
            pages = [self._events(wanted, behind, limit, mailbox_id=one) for one in wanted.mailbox_ids]
        else:
            return self._events(wanted, behind, limit)
        merged = heapq.merge(*pages, key=lambda event: (event.at, event.seq), reverse=True)
        return list(islice(merged, limit))

    def _are_rare(self, kinds: Sequence[str]) -> bool:
        """Whether it costs little to look at all events of these kinds. Asked of the index alone."""
        found = 0
        for kind in kinds:
            found += self._tx.value(
                "SELECT count(*) FROM (SELECT 1 FROM events WHERE kind = :kind LIMIT :most)",
                kind=kind,
                most=_RARE,
            )
            if found >= _RARE:
                return False
        return True

    def _events(
        self, wanted: Wanted, behind: Place | None, limit: int, *, mailbox_id: str = "", kind: str = ""
    ) -> list[Event]:
        """Along the index of the mail, the kind, the principal, the mailbox or the time: the first that is named."""
        params: dict[str, Any] = {"limit": limit}
        where = [*_bounds(wanted, behind, params, along=not kind)]
        if wanted.message_id is not None:
            where.append("message_id = :message")
            params["message"] = wanted.message_id
        if mailbox_id or wanted.mailbox_ids is not None:
            where.append(f"{'+' if kind or wanted.message_id or wanted.principal_id else ''}mailbox_id IN"
                         f" {'(:mailbox)' if mailbox_id else dialect.in_list('mailboxes')}")  # fmt: skip
            params |= {"mailbox": mailbox_id, "mailboxes": dialect.json_list(wanted.mailbox_ids or ())}
        if kind:
            where.append("kind = :kind")
            params["kind"] = kind
        elif wanted.kinds is not None:
            where.append(f"+kind IN {dialect.in_list('kinds')}")
            params["kinds"] = dialect.json_list(wanted.kinds)
        rows = self._tx.all(
            f"SELECT {_EVENT} FROM events WHERE {' AND '.join(where)} ORDER BY at DESC, seq DESC LIMIT :limit",
            **params,
        )
        return [_event(row) for row in rows]

    def calls(self, wanted: Wanted, behind: Place | None, limit: int) -> list[CallRow]:
        """Calls behind a place; of the filters, mailboxes do not concern them. Several operations are merged."""
        if wanted.kinds is None:
            return self._calls(wanted, behind, limit)
        pages = [self._calls(wanted, behind, limit, operation=one) for one in wanted.kinds]
        merged = heapq.merge(*pages, key=lambda row: (row.call.at, row.seq), reverse=True)
        return list(islice(merged, limit))

    def _calls(
        self, wanted: Wanted, behind: Place | None, limit: int, operation: str | None = None
    ) -> list[CallRow]:
        params: dict[str, Any] = {"limit": limit}
        where = [*_bounds(wanted, behind, params, along=True)]
        columns = {"target": wanted.message_id, "outcome": wanted.outcome, "operation": operation}
        for name, value in columns.items():
            if value is not None:
                where.append(f"{name} = :{name}")
                params[name] = value
        if wanted.outcome not in {None, "ok"}:
            # Says nothing new, and lets the index of what did not go well be used.
            where.append("outcome <> 'ok'")
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


def _bounds(wanted: Wanted, behind: Place | None, params: dict[str, Any], *, along: bool) -> Iterator[str]:
    """What events and calls have in common: when, and by whom, along whose index if so said."""
    yield "at >= :since"
    params["since"] = wanted.since if wanted.since is not None else 0
    if wanted.until is not None:
        yield "at < :until"
        params["until"] = wanted.until
    if behind is not None:
        yield "(at, seq) < (:at, :seq)"
        params |= {"at": behind.at, "seq": behind.seq}
    if wanted.principal_id is not None:
        yield "principal_id = :principal" if along else "+principal_id = :principal"
        params["principal"] = wanted.principal_id


def _event(row: sqlite3.Row) -> Event:
    values = dict(row)
    return Event(**values | {"data": dialect.json_load(values["data"])})
