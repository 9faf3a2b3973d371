"""Deleting mail for good: rows, raw bytes, search entries, and every other row that holds text of it.

What stays is the record: events and calls with ids and codes, who decided what about which digest, how long somebody
looked.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from multimail.adapters.store import dialect
from multimail.adapters.store.tx import Tx
from multimail.adapters.store.words import apart
from multimail.core.lifecycle import CANCELLABLE
from multimail.core.threading import normalise_subject
from multimail.core.times import Micros
from multimail.ports.keeping import Doomed, Kept, Purging

_COLUMNS: Final = "id, mailbox_id, through_seq, before_at, principal_id, reason, deleted, created_at"
_IDS: Final = dialect.in_list("ids")
_SEQS: Final = dialect.in_list("seqs")
_THREADS: Final = dialect.in_list("threads")
_STAYS: Final = ", ".join(f"'{state}'" for state in sorted(CANCELLABLE | {"pending_inbound_approval"}))
_FREE: Final = f"""
    m.status NOT IN ({_STAYS})
    AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.message_id = m.id
        AND d.status IN ('waiting', 'queued', 'claimed', 'sending'))
    AND NOT EXISTS (SELECT 1 FROM messages w WHERE w.answers = m.id AND w.status IN ({_STAYS}))
"""
"""Neither waiting nor on its way, nor what a waiting answer is about: whoever decides on that has to see it."""
_SETTLED: Final = f"""
    m.status NOT IN ({", ".join(f"'{state}'" for state in sorted(CANCELLABLE))})
    AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.message_id = m.id
        AND d.status IN ('waiting', 'queued', 'claimed', 'sending'))
"""
"""Not on its way, whoever waits for it."""
_WITHIN: Final = "m.mailbox_id = :mailbox AND m.seq <= :through AND m.created_at < :before"
ENTRY: Final = f"""
    SELECT m.seq, m.id, m.thread_id, m.batch_id, m.subject, r.body,
        (SELECT json_group_array(json_array(p.position, p.address || ' ' || p.name))
         FROM recipients p WHERE p.message_seq = m.seq),
        m.sender || ' ' || m.sender_name
    FROM messages m LEFT JOIN revisions r ON r.message_id = m.id AND r.number = m.revision
    WHERE m.id IN {_IDS}
"""
_FORGOTTEN: Final = (
    f"DELETE FROM recipients WHERE message_seq IN {_SEQS}",
    f"DELETE FROM attachments WHERE message_id IN {_IDS}",
    f"DELETE FROM revisions WHERE message_id IN {_IDS}",
    f"DELETE FROM deliveries WHERE message_id IN {_IDS}",
    f"DELETE FROM served WHERE message_id IN {_IDS}",
    f"DELETE FROM batch_mails WHERE message_id IN {_IDS}",
    f"""DELETE FROM arrivals WHERE message_id IN {_IDS} AND (mailbox_id, header_id) IN
        (SELECT mailbox_id, header_id FROM messages WHERE seq IN {_SEQS})""",
    f"DELETE FROM tags WHERE kind = 'message' AND target IN {_IDS}",
    f"UPDATE tags SET origin = '' WHERE origin <> '' AND origin IN {_IDS}",
    f"UPDATE interactions SET message_id = NULL, thread_id = NULL WHERE message_id IN {_IDS}",
    f"UPDATE unsubscribe_requests SET message_id = NULL WHERE message_id IN {_IDS}",
    f"UPDATE decisions SET note = '', diff = '' WHERE message_id IN {_IDS}",
    f"""UPDATE idempotency SET answer = json_object('message_id', message_id, 'subject', '',
        'thread_id', json_extract(answer, '$.thread_id'), 'status', json_extract(answer, '$.status'),
        'oversight_mode', json_extract(answer, '$.oversight_mode')) WHERE message_id IN {_IDS}""",
    f"""UPDATE webhook_deliveries SET body = NULL WHERE body IS NOT NULL AND seq IN
        (SELECT d.seq FROM webhooks h CROSS JOIN events e CROSS JOIN webhook_deliveries d
            ON d.webhook_id = h.id AND d.event_seq = e.seq WHERE e.message_id IN {_IDS})""",
    f"""UPDATE message_ids SET message_id = NULL WHERE message_id IN {_IDS} AND (mailbox_id, header_id) IN
        (SELECT mailbox_id, header_id FROM messages WHERE seq IN {_SEQS})""",
    f"DELETE FROM messages WHERE seq IN {_SEQS}",
)
_OVER: Final = (
    f"""UPDATE contacts SET latest_thread_id = NULL WHERE latest_thread_id IN {_THREADS}
        AND address IN (SELECT address FROM thread_participants WHERE thread_id IN {_THREADS})""",
    f"DELETE FROM tags WHERE kind = 'thread' AND target IN {_THREADS}",
    f"DELETE FROM message_ids WHERE thread_id IN {_THREADS}",
    f"""DELETE FROM thread_participants WHERE thread_id IN {_THREADS}
        OR thread_id IN (SELECT id FROM threads WHERE merged_into IN {_THREADS})""",
    f"DELETE FROM threads WHERE merged_into IN {_THREADS}",
    f"DELETE FROM threads WHERE id IN {_THREADS}",
)
"""A conversation without a mail is none: an answer to it that still comes begins a new one."""
_MISNAMED: Final = f"""
    SELECT t.id, (SELECT m.subject FROM messages m
        WHERE m.thread_id = coalesce(t.merged_into, t.id) ORDER BY m.seq LIMIT 1) AS named
    FROM threads t WHERE (t.id IN {_THREADS} OR t.merged_into IN {_THREADS}) AND named IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM messages m
            WHERE m.thread_id = coalesce(t.merged_into, t.id) AND m.subject = t.subject)
"""


class Purge:
    """See `ports.keeping.Purge`."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def count(self, mailbox_id: str) -> int:
        return int(self._tx.value("SELECT count(*) FROM messages WHERE mailbox_id = :id", id=mailbox_id))

    def begin(self, purging: Purging) -> None:
        names = ", ".join(f":{name}" for name in _COLUMNS.split(", "))
        self._tx.run(f"INSERT INTO purges ({_COLUMNS}) VALUES ({names})", **asdict(purging))

    def under_way(self) -> list[Purging]:
        rows = self._tx.all(f"SELECT {_COLUMNS} FROM purges WHERE ended_at IS NULL ORDER BY created_at, id")
        return [Purging(*row) for row in rows]

    def get(self, purging_id: str) -> Purging | None:
        row = self._tx.one(f"SELECT {_COLUMNS} FROM purges WHERE id = :id", id=purging_id)
        return Purging(*row) if row else None

    def done(self, purging_id: str, deleted: int) -> None:
        self._tx.run("UPDATE purges SET deleted = deleted + :n WHERE id = :id", n=deleted, id=purging_id)

    def end(self, purging_id: str, now: Micros) -> bool:
        ended = (
            "UPDATE purges SET ended_at = :now, tidied = (deleted = 0) WHERE id = :id AND ended_at IS NULL"
        )
        return self._tx.run(ended, now=now, id=purging_id) == 1

    def untidied(self) -> bool:
        found = "SELECT 1 FROM purges WHERE ended_at IS NOT NULL AND tidied = 0 LIMIT 1"
        return self._tx.value(found) is not None

    def tidied(self) -> None:
        self._tx.run("UPDATE purges SET tidied = 1 WHERE ended_at IS NOT NULL AND tidied = 0")

    def forget(self, before: Micros) -> int:
        return self._tx.run("DELETE FROM purges WHERE ended_at < :before AND tidied = 1", before=before)

    def mailboxes(self, ids: Sequence[str] | None) -> list[str]:
        if ids is not None:
            return sorted(ids)
        return [row[0] for row in self._tx.all("SELECT id FROM mailboxes ORDER BY created_at, id")]

    def newest(self, mailbox_id: str) -> int:
        return self.overflow(mailbox_id, 0)

    def doomed(self, purging: Purging, after_seq: int, limit: int) -> list[Doomed]:
        rows = self._tx.all(
            f"SELECT m.seq, m.id, m.size FROM messages m WHERE {_WITHIN} AND m.seq > :after AND {_FREE}"
            " ORDER BY m.seq LIMIT :limit",
            **_bounds(purging), after=after_seq, limit=limit,
        )  # fmt: skip
        return [Doomed(*row) for row in rows]

    def kept(self, purging: Purging) -> dict[str, int]:
        rows = self._tx.all(
            f"SELECT m.status, count(*) FROM messages m WHERE {_WITHIN} GROUP BY m.status ORDER BY m.status",
            **_bounds(purging),
        )
        return {row[0]: row[1] for row in rows}

    def deletable(self, message_ids: Sequence[str]) -> set[str]:
        rows = self._tx.all(
            f"SELECT m.id FROM messages m WHERE m.id IN {_IDS} AND {_FREE}",
            ids=dialect.json_list(message_ids),
        )
        return {row[0] for row in rows}

    def erase(self, message_ids: Sequence[str], *, even_held: bool = False) -> int:
        rows = self._tx.all(
            f"{ENTRY} AND {_SETTLED if even_held else _FREE}", ids=dialect.json_list(message_ids)
        )
        if not rows:
            return 0
        for row in rows:
            self._forget_words(row)
        params = {
            "ids": dialect.json_list(row[1] for row in rows),
            "seqs": dialect.json_list(row[0] for row in rows),
        }
        for statement in _FORGOTTEN:
            self._tx.run(statement, **params)
        self._end_threads({row[2] for row in rows})
        self._end_batches({row[3] for row in rows if row[3]}, {row[1] for row in rows})
        return len(rows)

    def _forget_words(self, row: Any) -> None:
        """A contentless index forgets a mail only if it is given the very words that it was given at first."""
        seq, *entry = words(row)
        self._tx.at_commit(
            "INSERT INTO search (search, rowid, subject, people, body) VALUES ('delete', :seq, :a, :b, :c)",
            seq=seq, a=entry[0], b=entry[1], c=entry[2],
        )  # fmt: skip

    def _end_threads(self, threads: set[str]) -> None:
        over = self._tx.all(
            "SELECT value FROM json_each(:threads)"
            " WHERE NOT EXISTS (SELECT 1 FROM messages m WHERE m.thread_id = value)",
            threads=dialect.json_list(threads),
        )
        for statement in _OVER if over else ():
            self._tx.run(statement, threads=dialect.json_list(row[0] for row in over))
        self._name_threads(threads)

    def _name_threads(self, threads: set[str]) -> None:
        """A conversation is not called any more what only mail was called that is gone."""
        rows = self._tx.all(_MISNAMED, threads=dialect.json_list(threads))
        for thread_id, subject in rows:
            self._tx.run(
                "UPDATE threads SET subject = :subject, base_subject = :base WHERE id = :id",
                subject=subject, base=normalise_subject(subject), id=thread_id,
            )  # fmt: skip

    def _end_batches(self, batches: set[str], gone: set[str]) -> None:
        if not batches:
            return
        named = dialect.json_list(batches)
        rows = self._tx.all(
            "SELECT principal_id, key, answer FROM idempotency WHERE operation = 'send_batch' AND message_id = ''"
            f" AND json_extract(answer, '$.batch_id') IN {dialect.in_list('batches')}",
            batches=named,
        )
        for principal, key, answer in rows:
            self._tx.run(
                "UPDATE idempotency SET answer = :answer WHERE principal_id = :principal AND key = :key",
                answer=dialect.json_dump(_without(dialect.json_load(answer), gone)), principal=principal, key=key,
            )  # fmt: skip
        self._tx.run(
            f"DELETE FROM batches WHERE id IN {dialect.in_list('batches')}"
            " AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.batch_id = batches.id)",
            batches=named,
        )

    def entries(self, most: int) -> frozenset[tuple[str, int]] | None:
        rows = self._tx.all("SELECT id, revision FROM messages LIMIT :n", n=most + 1)
        return frozenset((row[0], row[1]) for row in rows) if len(rows) <= most else None

    def index_anew(self, entries: frozenset[tuple[str, int]]) -> bool:
        if self.entries(len(entries)) != entries:
            return False
        self._tx.run("INSERT INTO search (search) VALUES ('delete-all')")
        for row in self._tx.all(ENTRY, ids=dialect.json_list(sorted(one for one, _ in entries))):
            seq, *entry = words(row)
            self._tx.at_commit(
                "INSERT INTO search (rowid, subject, people, body) VALUES (:seq, :a, :b, :c)",
                seq=seq, a=entry[0], b=entry[1], c=entry[2],
            )  # fmt: skip
        return True

    def keeping(self) -> list[Kept]:
        rows = self._tx.all(
            "SELECT id, retention_days, retention_messages FROM mailboxes"
            " WHERE retention_days IS NOT NULL OR retention_messages IS NOT NULL ORDER BY id"
        )
        return [Kept(*row) for row in rows]

    def overflow(self, mailbox_id: str, most: int) -> int:
        return int(
            self._tx.value(
                "SELECT seq FROM messages WHERE mailbox_id = :id ORDER BY seq DESC LIMIT 1 OFFSET :most",
                id=mailbox_id, most=most,
            )
            or 0
        )  # fmt: skip

    def aged(self, mailbox_id: str, before: Micros) -> int:
        young = self._tx.value(
            "SELECT seq FROM messages WHERE mailbox_id = :id AND created_at >= :before ORDER BY seq LIMIT 1",
            id=mailbox_id, before=before,
        )  # fmt: skip
        return self.newest(mailbox_id) if young is None else int(young) - 1


def words(row: Any) -> tuple[int, str, str, str]:
    """A mail's entry in the search index, as it was written: its place, subject, people and text."""
    people = " ".join([row[7], *(text for _, text in sorted(json.loads(row[6])))])
    return row[0], apart(row[4]), apart(people), apart(row[5] or "")


def _bounds(purging: Purging) -> dict[str, Any]:
    return {
        "mailbox": purging.mailbox_id,
        "through": purging.through_seq,
        "before": purging.before_at,
    }


def _without(answer: dict[str, Any], gone: set[str]) -> dict[str, Any]:
    """The answer of a batch without the addresses of mails that are gone, which reasons name as well."""
    for row in answer.get("results", ()):
        if row.get("message_id") in gone:
            row["to"] = ""
    return answer | {"reasons": []}
