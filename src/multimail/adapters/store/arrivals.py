"""Arriving mail: filing a batch of it, knowing a repeat, keeping aside what cannot be filed.

Filing is what a mail server is measured by, so a batch takes about as many statements as one mail would: each
statement takes the rows of many mails, and rows that need each other's keys are joined by the database.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

from multimail.adapters.store import dialect
from multimail.adapters.store.interactions import answers
from multimail.adapters.store.tx import Tx
from multimail.adapters.store.words import apart
from multimail.core.addresses import domain_of
from multimail.ports.intake import Filed, Identity, SetAside
from multimail.ports.records import NewMessage

# `:rows` is as `Tx.spread` has it.
_MESSAGE: Final = """
    INSERT INTO messages (seq, id, mailbox_id, thread_id, direction, status, held_from_agents, class, mode, sender,
        sender_name, reply_to, subject, preview, header_id, in_reply_to, header_refs, has_attachments, new_sender, size,
        problems, hidden_text, authentication, verdict, digest, created_at, updated_at)
    VALUES :rows
"""
_REVISION: Final = """
    INSERT INTO revisions (message_id, number, digest, author, subject, body, envelope, created_at, raw) VALUES :rows
"""
_ATTACHMENT: Final = """
    INSERT INTO attachments (message_id, position, filename, content_type, size, sha256, inline) VALUES :rows
"""
_THREADS: Final = """
    INSERT INTO threads (id, mailbox_id, subject, base_subject, created_at, last_at) VALUES :rows
"""
_TOUCH: Final = """
    WITH r (id, at) AS (VALUES :rows)
    UPDATE threads SET last_at = max(last_at, n.at)
    FROM (SELECT id, max(at) AS at FROM r GROUP BY id) n WHERE threads.id = n.id
"""
_PARTICIPANTS: Final = """
    INSERT INTO thread_participants (thread_id, address) VALUES :rows ON CONFLICT DO NOTHING
"""
_RECIPIENTS: Final = """
    INSERT INTO recipients (message_seq, position, kind, address, name, automatic) VALUES :rows
"""
_SEARCH: Final = "INSERT INTO search (rowid, subject, people, body) VALUES :rows"
_KNOWN: Final = """
    INSERT INTO message_ids (mailbox_id, header_id, thread_id, message_id) VALUES :rows
    ON CONFLICT (mailbox_id, header_id) DO UPDATE SET message_id = excluded.message_id
    WHERE message_ids.message_id IS NULL AND excluded.message_id IS NOT NULL
"""
_CONTACTS: Final = f"""
    WITH r (id, address, domain, name, hidden, at, thread_id) AS (VALUES :rows)
    INSERT INTO contacts (id, address, domain, name, hidden, created_at, updated_at, last_inbound, interaction_count,
        latest_thread_id, replied)
    SELECT id, address, domain, name, hidden, at, at, iif(hidden, NULL, at), 1 - hidden, iif(hidden, NULL, thread_id),
        NOT hidden AND {answers("r.thread_id", contacted="NULL")}
    FROM r WHERE true
    ON CONFLICT (address) DO UPDATE SET
        name = iif(name = '', excluded.name, name),
        hidden = min(hidden, excluded.hidden),
        updated_at = iif((name = '' AND excluded.name <> '') OR hidden > excluded.hidden,
            excluded.updated_at, updated_at),
        interaction_count = interaction_count + 1 - excluded.hidden,
        last_inbound = iif(excluded.hidden, last_inbound, max(coalesce(last_inbound, 0), excluded.last_inbound)),
        latest_thread_id = iif(excluded.hidden, latest_thread_id, excluded.latest_thread_id),
        replied = CASE WHEN replied = 1 OR excluded.hidden = 1 THEN replied
            ELSE {answers("excluded.latest_thread_id")} END
"""
_INTERACTIONS: Final = """
    WITH r (address, message_id, thread_id, mailbox_id, hidden, at) AS (VALUES :rows)
    INSERT INTO interactions (contact_id, kind, message_id, thread_id, mailbox_id, hidden, at)
    SELECT c.id, 'received', r.message_id, r.thread_id, r.mailbox_id, r.hidden, r.at
    FROM r CROSS JOIN contacts c ON c.address = r.address
"""
_INHERITED: Final = """
    WITH r (id, thread_id, at) AS (VALUES :rows)
    INSERT INTO tags (kind, target, tag, value, at)
    SELECT 'message', r.id, t.tag, t.value, r.at
    FROM r CROSS JOIN tags t ON t.kind = 'thread' AND t.target = r.thread_id
"""
_EVENTS: Final = "INSERT INTO events (at, kind, mailbox_id, message_id, thread_id) VALUES :rows"
_REMEMBER: Final = """
    INSERT INTO arrivals (mailbox_id, header_id, content_hash, message_id) VALUES :rows
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
        self._tx.spread(_INHERITED, inherited)
        answered = dialect.json_list(one.answered for one in batch if one.answered)
        if answered != "[]":
            self._tx.run(
                "UPDATE messages SET has_replies = 1"
                f" WHERE has_replies = 0 AND id IN {dialect.in_list('ids')}",
                ids=answered,
            )
        mails = [one.message for one in batch]
        received = [
            (one.created_at, "message.received", one.mailbox_id, one.id, one.thread_id) for one in mails
        ]
        self._tx.spread(_EVENTS, received)

    def _threads(self, batch: Sequence[Filed]) -> None:
        new = [one.thread for one in batch if one.thread]
        begun = [(t.id, t.mailbox_id, t.subject, t.base_subject, t.created_at, t.last_at) for t in new]
        self._tx.spread(_THREADS, begun)
        joined = [(one.message.thread_id, one.message.created_at) for one in batch if one.thread is None]
        self._tx.spread(_TOUCH, joined)
        people = [(one.message.thread_id, address) for one in batch for address in one.joining]
        self._tx.spread(_PARTICIPANTS, people)

    def _messages(self, batch: Sequence[Filed]) -> None:
        # As the database would number them, known beforehand: nobody else writes meanwhile.
        first = self._tx.value("SELECT coalesce(max(seq), 0) + 1 FROM messages")
        numbered = list(enumerate(batch, start=first))
        self._tx.spread(_MESSAGE, [(seq, *_message(one.message)) for seq, one in numbered])
        self._tx.spread(_REVISION, [_revision(one) for one in batch])
        recipients = [
            (seq, position, person.kind.value, person.address, person.name, 0)
            for seq, one in numbered
            for position, person in enumerate(one.message.recipients)
        ]
        self._tx.spread(_RECIPIENTS, recipients)
        files = [
            (one.message.id, f.position, f.filename, f.content_type, f.size, f.sha256, int(f.inline))
            for one in batch
            for f in one.message.attachments
        ]
        self._tx.spread(_ATTACHMENT, files)
        words = [
            (seq, apart(one.message.subject), apart(_people(one.message)), apart(one.revision.body))
            for seq, one in numbered
        ]
        self._tx.spread_at_commit(_SEARCH, words)

    def _names(self, batch: Sequence[Filed]) -> None:
        rows: list[tuple[str | None, ...]] = []
        for one in batch:
            m = one.message
            rows.append((m.mailbox_id, m.header_id, m.thread_id, m.id))
            rows += [(m.mailbox_id, ancestor, m.thread_id, None) for ancestor in one.ancestors]
        self._tx.spread(_KNOWN, rows)

    def _people(self, batch: Sequence[Filed]) -> None:
        noted = [(one, one.message) for one in batch if one.contact_id]
        contacts = [
            (
                one.contact_id, one.author, domain_of(one.author), m.sender_name, int(m.held_from_agents),
                m.created_at, m.thread_id,
            )
            for one, m in noted
        ]  # fmt: skip
        self._tx.spread(_CONTACTS, contacts)
        received = [
            (one.author, m.id, m.thread_id, m.mailbox_id, int(m.held_from_agents), m.created_at)
            for one, m in noted
        ]
        self._tx.spread(_INTERACTIONS, received)

    def seen(self, mailbox_id: str, header_id: str, content_hash: str) -> str | None:
        """The message an earlier delivery of the same mail became."""
        found: str | None = self._tx.value(
            "SELECT message_id FROM arrivals"
            " WHERE mailbox_id = :mailbox AND header_id = :header AND content_hash = :hash",
            mailbox=mailbox_id, header=header_id, hash=content_hash,
        )  # fmt: skip
        return found

    def remember(self, mails: Sequence[Identity]) -> set[str]:
        return {row[0] for row in self._tx.spread(_REMEMBER, mails)}

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
        m.id, m.mailbox_id, m.thread_id, "inbound", m.status, int(m.held_from_agents), m.message_class, m.mode,
        m.sender, m.sender_name, m.reply_to, m.subject, m.preview, m.header_id, m.in_reply_to, m.header_refs,
        int(bool(m.attachments)), int(m.new_sender), m.size, _PLAIN.encode(m.problems) if m.problems else "[]",
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


# As `dialect.json_dump` writes, with the encoders made once.
_PLAIN: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False)
_SORTED: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False)
