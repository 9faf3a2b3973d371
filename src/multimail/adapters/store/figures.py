"""Figures of oversight, counted where the rows are: admissions, decisions with their looks, what went by itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Final

from multimail.adapters.store import dialect
from multimail.adapters.store.rows import MESSAGE_COLUMNS, stored_message
from multimail.adapters.store.tx import Tx
from multimail.core.times import Micros
from multimail.ports.figures import Admission, DecidedRow, Waiting
from multimail.ports.records import StoredMessage

_DECIDED: Final = """
    SELECT m.mailbox_id, d.message_id, d.decision, d.diff <> '' AS edited, d.at,
        (SELECT max(l.first_at) FROM looks l WHERE l.principal_id = d.principal_id AND l.message_id = d.message_id
            AND l.first_at <= d.at) AS looked_at
    FROM decisions d {along} CROSS JOIN messages m ON m.id = d.message_id
        LEFT JOIN principals p ON p.id = d.principal_id
    WHERE m.direction = 'outbound' AND d.decision IN ('approve', 'reject', 'request_changes', 'escalate')
        AND (p.kind = 'person' OR d.via = 'host-asserted'
            OR (p.kind <> 'program' AND d.principal_id <> coalesce(m.principal_id, '')))
        AND (d.decision <> 'approve' OR (SELECT n.decision FROM decisions n WHERE n.message_id = d.message_id
            AND (n.at, n.id) > (d.at, d.id) ORDER BY n.at, n.id LIMIT 1) IS NOT 'undo')
"""
"""An approval that was taken back is none."""
_BY_TIME: Final = _DECIDED.format(along="INDEXED BY decisions_by_time")
_OF_MAILS: Final = _DECIDED.format(along="")
"""From the decisions to their mails, never the other way: there are far more mails."""
_ALONE: Final = "m.released_digest = m.digest AND m.approved_digest IS NULL"
_GOING: Final = "('scheduled', 'queued', 'sending', 'sent', 'delivered', 'bounced', 'failed', 'unknown')"
_WAITS: Final = "('pending_approval', 'escalated', 'pending_inbound_approval')"
_ADMITTED: Final = {
    "message.pending_approval": "held", "message.queued": "left", "message.scheduled": "left",
    "message.suppressed": "left_out",
}  # fmt: skip


class Figures:
    """See `ports.figures.Figures`."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def admit(self, admission: Admission) -> None:
        """Keep how a new mail was judged."""
        known = admission.known_sender
        self._tx.run(
            "INSERT INTO admissions (message_id, outcome, rules, tags, known_sender)"
            " VALUES (:id, :outcome, :rules, :tags, :known)",
            id=admission.message_id, outcome=admission.outcome, rules=dialect.json_list(admission.rules),
            tags=dialect.json_dump(admission.tags) if admission.tags is not None else None,
            known=int(known) if known is not None else None,
        )  # fmt: skip

    def admissions(self, message_ids: Sequence[str]) -> dict[str, Admission]:
        """By message id; mail from before they were kept has none."""
        rows = self._tx.all(
            "SELECT message_id, outcome, rules, tags, known_sender FROM admissions"
            f" WHERE message_id IN {dialect.in_list('ids')}",
            ids=dialect.json_list(message_ids),
        )
        return {row["message_id"]: _admission(row) for row in rows}

    def decided(self, mailbox_ids: Sequence[str], since: Micros, limit: int) -> list[DecidedRow]:
        """What people decided, newest first. Programs and authors of their own mail are no people."""
        rows = self._tx.all(
            f"{_BY_TIME} AND d.at >= :since AND m.mailbox_id IN {dialect.in_list('ids')}"
            " ORDER BY d.at DESC, d.id DESC LIMIT :limit",
            since=since, ids=dialect.json_list(mailbox_ids), limit=limit,
        )  # fmt: skip
        return [_decided(row) for row in rows]

    def first_decisions(self, message_ids: Sequence[str]) -> dict[str, DecidedRow]:
        """What people first said to each of these mails, by its id."""
        rows = self._tx.all(
            f"{_OF_MAILS} AND d.message_id IN {dialect.in_list('ids')} ORDER BY d.at DESC, d.id DESC",
            ids=dialect.json_list(message_ids),
        )
        return {row["message_id"]: _decided(row) for row in rows}

    def unknown(self, message_ids: Sequence[str]) -> set[str]:
        """Mails with a recipient who was a stranger to the mailbox when they were made."""
        rows = self._tx.all(
            f"""
            SELECT DISTINCT m.id FROM messages m JOIN recipients r ON r.message_seq = m.seq
            WHERE m.id IN {dialect.in_list("ids")} AND r.automatic = 0
                AND NOT EXISTS (
                    SELECT 1 FROM recipients e JOIN messages o ON o.seq = e.message_seq
                    WHERE e.address = r.address AND e.message_seq < m.seq AND o.mailbox_id = m.mailbox_id
                        AND o.direction = 'outbound'
                        AND (o.status IN ('sent', 'delivered', 'bounced') OR o.approved_digest = o.digest))
                AND NOT EXISTS (
                    SELECT 1 FROM messages i WHERE i.sender = r.address AND i.seq < m.seq
                        AND i.mailbox_id = m.mailbox_id AND i.direction = 'inbound')
            """,
            ids=dialect.json_list(message_ids),
        )
        return {row["id"] for row in rows}

    def addressed(self, message_ids: Sequence[str]) -> list[str]:
        """Whom these mails went to, automatic copies left out: who got most of them first."""
        rows = self._tx.all(
            "SELECT r.address FROM messages m JOIN recipients r ON r.message_seq = m.seq"
            f" WHERE m.id IN {dialect.in_list('ids')} AND r.automatic = 0"
            " GROUP BY r.address ORDER BY count(*) DESC, r.address",
            ids=dialect.json_list(message_ids),
        )  # fmt: skip
        return [row["address"] for row in rows]

    def waiting(self, mailbox_id: str) -> Waiting:
        """What a person has to decide on in a mailbox."""
        row = self._tx.one(
            f"SELECT count(*), min(created_at) FROM messages WHERE status IN {_WAITS} AND mailbox_id = :id",
            id=mailbox_id,
        )
        return Waiting(row[0], row[1]) if row else Waiting(0, None)

    def expired(self, mailbox_id: str, since: Micros) -> list[Micros]:
        """When mail of the mailbox expired, because nobody decided."""
        rows = self._tx.all(
            "SELECT updated_at FROM messages WHERE status = 'expired' AND mailbox_id = :id AND updated_at >= :since",
            id=mailbox_id, since=since,
        )  # fmt: skip
        return [row[0] for row in rows]

    def left_alone(self, mailbox_id: str, since: Micros) -> tuple[int, int]:
        """Mails that no person had to let go: how many went or will, how many were withdrawn in time."""
        row = self._tx.one(
            f"SELECT count(*) FILTER (WHERE m.status IN {_GOING}), count(*) FILTER (WHERE m.status = 'cancelled')"
            " FROM messages m INDEXED BY messages_left_alone"
            " WHERE m.direction = 'outbound' AND m.mailbox_id = :id AND m.created_at >= :since"
            f" AND m.class <> 'system' AND {_ALONE}",
            id=mailbox_id, since=since,
        )  # fmt: skip
        return (row[0], row[1]) if row else (0, 0)

    def outgoing(self, mailbox_id: str, since: Micros, limit: int) -> list[StoredMessage]:
        """Mail that was written since, newest first; none of the server's own."""
        rows = self._tx.all(
            f"SELECT {MESSAGE_COLUMNS} FROM messages WHERE direction = 'outbound' AND mailbox_id = :id"
            " AND created_at >= :since AND class <> 'system' ORDER BY created_at DESC, seq DESC LIMIT :limit",
            id=mailbox_id, since=since, limit=limit,
        )  # fmt: skip
        return [stored_message(row) for row in rows]

    def arrived(self, mailbox_id: str, since: Micros) -> int:
        """How many mails came in since, spam left out."""
        found = self._tx.value(
            "SELECT count(*) FROM messages WHERE direction = 'inbound' AND mailbox_id = :id"
            " AND created_at >= :since AND status <> 'spam'",
            id=mailbox_id, since=since,
        )  # fmt: skip
        return int(found)

    def first_outcomes(self, message_ids: Sequence[str]) -> dict[str, str]:
        """How each of these mails came in, by the log: for mail without an admission."""
        rows = self._tx.all(
            "SELECT message_id, kind FROM events"
            f" WHERE message_id IN {dialect.in_list('ids')} AND kind IN {dialect.in_list('kinds')} ORDER BY seq DESC",
            ids=dialect.json_list(message_ids), kinds=dialect.json_list(_ADMITTED),
        )  # fmt: skip
        return {row["message_id"]: _ADMITTED[row["kind"]] for row in rows}


def _admission(row: sqlite3.Row) -> Admission:
    tags = row["tags"]
    return Admission(
        row["message_id"],
        row["outcome"],
        tuple(dialect.json_load(row["rules"])),
        tuple(tuple(one) for one in dialect.json_load(tags)) if tags is not None else None,
        bool(row["known_sender"]) if row["known_sender"] is not None else None,
    )


def _decided(row: sqlite3.Row) -> DecidedRow:
    return DecidedRow(
        row["mailbox_id"],
        row["message_id"],
        row["decision"],
        bool(row["edited"]),
        row["at"],
        row["looked_at"],
    )
