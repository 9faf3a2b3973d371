"""Deliveries of webhooks: one row for each webhook and event, claimed with a lease in one statement."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any, Final

from multimail.adapters.store import dialect
from multimail.adapters.store.tx import Tx
from multimail.core.times import Micros
from multimail.ports.webhooks import HookDelivery, NewDelivery, Try

_COLUMNS: Final = (
    "seq, id, webhook_id, event_seq, event, status, attempts, due_at, body, tries, created_at, done_at"
)
_QUALIFIED: Final = ", ".join(f"d.{name}" for name in _COLUMNS.split(", "))
_FREE: Final = (
    "d.status = 'pending' AND d.due_at <= :now AND (d.lease_until IS NULL OR d.lease_until <= :now)"
)
_ACTIVE: Final = "w.state = 'active' AND w.deleted_at IS NULL"


class HookDeliveries:
    """See `ports.webhooks.HookDeliveries`."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def add(self, rows: Sequence[NewDelivery], now: Micros) -> None:
        self._tx.many(
            "INSERT INTO webhook_deliveries (id, webhook_id, event_seq, event, status, due_at, created_at)"
            " VALUES (:id, :webhook_id, :event_seq, :event, 'pending', :now, :now)"
            " ON CONFLICT (webhook_id, event_seq) DO NOTHING",
            [
                {
                    "id": row.id, "webhook_id": row.webhook_id, "event_seq": row.event_seq, "event": row.event,
                    "now": now,
                }
                for row in rows
            ],
        )  # fmt: skip

    def get(self, delivery_id: str) -> HookDelivery | None:
        return self._one("id = :id", id=delivery_id)

    def of_event(self, webhook_id: str, event_seq: int) -> HookDelivery | None:
        return self._one("webhook_id = :webhook AND event_seq = :event", webhook=webhook_id, event=event_seq)

    def _one(self, where: str, **params: Any) -> HookDelivery | None:
        row = self._tx.one(f"SELECT {_COLUMNS} FROM webhook_deliveries WHERE {where}", **params)
        return _delivery(row) if row else None

    def page(
        self, webhook_id: str | None, status: str | None, before_seq: int | None, limit: int
    ) -> list[HookDelivery]:
        given = {"webhook_id = :webhook": webhook_id, "status = :status": status, "seq < :before": before_seq}
        where = " AND ".join(["1 = 1", *(text for text, value in given.items() if value is not None)])
        rows = self._tx.all(
            f"SELECT {_COLUMNS} FROM webhook_deliveries WHERE {where} ORDER BY seq DESC LIMIT :limit",
            webhook=webhook_id, status=status, before=before_seq, limit=limit,
        )  # fmt: skip
        return [_delivery(row) for row in rows]

    def failed_since(self, webhook_id: str | None, since: Micros, limit: int) -> list[HookDelivery]:
        only = "AND d.webhook_id = :webhook" if webhook_id else ""
        rows = self._tx.all(
            f"SELECT {_QUALIFIED} FROM webhook_deliveries d JOIN webhooks w ON w.id = d.webhook_id"
            f" WHERE d.status = 'failed' AND d.done_at >= :since AND w.deleted_at IS NULL {only}"
            " ORDER BY d.seq LIMIT :limit",
            webhook=webhook_id, since=since, limit=limit,
        )  # fmt: skip
        return [_delivery(row) for row in rows]

    def pending(self, webhook_id: str) -> int:
        return int(
            self._tx.value(
                "SELECT count(*) FROM webhook_deliveries WHERE webhook_id = :id AND status = 'pending'",
                id=webhook_id,
            )
        )

    def due(self, now: Micros) -> list[str]:
        rows = self._tx.all(
            f"SELECT w.id FROM webhooks w WHERE {_ACTIVE} AND EXISTS"
            f" (SELECT 1 FROM webhook_deliveries d WHERE d.webhook_id = w.id AND {_FREE}) ORDER BY w.id",
            now=now,
        )
        return [row[0] for row in rows]

    def claim(self, webhook_id: str, owner: str, now: Micros, until: Micros) -> HookDelivery | None:
        row = self._tx.one(
            f"""
            WITH first AS (
                SELECT d.seq FROM webhook_deliveries d JOIN webhooks w ON w.id = d.webhook_id
                WHERE d.webhook_id = :webhook AND {_FREE} AND {_ACTIVE}
                ORDER BY d.due_at, d.seq LIMIT 1 {dialect.CLAIM_SUFFIX}
            )
            UPDATE webhook_deliveries SET lease_owner = :owner, lease_until = :until
            WHERE seq IN (SELECT seq FROM first) RETURNING {_COLUMNS}
            """,
            webhook=webhook_id, owner=owner, now=now, until=until,
        )  # fmt: skip
        return _delivery(row) if row else None

    def drop(self, delivery_id: str) -> None:
        self._tx.run("DELETE FROM webhook_deliveries WHERE id = :id", id=delivery_id)

    def keep_body(self, delivery_id: str, body: bytes) -> None:
        self._tx.run("UPDATE webhook_deliveries SET body = :body WHERE id = :id", body=body, id=delivery_id)

    def settle(self, delivery: HookDelivery, owner: str, status: str, due_at: Micros, now: Micros) -> bool:
        tries = [[one.at, one.took, one.status, one.detail] for one in delivery.tries]
        changed = self._tx.run(
            "UPDATE webhook_deliveries SET status = :status, attempts = :attempts, due_at = :due, tries = :tries,"
            " lease_owner = NULL, lease_until = NULL, done_at = :done"
            " WHERE id = :id AND status = 'pending' AND lease_owner = :owner",
            status=status, attempts=delivery.attempts, due=due_at, tries=dialect.json_dump(tries),
            done=None if status == "pending" else now, id=delivery.id, owner=owner,
        )  # fmt: skip
        return changed == 1

    def fail_pending(self, webhook_id: str, now: Micros) -> int:
        return self._tx.run(
            "UPDATE webhook_deliveries SET status = 'failed', done_at = :now, lease_owner = NULL, lease_until = NULL"
            " WHERE webhook_id = :id AND status = 'pending'",
            id=webhook_id, now=now,
        )  # fmt: skip

    def forget_pending(self, webhook_id: str) -> int:
        return self._tx.run(
            "DELETE FROM webhook_deliveries WHERE webhook_id = :id AND status = 'pending'", id=webhook_id
        )

    def replay(self, delivery_ids: Sequence[str], now: Micros) -> list[str]:
        rows = self._tx.all(
            "UPDATE webhook_deliveries SET status = 'pending', attempts = 0, due_at = :now, done_at = NULL"
            f" WHERE (status <> 'pending' OR lease_owner IS NULL) AND id IN {dialect.in_list('ids')} RETURNING seq, id",
            now=now, ids=dialect.json_list(delivery_ids),
        )  # fmt: skip
        return [row["id"] for row in sorted(rows, key=lambda row: int(row["seq"]))]

    def release(self) -> int:
        return self._tx.run(
            "UPDATE webhook_deliveries SET lease_owner = NULL, lease_until = NULL"
            " WHERE status = 'pending' AND lease_owner IS NOT NULL"
        )

    def next_due(self, after: Micros) -> Micros | None:
        due: Micros | None = self._tx.value(
            "SELECT min(at) FROM (SELECT max(d.due_at, coalesce(d.lease_until, 0)) AS at FROM webhooks w"
            " CROSS JOIN webhook_deliveries d ON d.webhook_id = w.id AND d.status = 'pending'"
            f" WHERE {_ACTIVE}) WHERE at > :after",
            after=after,
        )
        return due

    def forget_contact(self, contact_id: str) -> int:
        return self._tx.run(
            "UPDATE webhook_deliveries SET body = NULL WHERE body IS NOT NULL AND EXISTS"
            " (SELECT 1 FROM events e WHERE e.seq = event_seq AND e.contact_id = :contact)",
            contact=contact_id,
        )

    def prune(self, bodies_before: Micros, rows_before: Micros) -> int:
        gone = self._tx.run("DELETE FROM webhook_deliveries WHERE done_at < :before", before=rows_before)
        return gone + self._tx.run(
            "UPDATE webhook_deliveries SET body = NULL WHERE done_at < :before AND body IS NOT NULL",
            before=bodies_before,
        )


def _delivery(row: sqlite3.Row) -> HookDelivery:
    values = dict(row)
    return HookDelivery(**values | {"tries": tuple(Try(*one) for one in dialect.json_load(values["tries"]))})
