"""Suppression records, and requests to be left alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Final

from multimail.adapters.store import dialect
from multimail.adapters.store.tx import Tx
from multimail.core.times import Micros
from multimail.ports.suppression import Suppression, SuppressionSearch, UnsubscribeRequest

_COLUMNS: Final = (
    "seq, address_key, address, reason, mailbox_id, topic, source, made_at, made_by, expires_at, lifted_at,"
    " lifted_by, lifted_why, evidence"
)
_EXPIRED: Final = "expired"


class Suppressions:
    """See `ports.suppression.Suppressions`."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def covering(
        self, keys: Sequence[bytes], mailbox_id: str, topic: str, now: Micros
    ) -> list[tuple[bytes, str]]:
        rows = self._tx.all(
            "SELECT address_key, reason FROM suppressions INDEXED BY suppressions_in_force"
            f" WHERE lifted_at IS NULL AND address_key IN {dialect.in_list('keys')}"
            " AND mailbox_id IN ('', :box) AND topic IN ('', :topic) AND (expires_at IS NULL OR expires_at > :now)",
            keys=dialect.json_list(key.hex() for key in keys), box=mailbox_id, topic=topic, now=now,
        )  # fmt: skip
        return [(bytes.fromhex(row[0]), row[1]) for row in rows]

    def any(self) -> bool:
        return self._tx.value("SELECT 1 FROM suppressions LIMIT 1") is not None

    def add(self, record: Suppression) -> None:
        same = {
            "key": record.address_key.hex(), "box": record.mailbox_id, "topic": record.topic,
            "reason": record.reason, "at": record.made_at,
        }  # fmt: skip
        self._tx.run(
            "UPDATE suppressions SET lifted_at = expires_at, lifted_by = :by WHERE lifted_at IS NULL"
            " AND address_key = :key AND mailbox_id = :box AND topic = :topic AND reason = :reason"
            " AND expires_at <= :at",
            by=_EXPIRED, **same,
        )  # fmt: skip
        self._tx.run(
            "INSERT INTO suppressions (address_key, address, reason, mailbox_id, topic, source, evidence, made_at,"
            " made_by, expires_at)"
            " VALUES (:key, :address, :reason, :box, :topic, :source, :evidence, :at, :by, :until)",
            address=record.address, source=record.source, evidence=dialect.json_dump(dict(record.evidence)),
            by=record.made_by, until=record.expires_at, **same,
        )  # fmt: skip

    def unlifted(self, key: bytes) -> list[Suppression]:
        rows = self._tx.all(
            f"SELECT {_COLUMNS} FROM suppressions WHERE address_key = :key AND lifted_at IS NULL ORDER BY seq",
            key=key.hex(),
        )
        return [_record(row) for row in rows]

    def extend(self, seq: int, expires_at: Micros | None) -> None:
        self._tx.run(
            "UPDATE suppressions SET expires_at = :until WHERE seq = :seq", until=expires_at, seq=seq
        )

    def lift(self, seqs: Sequence[int], now: Micros, by: str, why: str) -> None:
        self._tx.run(
            "UPDATE suppressions SET lifted_at = :now, lifted_by = :by, lifted_why = :why"
            f" WHERE lifted_at IS NULL AND seq IN {dialect.in_list('seqs')}",
            now=now, by=by, why=why, seqs=dialect.json_list(seqs),
        )  # fmt: skip

    def search(self, search: SuppressionSearch) -> list[Suppression]:
        conditions = ["lifted_at IS NOT NULL" if search.lifted else "lifted_at IS NULL"]
        if search.reason:
            conditions.append("reason = :reason")
        if search.query:
            conditions.append("instr(address, :query) > 0")
        if search.mailbox_ids is not None:
            conditions.append(f"mailbox_id IN {dialect.in_list('boxes')}")
        if search.before is not None:
            conditions.append("seq < :before")
        rows = self._tx.all(
            f"SELECT {_COLUMNS} FROM suppressions WHERE {' AND '.join(conditions)} ORDER BY seq DESC LIMIT :limit",
            reason=search.reason, query=search.query, before=search.before, limit=search.limit,
            boxes=_boxes(search.mailbox_ids),
        )  # fmt: skip
        return [_record(row) for row in rows]

    def counts(self, mailbox_ids: tuple[str, ...] | None, now: Micros) -> dict[str, int]:
        rows = self._tx.all(
            "SELECT reason, count(*) FROM suppressions WHERE lifted_at IS NULL"
            f" AND (expires_at IS NULL OR expires_at > :now){_within(mailbox_ids)} GROUP BY reason",
            now=now, boxes=_boxes(mailbox_ids),
        )  # fmt: skip
        return {row[0]: row[1] for row in rows}

    def version(self) -> int:
        found: int = self._tx.value("SELECT version FROM reach_version")
        return found


class Unsubscribes:
    """See `ports.suppression.Unsubscribes`."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def add(self, request: UnsubscribeRequest) -> None:
        self._tx.run(
            "INSERT INTO unsubscribe_requests (address_key, mailbox_id, topic, way, message_id, requested_at,"
            " honoured_at) VALUES (:key, :box, :topic, :way, :message, :asked, :honoured)",
            key=request.address_key.hex(), box=request.mailbox_id, topic=request.topic, way=request.way,
            message=request.message_id, asked=request.requested_at, honoured=request.honoured_at,
        )  # fmt: skip

    def since(self, at: Micros, mailbox_ids: tuple[str, ...] | None) -> list[tuple[str, Micros, Micros]]:
        rows = self._tx.all(
            "SELECT way, requested_at, honoured_at FROM unsubscribe_requests"
            f" WHERE honoured_at >= :at{_within(mailbox_ids)}",
            at=at, boxes=_boxes(mailbox_ids),
        )  # fmt: skip
        return [(row[0], row[1], row[2]) for row in rows]

    def newest(self, mailbox_ids: tuple[str, ...] | None, limit: int) -> list[UnsubscribeRequest]:
        rows = self._tx.all(
            "SELECT address_key, mailbox_id, topic, way, message_id, requested_at, honoured_at"
            f" FROM unsubscribe_requests WHERE 1{_within(mailbox_ids)} ORDER BY seq DESC LIMIT :limit",
            boxes=_boxes(mailbox_ids), limit=limit,
        )  # fmt: skip
        return [UnsubscribeRequest(bytes.fromhex(row[0]), *tuple(row)[1:]) for row in rows]

    def confirmed_at(self, key: bytes) -> Micros | None:
        at: Micros | None = self._tx.value(
            "SELECT confirmed_at FROM unsubscribe_confirmations WHERE address_key = :key", key=key.hex()
        )
        return at

    def confirm(self, key: bytes, at: Micros) -> None:
        self._tx.run(
            "INSERT INTO unsubscribe_confirmations (address_key, confirmed_at) VALUES (:key, :at)"
            " ON CONFLICT (address_key) DO UPDATE SET confirmed_at = excluded.confirmed_at",
            key=key.hex(), at=at,
        )  # fmt: skip


def _within(mailbox_ids: tuple[str, ...] | None) -> str:
    return "" if mailbox_ids is None else f" AND mailbox_id IN {dialect.in_list('boxes')}"


def _boxes(mailbox_ids: tuple[str, ...] | None) -> str:
    return dialect.json_list(mailbox_ids or ())


def _record(row: sqlite3.Row) -> Suppression:
    values = dict(row)
    values["address_key"] = bytes.fromhex(values["address_key"])
    values["evidence"] = dialect.json_load(values["evidence"])
    return Suppression(**values)
