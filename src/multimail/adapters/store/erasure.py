"""Erasures as they are written down, and how far each is. Nothing here looks for anybody."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Final

from multimail.adapters.store import dialect
from multimail.adapters.store.tx import Tx
from multimail.core.times import Micros
from multimail.core.traces import Traces
from multimail.ports.erasure import Erasure, Proof

_COLUMNS: Final = (
    "id, address_key, principal_id, stage, traces, asked_at, touched_at, found_seq, removed, redacted,"
    " rows_scrubbed, ended_at, copies_at"
)


class Erasures:
    """See `ports.erasure.Erasures`."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def begin(self, erasure: Erasure) -> None:
        names = ", ".join(f":{name}" for name in _COLUMNS.split(", "))
        self._tx.run(f"INSERT INTO erasures ({_COLUMNS}) VALUES ({names})", **_values(erasure))

    def get(self, erasure_id: str) -> Erasure | None:
        row = self._tx.one(f"SELECT {_COLUMNS} FROM erasures WHERE id = :id", id=erasure_id)
        return _erasure(row) if row else None

    def of(self, key: str | None, before: tuple[Micros, str] | None, limit: int) -> list[Erasure]:
        at, last = before or (None, "")
        rows = self._tx.all(
            f"SELECT {_COLUMNS} FROM erasures WHERE (:key IS NULL OR address_key = :key)"
            " AND (:at IS NULL OR (asked_at, id) < (:at, :last)) ORDER BY asked_at DESC, id DESC LIMIT :limit",
            key=key, at=at, last=last, limit=limit,
        )  # fmt: skip
        return [_erasure(row) for row in rows]

    def under_way(self, touched_before: Micros) -> list[Erasure]:
        rows = self._tx.all(
            f"SELECT {_COLUMNS} FROM erasures WHERE stage <> 'ended' AND touched_at <= :at ORDER BY touched_at",
            at=touched_before,
        )
        return [_erasure(row) for row in rows]

    def progress(self, erasure: Erasure) -> None:
        assignments = ", ".join(
            f"{name} = :{name}" for name in _COLUMNS.split(", ")[3:] if name != "asked_at"
        )
        self._tx.run(
            f"UPDATE erasures SET {assignments} WHERE id = :id AND stage <> 'ended'", **_values(erasure)
        )

    def proofs(self) -> list[Proof]:
        return [
            Proof(*row)
            for row in self._tx.all("SELECT id, address_key, asked_at FROM erasures ORDER BY asked_at, id")
        ]

    def in_copies(self) -> list[str]:
        rows = self._tx.all(
            "SELECT id FROM erasures WHERE stage = 'ended' AND copies_at IS NULL ORDER BY ended_at"
        )
        return [row[0] for row in rows]

    def copied(self, ids: Sequence[str], now: Micros) -> None:
        self._tx.run(
            f"UPDATE erasures SET copies_at = :now WHERE id IN {dialect.in_list('ids')}",
            now=now, ids=dialect.json_list(ids),
        )  # fmt: skip


def _values(one: Erasure) -> dict[str, str | int | None]:
    return {
        "id": one.id, "address_key": one.key, "principal_id": one.principal_id, "stage": one.stage,
        "traces": dialect.json_dump(one.traces.kept()) if one.traces else None, "asked_at": one.asked_at,
        "touched_at": one.touched_at, "found_seq": one.found_seq, "removed": one.removed,
        "redacted": one.redacted, "rows_scrubbed": one.rows, "ended_at": one.ended_at,
        "copies_at": one.copies_at,
    }  # fmt: skip


def _erasure(row: sqlite3.Row) -> Erasure:
    values = list(row)
    if values[4] is not None:
        kept = dialect.json_load(values[4])
        values[4] = Traces(kept["address"], tuple(kept["names"]), tuple(kept["values"]))
    return Erasure(*values)
