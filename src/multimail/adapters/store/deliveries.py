"""Deliveries: one row per recipient, claimed with a lease in one statement and settled one by one.

`claim` is the only way from the store to a transport. Approval, freeze, `read_only` and the time are in its
WHERE: a row that may not leave is never picked, whatever else went wrong.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any, Final

from multimail.adapters.store import dialect
from multimail.adapters.store.mailboxes import Mailboxes
from multimail.adapters.store.messages import Messages
from multimail.adapters.store.stops import FREE, NOT_STOPPED, Stops
from multimail.adapters.store.tx import Tx
from multimail.core.addresses import normalise
from multimail.core.times import Micros
from multimail.ports.records import Claim, StoredDelivery

_COLUMNS: Final = "id, message_id, address, status, attempts, first_at, due_at, smtp_code, detail"
_CHANGEABLE: Final = frozenset(
    {"attempts", "first_at", "due_at", "lease_owner", "lease_until", "smtp_code", "detail"}
)

MAY_LEAVE: Final = f"""
    m.status IN ('queued', 'sending', 'sent', 'bounced')
    AND (m.released_digest = m.digest OR m.approved_digest = m.digest)
    AND (m.undo_until IS NULL OR m.undo_until <= :now)
    AND b.deleted_at IS NULL AND b.deliver <> 'hold'
    AND b.ceiling <> 'read_only' AND (b.default_mode <> 'read_only' OR m.requested_mode IS NOT NULL)
    AND (m.thawed_digest = m.digest OR (b.frozen_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM settings WHERE name = 'frozen_at' AND value <> 'null')))
    AND {NOT_STOPPED}
"""
"""What has to hold for delivery `d` of a message `m` of mailbox `b` to be handed over. The policy alone sets
`released_digest`, for mail it does not hold; a person's approval sets `approved_digest`. An operator's release from
a freeze sets `thawed_digest`; the next freeze clears it, so what is asked here is never which came first."""


class Deliveries:
    """See `ports.messages.Deliveries`."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def add(self, rows: Sequence[StoredDelivery], now: Micros) -> None:
        """Write the deliveries of a new message."""
        self._tx.many(
            "INSERT INTO deliveries (id, message_id, address, status, due_at, detail, updated_at)"
            " VALUES (:id, :message_id, :address, :status, :due_at, :detail, :now)",
            [
                {
                    "id": row.id, "message_id": row.message_id, "address": row.address, "status": row.status,
                    "due_at": row.due_at, "detail": row.detail, "now": now,
                }
                for row in rows
            ],
        )  # fmt: skip

    def of(self, message_id: str) -> list[StoredDelivery]:
        """All deliveries of a message."""
        rows = self._tx.all(
            f"SELECT {_COLUMNS} FROM deliveries WHERE message_id = :id ORDER BY id", id=message_id
        )
        return [delivery(row) for row in rows]

    def move(
        self,
        ids: Sequence[str],
        old: str,
        new: str,
        now: Micros,
        *,
        holder: str | None = None,
        **changes: Any,
    ) -> list[str]:
        """Move those that are still in `old`, and leased to `holder` if one is named; returns the ids that were."""
        unknown = changes.keys() - _CHANGEABLE
        if unknown:
            raise ValueError(f"not changeable: {sorted(unknown)}")
        assignments = "".join(f", {name} = :{name}" for name in changes)
        rows = self._tx.all(
            f"UPDATE deliveries SET status = :new, updated_at = :now{assignments}"
            f" WHERE status = :old AND id IN {dialect.in_list('ids')}"
            f"{'' if holder is None else ' AND lease_owner = :holder'} RETURNING id",
            new=new, old=old, now=now, ids=dialect.json_list(ids), holder=holder, **changes,
        )  # fmt: skip
        return [row["id"] for row in rows]

    def queue(self, message_id: str, due_at: Micros, now: Micros) -> int:
        """Let all waiting deliveries of a message go from `due_at` on, or from their own time on if it is later."""
        return self._tx.run(
            "UPDATE deliveries SET status = 'queued', updated_at = :now, due_at = max(due_at, :due)"
            " WHERE message_id = :id AND status = 'waiting'",
            now=now, due=due_at, id=message_id,
        )  # fmt: skip

    def hold(self, message_id: str, now: Micros) -> int:
        """Take back what is not being handed over: its message is held again. Whoever holds a claim finds it gone."""
        gone = {"lease_owner": None, "lease_until": None}
        return self._all_of(message_id, ("queued", "claimed"), "waiting", now, **gone)

    def cancel(self, message_id: str, now: Micros) -> int:
        """Withdraw what is not being handed over; whoever holds a claim finds it gone before the content leaves."""
        return self._all_of(message_id, ("waiting", "queued", "claimed"), "cancelled", now)

    def _all_of(self, message_id: str, old: Sequence[str], new: str, now: Micros, **changes: Any) -> int:
        assignments = "".join(f", {name} = :{name}" for name in changes)
        return self._tx.run(
            f"UPDATE deliveries SET status = :new, updated_at = :now{assignments}"
            f" WHERE message_id = :id AND status IN {dialect.in_list('old')}",
            new=new, now=now, id=message_id, old=dialect.json_list(old), **changes,
        )  # fmt: skip

    def claimable(self, now: Micros) -> bool:
        """Whether `claim` would find something: a look that takes no write lock."""
        return (
            Stops(self._tx).lets_through(now)
            or self._tx.value(
                f"""
                SELECT 1 FROM deliveries d INDEXED BY deliveries_due
                CROSS JOIN messages m ON m.id = d.message_id CROSS JOIN mailboxes b ON b.id = m.mailbox_id
                WHERE {FREE} AND d.due_at <= :now AND {MAY_LEAVE} LIMIT 1
                """,
                now=now,
            )
            is not None
        )

    def claim(self, owner: str, now: Micros, lease_until: Micros, limit: int) -> list[Claim]:
        """Take the lease of up to `limit` due deliveries that may leave, grouped by message."""
        Stops(self._tx).let_through(now)
        rows = self._tx.all(
            f"""
            WITH due AS (
                SELECT d.id FROM deliveries d INDEXED BY deliveries_due
                CROSS JOIN messages m ON m.id = d.message_id CROSS JOIN mailboxes b ON b.id = m.mailbox_id
                WHERE {FREE} AND d.due_at <= :now AND {MAY_LEAVE}
                ORDER BY d.due_at LIMIT :limit {dialect.CLAIM_SUFFIX}
            )
            UPDATE deliveries SET status = 'claimed', lease_owner = :owner, lease_until = :until, updated_at = :now,
                first_at = coalesce(first_at, :now)
            WHERE id IN (SELECT id FROM due) RETURNING {_COLUMNS}
            """,
            owner=owner, now=now, until=lease_until, limit=limit,
        )  # fmt: skip
        by_message: dict[str, list[StoredDelivery]] = {}
        for row in rows:
            by_message.setdefault(row["message_id"], []).append(delivery(row))
        return [self._claim(owner, message_id, found) for message_id, found in by_message.items()]

    def _claim(self, owner: str, message_id: str, found: list[StoredDelivery]) -> Claim:
        message = Messages(self._tx).get(message_id)
        assert message is not None
        mailbox = Mailboxes(self._tx).get(message.mailbox_id)
        assert mailbox is not None
        return Claim(owner, message, mailbox, tuple(sorted(found, key=lambda one: one.id)))

    def still_may_leave(self, owner: str, ids: Sequence[str], now: Micros) -> list[str]:
        """Of the claimed deliveries, those that still may leave: asked once more right before the content goes."""
        rows = self._tx.all(
            f"""
            SELECT d.id FROM deliveries d
            JOIN messages m ON m.id = d.message_id JOIN mailboxes b ON b.id = m.mailbox_id
            WHERE d.status = 'claimed' AND d.lease_owner = :owner AND d.id IN {dialect.in_list("ids")} AND {MAY_LEAVE}
            """,
            owner=owner, now=now, ids=dialect.json_list(ids),
        )  # fmt: skip
        return [row["id"] for row in rows]

    def messages_of(self, ids: Sequence[str]) -> list[str]:
        """The messages that these deliveries belong to."""
        rows = self._tx.all(
            f"SELECT DISTINCT message_id FROM deliveries WHERE id IN {dialect.in_list('ids')}",
            ids=dialect.json_list(ids),
        )
        return [row[0] for row in rows]

    def came_back_softly(self, address: str, since: Micros) -> int:
        rows = self._tx.all(
            """
            SELECT DISTINCT d.id, d.address FROM recipients r
            CROSS JOIN messages m ON m.seq = r.message_seq
            CROSS JOIN deliveries d ON d.message_id = m.id
            CROSS JOIN delivery_outcomes o ON o.delivery_id = d.id AND o.kind = 'soft_bounced'
            WHERE r.address IN (:address, :normal) AND o.at >= :since
            """,
            address=address, normal=normalise(address), since=since,
        )  # fmt: skip
        return sum(normalise(row["address"]) == normalise(address) for row in rows)

    def extend_lease(self, ids: Sequence[str], owner: str, until: Micros) -> int:
        """Keep the lease of a hand-over that takes long."""
        return self._tx.run(
            "UPDATE deliveries SET lease_until = :until"
            f" WHERE lease_owner = :owner AND id IN {dialect.in_list('ids')} AND status IN ('claimed', 'sending')",
            until=until, owner=owner, ids=dialect.json_list(ids),
        )  # fmt: skip

    def leased(self, now: Micros, *, whoever: bool) -> list[StoredDelivery]:
        """Deliveries whose holder is gone: lease over, or all of them when the caller knows it is alone."""
        rows = self._tx.all(
            f"SELECT {_COLUMNS} FROM deliveries WHERE status IN ('claimed', 'sending')"
            " AND (:whoever = 1 OR lease_until <= :now)",
            whoever=int(whoever), now=now,
        )  # fmt: skip
        return [delivery(row) for row in rows]

    def next_due(self, after: Micros) -> Micros | None:
        """When the next queued delivery comes due, held back or not; what waits behind a stop waits for that."""
        due: Micros | None = self._tx.value(
            f"SELECT min(d.due_at) FROM deliveries d WHERE {FREE} AND d.due_at > :after", after=after
        )
        return due


def delivery(row: sqlite3.Row) -> StoredDelivery:
    """A row of `_COLUMNS` as a value."""
    return StoredDelivery(*(row[name] for name in _COLUMNS.split(", ")))
