"""Conversations and the header ids that name them.

`message_ids` has one row per header id and mailbox, so a thousand mails with one Message-ID stay one look-up.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Final

from multimail.adapters.store import dialect
from multimail.adapters.store.rows import json_array
from multimail.adapters.store.tx import Tx
from multimail.core.threading import Candidate
from multimail.core.times import Micros
from multimail.ports.intake import Named, Thread

_THREAD: Final = "id, mailbox_id, subject, base_subject, created_at, last_at"
_CANDIDATE: Final = (
    "SELECT t.id, t.created_at, t.last_at, t.base_subject,"
    " (SELECT json_group_array(p.address) FROM thread_participants p WHERE p.thread_id = t.id)"
)
_ALIKE: Final = 200
"""So many threads of one subject are looked through for somebody, the newest first."""
_OFFERED: Final = 20
"""So many of them are candidates."""


class Threads:
    """See `ports.intake.Threads`."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def get(self, thread_id: str) -> Thread | None:
        """The thread, or the one it was merged into."""
        row = self._tx.one(
            f"SELECT {_THREAD} FROM threads WHERE id ="
            " (SELECT coalesce(merged_into, id) FROM threads WHERE id = :id)",
            id=thread_id,
        )
        return Thread(*tuple(row)) if row else None

    def insert(self, thread: Thread) -> None:
        """Start a conversation."""
        self._tx.run(
            f"INSERT INTO threads ({_THREAD}) VALUES (:id, :mailbox, :subject, :base, :created_at, :last_at)",
            id=thread.id, mailbox=thread.mailbox_id, subject=thread.subject, base=thread.base_subject,
            created_at=thread.created_at, last_at=thread.last_at,
        )  # fmt: skip

    def touch(self, thread: Thread, now: Micros, participants: Sequence[str]) -> None:
        """Note activity and who takes part."""
        if thread.last_at < now:
            self._tx.run("UPDATE threads SET last_at = :now WHERE id = :id", now=now, id=thread.id)
        self._tx.many(
            "INSERT INTO thread_participants (thread_id, address) VALUES (:id, :address) ON CONFLICT DO NOTHING",
            [{"id": thread.id, "address": address} for address in participants],
        )

    def participants(self, thread_id: str) -> list[str]:
        """Addresses that take part."""
        rows = self._tx.all(
            "SELECT address FROM thread_participants WHERE thread_id = :id ORDER BY 1", id=thread_id
        )
        return [row[0] for row in rows]

    def named(self, mailbox_id: str, header_ids: Sequence[str]) -> list[Named]:
        if len(header_ids) == 1:
            row = self._tx.one(f"{_NAMED} = :id", mailbox=mailbox_id, id=header_ids[0])
            return [Named(*row)] if row else []
        rows = self._tx.all(
            f"{_NAMED} IN {dialect.in_list('ids')}", mailbox=mailbox_id, ids=dialect.json_list(header_ids)
        )
        return [Named(*row) for row in rows]

    def candidates(self, thread_ids: Sequence[str]) -> list[Candidate]:
        rows = self._tx.all(
            f"{_CANDIDATE} FROM threads t WHERE t.id IN {dialect.in_list('ids')}",
            ids=dialect.json_list(thread_ids),
        )
        return [_candidate(row) for row in rows]

    def alike(self, mailbox_id: str, base_subject: str, address: str, since: Micros) -> list[Candidate]:
        rows = self._tx.all(
            f"{_CANDIDATE} FROM (SELECT * FROM threads WHERE mailbox_id = :mailbox AND base_subject = :base"
            " AND base_subject <> '' AND last_at >= :since AND merged_into IS NULL"
            f" ORDER BY last_at DESC LIMIT {_ALIKE}) t WHERE EXISTS"
            " (SELECT 1 FROM thread_participants p WHERE p.thread_id = t.id AND p.address = :address)"
            f" ORDER BY t.last_at DESC LIMIT {_OFFERED}",
            mailbox=mailbox_id, base=base_subject, since=since, address=address,
        )  # fmt: skip
        return [_candidate(row) for row in rows]

    def know(self, thread: Thread, header_id: str, message_id: str, references: Sequence[str]) -> None:
        """File a message's own header id and those it refers to under its thread."""
        self._tx.run(
            "INSERT INTO message_ids (mailbox_id, header_id, thread_id, message_id)"
            " VALUES (:mailbox, :header, :thread, :message)"
            " ON CONFLICT (mailbox_id, header_id) DO UPDATE SET message_id = excluded.message_id"
            " WHERE message_ids.message_id IS NULL",
            mailbox=thread.mailbox_id, header=header_id, thread=thread.id, message=message_id,
        )  # fmt: skip
        if references:
            self._tx.many(
                "INSERT INTO message_ids (mailbox_id, header_id, thread_id)"
                " VALUES (:mailbox, :header, :thread) ON CONFLICT DO NOTHING",
                [
                    {"mailbox": thread.mailbox_id, "header": header, "thread": thread.id}
                    for header in references
                ],
            )

    def merge(self, survivor: str, others: Sequence[str]) -> None:
        """Make several conversations one; old thread ids keep working. Tags move along."""
        ids = dialect.json_list(others)
        for statement in _MERGE:
            self._tx.run(statement, survivor=survivor, ids=ids)

    def inbound_since(self, thread_id: str, since: Micros, most: int) -> int:
        return int(
            self._tx.value(
                "SELECT count(*) FROM (SELECT direction, created_at FROM messages WHERE thread_id = :id"
                " ORDER BY seq DESC LIMIT :most) WHERE direction = 'inbound' AND created_at >= :since",
                id=thread_id, since=since, most=most,
            )
        )  # fmt: skip


def _candidate(row: sqlite3.Row) -> Candidate:
    return Candidate(row[0], row[1], row[2], row[3], frozenset(json_array(row[4])))


_NAMED: Final = (
    "SELECT header_id, thread_id, message_id FROM message_ids WHERE mailbox_id = :mailbox AND header_id"
)
_OTHERS: Final = dialect.in_list("ids")
_MERGE: Final = (
    f"UPDATE messages SET thread_id = :survivor WHERE thread_id IN {_OTHERS}",
    f"UPDATE message_ids SET thread_id = :survivor WHERE thread_id IN {_OTHERS}",
    f"UPDATE interactions SET thread_id = :survivor WHERE thread_id IN {_OTHERS}",
    f"UPDATE contacts SET latest_thread_id = :survivor WHERE latest_thread_id IN {_OTHERS}",
    f"""INSERT INTO thread_participants (thread_id, address) SELECT :survivor, address FROM thread_participants
        WHERE thread_id IN {_OTHERS} ON CONFLICT DO NOTHING""",
    f"""INSERT INTO tags (kind, target, tag, value, principal_id, origin, at)
        SELECT kind, :survivor, tag, value, principal_id, origin, at FROM tags
        WHERE kind = 'thread' AND target IN {_OTHERS} ON CONFLICT DO NOTHING""",
    f"DELETE FROM tags WHERE kind = 'thread' AND target IN {_OTHERS}",
    f"UPDATE threads SET merged_into = :survivor WHERE merged_into IN {_OTHERS} OR id IN {_OTHERS}",
    f"""UPDATE threads SET last_at = (SELECT max(t.last_at) FROM threads t
        WHERE t.id = :survivor OR t.id IN {_OTHERS}) WHERE id = :survivor""",
)
