"""Conversations and the header ids that name them; repeat detection of arrivals; what is set aside.

`message_ids` has one row per header id and mailbox, so a thousand mails with one Message-ID stay one look-up.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Final

from multimail.adapters.store import dialect
from multimail.adapters.store.tx import Tx
from multimail.core.times import Micros
from multimail.ports.intake import SetAside, Thread

_THREAD: Final = "id, mailbox_id, subject, base_subject, created_at, last_at"


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

    def touch(self, thread_id: str, now: Micros, participants: Sequence[str]) -> None:
        """Note activity and who takes part."""
        self._tx.run("UPDATE threads SET last_at = max(last_at, :now) WHERE id = :id", now=now, id=thread_id)
        self._tx.many(
            "INSERT INTO thread_participants (thread_id, address) VALUES (:id, :address) ON CONFLICT DO NOTHING",
            [{"id": thread_id, "address": address} for address in participants],
        )

    def participants(self, thread_id: str) -> list[str]:
        """Addresses that take part."""
        rows = self._tx.all(
            "SELECT address FROM thread_participants WHERE thread_id = :id ORDER BY 1", id=thread_id
        )
        return [row[0] for row in rows]

    def by_header_ids(self, mailbox_id: str, header_ids: Sequence[str]) -> dict[str, str]:
        """Header id → thread id, for those that are known or were referred to before."""
        rows = self._tx.all(
            "SELECT header_id, thread_id FROM message_ids"
            f" WHERE mailbox_id = :mailbox AND header_id IN {dialect.in_list('ids')}",
            mailbox=mailbox_id, ids=dialect.json_list(header_ids),
        )  # fmt: skip
        return {row[0]: row[1] for row in rows}

    def by_subject(
        self, mailbox_id: str, base_subject: str, addresses: Sequence[str], since: Micros
    ) -> str | None:
        """The latest thread with this base subject in which one of the addresses takes part."""
        found: str | None = self._tx.value(
            "SELECT t.id FROM threads t WHERE t.mailbox_id = :mailbox AND t.base_subject = :base"
            " AND t.base_subject <> '' AND t.last_at >= :since AND t.merged_into IS NULL AND EXISTS"
            f" (SELECT 1 FROM thread_participants p WHERE p.thread_id = t.id AND p.address IN {dialect.in_list('who')})"
            " ORDER BY t.last_at DESC LIMIT 1",
            mailbox=mailbox_id, base=base_subject, since=since, who=dialect.json_list(addresses),
        )  # fmt: skip
        return found

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

    def message_of(self, mailbox_id: str, header_id: str) -> str | None:
        """The stored message with this header id, if it came or was sent."""
        found: str | None = self._tx.value(
            "SELECT message_id FROM message_ids WHERE mailbox_id = :mailbox AND header_id = :header",
            mailbox=mailbox_id, header=header_id,
        )  # fmt: skip
        return found

    def merge(self, survivor: str, others: Sequence[str]) -> None:
        """Make several conversations one; old thread ids keep working. Tags move along."""
        ids = dialect.json_list(others)
        for statement in _MERGE:
            self._tx.run(statement, survivor=survivor, ids=ids)

    def inbound_since(self, thread_id: str, since: Micros) -> int:
        """Arrivals in a thread since a time: what the loop guard looks at."""
        return int(
            self._tx.value(
                "SELECT count(*) FROM messages WHERE thread_id = :id AND direction = 'inbound'"
                " AND created_at >= :since",
                id=thread_id, since=since,
            )
        )  # fmt: skip


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


class Arrivals:
    """See `ports.intake.Arrivals`."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def seen(self, mailbox_id: str, header_id: str, content_hash: str) -> str | None:
        """The message an earlier delivery of the same mail became."""
        found: str | None = self._tx.value(
            "SELECT message_id FROM arrivals"
            " WHERE mailbox_id = :mailbox AND header_id = :header AND content_hash = :hash",
            mailbox=mailbox_id, header=header_id, hash=content_hash,
        )  # fmt: skip
        return found

    def remember(self, mailbox_id: str, header_id: str, content_hash: str, message_id: str) -> None:
        """So that the peer's retry is a no-op."""
        self._tx.run(
            "INSERT INTO arrivals (mailbox_id, header_id, content_hash, message_id)"
            " VALUES (:mailbox, :header, :hash, :message)",
            mailbox=mailbox_id, header=header_id, hash=content_hash, message=message_id,
        )  # fmt: skip

    def set_aside(self, item: SetAside) -> None:
        """Keep what cannot be filed for a person."""
        self._tx.run(
            "INSERT INTO set_aside (id, at, reason, envelope, raw) VALUES (:id, :at, :reason, :envelope, :raw)",
            id=item.id, at=item.at, reason=item.reason, envelope=dialect.json_dump(item.envelope),
            raw=zlib.compress(item.raw, 1),
        )  # fmt: skip

    def kept_aside(self, limit: int) -> list[SetAside]:
        """What waits for a person, newest first."""
        rows = self._tx.all(
            "SELECT id, at, reason, envelope, raw FROM set_aside ORDER BY id DESC LIMIT :n", n=limit
        )
        return [
            SetAside(
                row["id"],
                row["at"],
                row["reason"],
                dialect.json_load(row["envelope"]),
                zlib.decompress(row["raw"]),
            )
            for row in rows
        ]
