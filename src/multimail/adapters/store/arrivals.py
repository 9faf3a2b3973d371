"""Arriving mail: filing a batch of it, knowing a repeat, keeping aside what cannot be filed.

Filing is what a mail server is measured by, so a batch takes about as many statements as one mail would: what
varies comes as one JSON array, and rows that need each other's keys are joined by the database.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, Final

from multimail.adapters.store import dialect
from multimail.adapters.store.tx import Tx
from multimail.adapters.store.words import apart
from multimail.core.addresses import domain_of
from multimail.ports.intake import Filed, Identity, SetAside
from multimail.ports.records import NewMessage

_MESSAGE: Final = """
    INSERT INTO messages (id, mailbox_id, thread_id, direction, status, held_from_agents, class, mode, sender,
        sender_name, reply_to, subject, preview, header_id, in_reply_to, header_refs, has_attachments, new_sender, size,
        problems, hidden_text, authentication, verdict, digest, created_at, updated_at)
    VALUES (?, ?, ?, 'inbound', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_REVISION: Final = """
    INSERT INTO revisions (message_id, number, digest, author, subject, body, envelope, created_at, raw)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_ATTACHMENT: Final = """
    INSERT INTO attachments (message_id, position, filename, content_type, size, sha256, inline)
    VALUES (?, ?, ?, ?, ?, ?, ?)
"""


def _rows(*columns: str) -> str:
    """The parameter `rows`, a JSON array of arrays, as a table with these columns, in its order."""
    fields = ", ".join(f"json_extract(value, '$[{number}]') AS {name}" for number, name in enumerate(columns))
    return f"(SELECT {fields} FROM json_each(:rows))"


_THREADS: Final = f"""
    INSERT INTO threads (id, mailbox_id, subject, base_subject, created_at, last_at)
    SELECT * FROM {_rows("id", "mailbox_id", "subject", "base_subject", "created_at", "last_at")}
"""
_TOUCH: Final = f"""
    UPDATE threads SET last_at = max(last_at, r.at)
    FROM (SELECT id, max(at) AS at FROM {_rows("id", "at")} GROUP BY id) r WHERE threads.id = r.id
"""
_PARTICIPANTS: Final = f"""
    INSERT INTO thread_participants (thread_id, address)
    SELECT * FROM {_rows("thread_id", "address")} WHERE true ON CONFLICT DO NOTHING
"""
_RECIPIENTS: Final = f"""
    INSERT INTO recipients (message_seq, position, kind, address, name, automatic)
    SELECT m.seq, r.position, r.kind, r.address, r.name, 0
    FROM {_rows("id", "position", "kind", "address", "name")} r CROSS JOIN messages m ON m.id = r.id
"""
_SEARCH: Final = f"""
    INSERT INTO search (rowid, subject, people, body)
    SELECT m.seq, m.subject, r.people, v.body FROM {_rows("id", "people")} r
    CROSS JOIN messages m ON m.id = r.id CROSS JOIN revisions v ON v.message_id = r.id AND v.number = m.revision
"""
_SEARCH_APART: Final = f"""
    INSERT INTO search (rowid, subject, people, body)
    SELECT m.seq, r.subject, r.people, r.body FROM {_rows("id", "subject", "people", "body")} r
    CROSS JOIN messages m ON m.id = r.id
"""
_KNOWN: Final = f"""
    INSERT INTO message_ids (mailbox_id, header_id, thread_id, message_id)
    SELECT * FROM {_rows("mailbox_id", "header_id", "thread_id", "message_id")} WHERE true
    ON CONFLICT (mailbox_id, header_id) DO UPDATE SET message_id = excluded.message_id
    WHERE message_ids.message_id IS NULL AND excluded.message_id IS NOT NULL
"""
_CONTACTS: Final = f"""
    INSERT INTO contacts (id, address, domain, name, hidden, created_at, updated_at, last_inbound, interaction_count,
        latest_thread_id)
    SELECT id, address, domain, name, hidden, at, at, iif(hidden, NULL, at), 1 - hidden, iif(hidden, NULL, thread_id)
    FROM {_rows("id", "address", "domain", "name", "hidden", "at", "thread_id")} WHERE true
    ON CONFLICT (address) DO UPDATE SET
        name = iif(name = '', excluded.name, name),
        hidden = min(hidden, excluded.hidden),
        updated_at = iif((name = '' AND excluded.name <> '') OR hidden > excluded.hidden,
            excluded.updated_at, updated_at),
        interaction_count = interaction_count + 1 - excluded.hidden,
        last_inbound = iif(excluded.hidden, last_inbound, max(coalesce(last_inbound, 0), excluded.last_inbound)),
        latest_thread_id = iif(excluded.hidden, latest_thread_id, excluded.latest_thread_id),
        replied = CASE WHEN replied = 1 OR excluded.hidden = 1 OR last_contacted IS NULL THEN replied ELSE
            EXISTS (SELECT 1 FROM messages m WHERE m.thread_id = excluded.latest_thread_id
                AND m.direction = 'outbound') END
"""
_INTERACTIONS: Final = f"""
    INSERT INTO interactions (contact_id, kind, message_id, thread_id, mailbox_id, hidden, at)
    SELECT c.id, 'received', m.id, m.thread_id, m.mailbox_id, m.held_from_agents, m.created_at
    FROM {_rows("id", "address")} r CROSS JOIN messages m ON m.id = r.id CROSS JOIN contacts c ON c.address = r.address
"""
_INHERITED: Final = f"""
    INSERT INTO tags (kind, target, tag, value, at)
    SELECT 'message', r.id, t.tag, t.value, r.at FROM {_rows("id", "thread_id", "at")} r
    CROSS JOIN tags t ON t.kind = 'thread' AND t.target = r.thread_id
"""
_EVENTS: Final = f"""
    INSERT INTO events (at, kind, mailbox_id, message_id, thread_id)
    SELECT at, 'message.received', mailbox_id, id, thread_id FROM {_rows("at", "mailbox_id", "id", "thread_id")}
"""
_REMEMBER: Final = f"""
    INSERT INTO arrivals (mailbox_id, header_id, content_hash, message_id)
    SELECT * FROM {_rows("mailbox_id", "header_id", "content_hash", "message_id")} WHERE true
    ON CONFLICT DO NOTHING RETURNING message_id
"""


class Arrivals:
    """See `ports.intake.Arrivals`."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def file(self, batch: Sequence[Filed]) -> None:
        if not batch:
            return
        self._threads(batch)
        self._messages(batch)
        self._names(batch)
        self._people(batch)
        inherited = [
            (one.message.id, one.message.thread_id, one.message.created_at) for one in batch if one.inherits
        ]
        self._each(_INHERITED, inherited)
        answered = dialect.json_list(one.answered for one in batch if one.answered)
        if answered != "[]":
            self._tx.run(
                "UPDATE messages SET has_replies = 1"
                f" WHERE has_replies = 0 AND id IN {dialect.in_list('ids')}",
                ids=answered,
            )
        mails = [one.message for one in batch]
        self._each(_EVENTS, [(one.created_at, one.mailbox_id, one.id, one.thread_id) for one in mails])

    def _threads(self, batch: Sequence[Filed]) -> None:
        new = [one.thread for one in batch if one.thread]
        self._each(
            _THREADS,
            [(t.id, t.mailbox_id, t.subject, t.base_subject, t.created_at, t.last_at) for t in new],
        )
        joined = [(one.message.thread_id, one.message.created_at) for one in batch if one.thread is None]
        self._each(_TOUCH, joined)
        people = [(one.message.thread_id, address) for one in batch for address in one.joining]
        self._each(_PARTICIPANTS, people)

    def _messages(self, batch: Sequence[Filed]) -> None:
        self._tx.rows(_MESSAGE, [_message(one.message) for one in batch])
        self._tx.rows(_REVISION, [_revision(one) for one in batch])
        recipients = [
            (one.message.id, position, person.kind, person.address, person.name)
            for one in batch
            for position, person in enumerate(one.message.recipients)
        ]
        self._each(_RECIPIENTS, recipients)
        files = [(one.message.id, file) for one in batch for file in one.message.attachments]
        if files:
            self._tx.rows(
                _ATTACHMENT,
                [
                    (owner, f.position, f.filename, f.content_type, f.size, f.sha256, int(f.inline))
                    for owner, f in files
                ],
            )
        self._index(batch)

    def _index(self, batch: Sequence[Filed]) -> None:
        """Subject and text are read from the rows just written, unless their words have to be told apart first."""
        plain, told_apart = [], []
        for one in batch:
            found = (one.message.subject, _people(one.message), one.revision.body)
            words = tuple(map(apart, found))
            if words == found:
                plain.append((one.message.id, found[1]))
            else:
                told_apart.append((one.message.id, *words))
        if plain:
            self._tx.at_commit(_SEARCH, rows=_json(plain))
        if told_apart:
            self._tx.at_commit(_SEARCH_APART, rows=_json(told_apart))

    def _names(self, batch: Sequence[Filed]) -> None:
        rows: list[tuple[str | None, ...]] = []
        for one in batch:
            m = one.message
            rows.append((m.mailbox_id, m.header_id, m.thread_id, m.id))
            rows += [(m.mailbox_id, ancestor, m.thread_id, None) for ancestor in one.ancestors]
        self._each(_KNOWN, rows)

    def _people(self, batch: Sequence[Filed]) -> None:
        noted = [one for one in batch if one.contact_id]
        contacts = [
            (
                one.contact_id, one.author, domain_of(one.author), one.message.sender_name,
                int(one.message.held_from_agents), one.message.created_at, one.message.thread_id,
            )
            for one in noted
        ]  # fmt: skip
        self._each(_CONTACTS, contacts)
        self._each(_INTERACTIONS, [(one.message.id, one.author) for one in noted])

    def _each(self, sql: str, rows: Sequence[Iterable[Any]]) -> None:
        if rows:
            self._tx.run(sql, rows=_json(rows))

    def seen(self, mailbox_id: str, header_id: str, content_hash: str) -> str | None:
        """The message an earlier delivery of the same mail became."""
        found: str | None = self._tx.value(
            "SELECT message_id FROM arrivals"
            " WHERE mailbox_id = :mailbox AND header_id = :header AND content_hash = :hash",
            mailbox=mailbox_id, header=header_id, hash=content_hash,
        )  # fmt: skip
        return found

    def remember(self, mails: Sequence[Identity]) -> set[str]:
        return {row[0] for row in self._tx.all(_REMEMBER, rows=_json(mails))} if mails else set()

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
        return [SetAside(row[0], row[1], row[2], json.loads(row[3]), zlib.decompress(row[4])) for row in rows]


def _message(m: NewMessage) -> tuple[Any, ...]:
    return (
        m.id, m.mailbox_id, m.thread_id, m.status, int(m.held_from_agents), m.message_class, m.mode, m.sender,
        m.sender_name, m.reply_to, m.subject, m.preview, m.header_id, m.in_reply_to, m.header_refs,
        int(bool(m.attachments)), int(m.new_sender), m.size, _json(m.problems) if m.problems else "[]",
        _object(m.hidden_text), _verdicts(tuple(m.authentication.items())), _object(m.verdict), m.digest,
        m.created_at, m.created_at,
    )  # fmt: skip


def _revision(one: Filed) -> tuple[Any, ...]:
    r = one.revision
    return (
        r.message_id, r.number, r.digest, r.author, r.subject, r.body, _object(r.envelope), r.created_at, one.packed,
    )  # fmt: skip


def _people(m: NewMessage) -> str:
    """The people of a mail as the search knows them, in the order `messages.insert` has."""
    return " ".join([m.sender, m.sender_name, *(f"{r.address} {r.name}" for r in m.recipients)])


def _object(value: dict[str, Any]) -> str:
    return _SORTED.encode(value) if value else "{}"


@lru_cache(maxsize=64)
def _verdicts(pairs: tuple[tuple[str, str], ...]) -> str:
    """The results of authentication, which are the same for very many mails."""
    return _object(dict(pairs))


def _json(rows: Any) -> str:
    return _PLAIN.encode(rows)


# As `dialect.json_dump` writes, with the encoders made once.
_PLAIN: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False)
_SORTED: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False)
