"""What stops claims: pauses, throttles and warm-ups, and the lanes of what waits behind them.

A claim looks at deliveries of lane 0 and -1 only. Whatever becomes queued gets its lane by a trigger; what was queued
before a stop gets it in slices. Lanes are for speed: that nothing stopped leaves is said by `NOT_STOPPED` alone.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Final

from multimail.adapters.store import dialect
from multimail.adapters.store.tx import Tx
from multimail.core.times import MINUTE, Micros
from multimail.ports.reputation import Stop, Subject

FREE: Final = "d.status = 'queued' AND d.lane <= 0"
"""The deliveries `d` that a claim may look at; the index over due deliveries is of these."""
NOT_STOPPED: Final = """
    (m.class = 'system' OR NOT EXISTS (SELECT 1 FROM sending_stops) OR (
        NOT EXISTS (SELECT 1 FROM sending_stops s WHERE s.lifted_at IS NULL AND s.kind = 'mailbox'
            AND s.subject = m.mailbox_id AND (s.mode <> 'throttled' OR d.lane <> -1))
        AND NOT EXISTS (SELECT 1 FROM campaign_mails c CROSS JOIN sending_stops s ON s.lifted_at IS NULL
            AND s.kind = 'campaign' AND s.subject = c.tag
            WHERE c.message_id = m.id AND (s.mode <> 'throttled' OR d.lane <> -1))))
"""
"""That no stop covers delivery `d` of message `m`, other than throttles that have let it through."""
_LANE: Final = "(SELECT l.lane FROM lanes l WHERE l.message_id = deliveries.message_id)"
_COLUMNS: Final = "id, kind, subject, mode, per_minute, until, lifted_at"


class Stops:
    """See `ports.reputation.Stops`."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def put(self, subject: Subject, mode: str, *, per_minute: int = 0, until: Micros | None = None) -> None:
        """Set it, or change the one there is: a throttle becomes a pause and the other way round."""
        self._tx.run(
            "INSERT INTO sending_stops (kind, subject, mode, per_minute, until)"
            " VALUES (:kind, :subject, :mode, :per_minute, :until)"
            " ON CONFLICT (kind, subject, mode = 'warming') WHERE lifted_at IS NULL DO UPDATE"
            " SET mode = excluded.mode, per_minute = excluded.per_minute, until = excluded.until, aligned = 0",
            kind=subject.kind, subject=subject.name, mode=mode, per_minute=per_minute, until=until,
        )  # fmt: skip

    def lift(self, subject: Subject, modes: Sequence[str], now: Micros) -> int:
        return self._tx.run(
            "UPDATE sending_stops SET lifted_at = :now WHERE lifted_at IS NULL AND kind = :kind"
            f" AND subject = :subject AND mode IN {dialect.in_list('modes')}",
            now=now, kind=subject.kind, subject=subject.name, modes=dialect.json_list(modes),
        )  # fmt: skip

    def all(self) -> list[Stop]:
        rows = self._tx.all(f"SELECT {_COLUMNS} FROM sending_stops WHERE lifted_at IS NULL ORDER BY id")
        return [_stop(row) for row in rows]

    def unaligned(self) -> bool:
        found = "SELECT 1 FROM sending_stops WHERE lifted_at IS NULL AND aligned = 0 LIMIT 1"
        return self._tx.value(found) is not None

    def queued_after(self, place: tuple[Micros, str], limit: int) -> list[tuple[Micros, str]]:
        """The next free deliveries in the order of claims, behind a place in it."""
        rows = self._tx.all(
            f"SELECT d.due_at, d.id FROM deliveries d WHERE {FREE} AND (d.due_at, d.id) > (:at, :id)"
            " ORDER BY d.due_at, d.id LIMIT :limit",
            at=place[0], id=place[1], limit=limit,
        )  # fmt: skip
        return [(row[0], row[1]) for row in rows]

    def park(self, ids: Sequence[str]) -> int:
        """Give those of them that a stop covers its lane."""
        return self._tx.run(
            f"UPDATE deliveries SET lane = {_LANE} WHERE id IN {dialect.in_list('ids')} AND status = 'queued'"
            f" AND lane = 0 AND {_LANE} > 0",
            ids=dialect.json_list(ids),
        )  # fmt: skip

    def aligned(self, stop_ids: Sequence[int]) -> None:
        self._tx.run(
            f"UPDATE sending_stops SET aligned = 1 WHERE id IN {dialect.in_list('ids')}",
            ids=dialect.json_list(stop_ids),
        )

    def lifted(self) -> list[int]:
        rows = self._tx.all("SELECT id FROM sending_stops WHERE lifted_at IS NOT NULL ORDER BY id")
        return [row[0] for row in rows]

    def free(self, stop_id: int, limit: int) -> int:
        """Let the longest due behind a stop go on, to the next stop if another one covers them."""
        return self._tx.run(
            f"UPDATE deliveries SET lane = {_LANE} WHERE id IN (SELECT d.id FROM deliveries d"
            " WHERE d.status = 'queued' AND d.lane = :stop ORDER BY d.due_at LIMIT :limit) AND :stop > 0",
            stop=stop_id, limit=limit,
        )  # fmt: skip

    def forget(self, stop_id: int) -> None:
        self._tx.run("DELETE FROM sending_stops WHERE id = :id AND lifted_at IS NOT NULL", id=stop_id)

    def over(self, now: Micros) -> list[Stop]:
        rows = self._tx.all(
            f"SELECT {_COLUMNS} FROM sending_stops WHERE lifted_at IS NULL AND until <= :now ORDER BY id",
            now=now,
        )
        return [_stop(row) for row in rows]

    def next_due(self, after: Micros) -> Micros | None:
        """When a stop ends by itself, or a throttle lets more through."""
        due: Micros | None = self._tx.value(
            """
            SELECT min(at) FROM (
                SELECT until AS at FROM sending_stops WHERE lifted_at IS NULL
                UNION ALL
                SELECT max(CASE WHEN s.used < s.per_minute THEN 0 ELSE s.window_at + :minute END,
                    (SELECT min(d.due_at) FROM deliveries d
                     WHERE d.status = 'queued' AND d.lane = s.id AND d.lane > 0))
                FROM sending_stops s WHERE s.lifted_at IS NULL AND s.mode = 'throttled'
            ) WHERE at > :after
            """,
            minute=MINUTE, after=after,
        )  # fmt: skip
        return due

    def behind(self, subject: Subject) -> int:
        """How many deliveries wait in the lanes of its stops."""
        found: int = self._tx.value(
            "SELECT count(*) FROM sending_stops s JOIN deliveries d ON d.lane = s.id AND d.lane > 0"
            " AND d.status = 'queued' WHERE s.kind = :kind AND s.subject = :subject AND s.lifted_at IS NULL",
            kind=subject.kind, subject=subject.name,
        )  # fmt: skip
        return found

    def waiting(self, tags: Sequence[str]) -> dict[str, int]:
        """How many deliveries of each campaign wait, behind its own stop or another's."""
        rows = self._tx.all(
            "SELECT c.tag, count(*) FROM sending_stops s CROSS JOIN deliveries d ON d.lane = s.id AND d.lane > 0"
            " AND d.status = 'queued' CROSS JOIN campaign_mails c ON c.message_id = d.message_id"
            f" WHERE s.lifted_at IS NULL AND c.tag IN {dialect.in_list('tags')} GROUP BY c.tag",
            tags=dialect.json_list(tags),
        )
        return {row[0]: row[1] for row in rows}

    def mode_of(self, message_id: str) -> str | None:
        """What a mail waits behind, if it does."""
        mode: str | None = self._tx.value(
            "SELECT s.mode FROM deliveries d JOIN sending_stops s ON s.id = d.lane"
            " WHERE d.message_id = :id AND d.status = 'queued' AND d.lane > 0 AND s.lifted_at IS NULL LIMIT 1",
            id=message_id,
        )
        return mode

    def lets_through(self, now: Micros) -> bool:
        """Whether a throttle has room for something that is due: a look that takes no write lock."""
        return any(self._due(stop, now, 1) for stop, _ in self._open(now))

    def let_through(self, now: Micros) -> int:
        """Give what is due as many places as the throttles have left in their minute; to be claimed at once."""
        if not self.lets_through(now):
            return 0
        before = dict(self._open(now))
        room = dict(before)
        passed = 0
        for stop in before:
            for delivery_id, message_id in self._due(stop, now, room[stop]):
                passed += self._pass(delivery_id, message_id, room)
        self._take({stop: before[stop] - left for stop, left in room.items() if left < before[stop]}, now)
        return passed

    def _open(self, now: Micros) -> list[tuple[int, int]]:
        """The throttles with room in the minute that runs, and how much."""
        rows = self._tx.all(
            "SELECT id, per_minute - CASE WHEN window_at > :begun THEN used ELSE 0 END AS room FROM sending_stops"
            " WHERE lifted_at IS NULL AND mode = 'throttled' AND room > 0 ORDER BY id",
            begun=now - MINUTE,
        )  # fmt: skip
        return [(row[0], row[1]) for row in rows]

    def _due(self, stop_id: int, now: Micros, limit: int) -> list[tuple[str, str]]:
        rows = self._tx.all(
            "SELECT d.id, d.message_id FROM deliveries d WHERE d.status = 'queued' AND d.lane = :stop AND d.lane > 0"
            " AND d.due_at <= :now ORDER BY d.due_at LIMIT :limit",
            stop=stop_id, now=now, limit=limit,
        )  # fmt: skip
        return [(row[0], row[1]) for row in rows]

    def _pass(self, delivery_id: str, message_id: str, room: dict[int, int]) -> int:
        """Through all throttles that cover it, or on to wait behind the one that is full, or that stops it."""
        rows = self._tx.all(
            "SELECT stop_id, mode FROM covering_stops WHERE message_id = :id ORDER BY mode = 'throttled', stop_id",
            id=message_id,
        )
        full = [row[0] for row in rows if row[1] != "throttled" or room.get(row[0], 0) <= 0]
        lane = full[0] if full else -1
        self._tx.run("UPDATE deliveries SET lane = :lane WHERE id = :id", lane=lane, id=delivery_id)
        if full:
            return 0
        for row in rows:
            room[row[0]] -= 1
        return 1

    def _take(self, taken: dict[int, int], now: Micros) -> None:
        """Count them in the minute that runs; where none does, it begins now."""
        for stop_id, count in taken.items():
            self._tx.run(
                "UPDATE sending_stops SET used = :count + CASE WHEN window_at > :begun THEN used ELSE 0 END,"
                " window_at = CASE WHEN window_at > :begun THEN window_at ELSE :now END WHERE id = :id",
                begun=now - MINUTE, now=now, count=count, id=stop_id,
            )  # fmt: skip


def _stop(row: sqlite3.Row) -> Stop:
    subject = Subject(row["kind"], row["subject"])
    return Stop(row["id"], subject, row["mode"], row["per_minute"], row["until"], row["lifted_at"])
