"""Messages: rows, moves along the lifecycle, and the questions admission and oversight ask about them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from multimail.adapters.store import dialect
from multimail.adapters.store.rows import MESSAGE_COLUMNS, stored_message
from multimail.adapters.store.tx import Tx
from multimail.core.errors import Problem
from multimail.core.lifecycle import HELD
from multimail.core.model import AttachmentMeta, Recipient, RecipientKind
from multimail.core.times import Micros
from multimail.ports.records import NewMessage, StoredMessage

_INSERT: Final = """
    INSERT INTO messages (id, mailbox_id, thread_id, direction, status, held_from_agents, class, mode,
        requested_mode, operation, principal_id, answers, sender, sender_name, reply_to, subject, preview,
        header_id, in_reply_to, header_refs, has_attachments, new_sender, size, metadata, problems, hidden_text,
        authentication, verdict, scheduled_at, undo_until, expires_at, content_hash, revision,
        digest, released_digest, delivery, created_at, updated_at)
    VALUES (:id, :mailbox_id, :thread_id, :direction, :status, :held_from_agents, :class, :mode,
        :requested_mode, :operation, :principal_id, :answers, :sender, :sender_name, :reply_to, :subject, :preview,
        :header_id, :in_reply_to, :header_refs, :has_attachments, :new_sender, :size, :metadata, :problems,
        :hidden_text, :authentication, :verdict, :scheduled_at, :undo_until, :expires_at, :content_hash,
        :revision, :digest, :released_digest, :delivery, :created_at, :created_at)
"""
_SELECT: Final = f"SELECT {MESSAGE_COLUMNS} FROM messages"
_CHANGEABLE: Final = frozenset(
    {
        "subject", "preview", "mode", "requested_mode", "revision", "digest", "approved_digest", "approved_by",
        "approved_at", "released_digest", "delivery", "scheduled_at", "undo_until", "expires_at", "superseded_by",
        "verdict", "held_from_agents", "size", "has_attachments", "content_hash", "class",
    }
)  # fmt: skip
_JSON: Final = frozenset({"verdict"})


class Messages:
    """See `ports.messages.Messages`."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def insert(self, message: NewMessage) -> int:
        """Write the row, its recipients, attachments and search entry; returns its sequence number."""
        seq = self._tx.insert(_INSERT, **_new_row(message))
        self._add_recipients(seq, message.recipients)
        if message.attachments:
            self._add_attachments(message.id, message.attachments)
        people = " ".join(
            [message.sender, message.sender_name, *(f"{r.address} {r.name}" for r in message.recipients)]
        )
        self._index(seq, message.subject, people, message.search_body)
        return seq

    def get(self, message_id: str) -> StoredMessage | None:
        """The row by id."""
        row = self._tx.one(f"{_SELECT} WHERE id = :id", id=message_id)
        return stored_message(row) if row else None

    def move(self, message: StoredMessage, status: str, now: Micros, **changes: Any) -> StoredMessage:
        """Change the state and more, only if the row is still as `message` says; else `conflict`."""
        return self._update(message, now, {"status": status, **changes})

    def change(self, message: StoredMessage, now: Micros, **changes: Any) -> StoredMessage:
        """Change columns without a move, under the same condition."""
        return self._update(message, now, changes)

    def _update(self, message: StoredMessage, now: Micros, changes: dict[str, Any]) -> StoredMessage:
        unknown = changes.keys() - _CHANGEABLE - {"status"}
        if unknown:
            raise ValueError(f"not changeable: {sorted(unknown)}")
        values = {
            name: dialect.json_dump(value) if name in _JSON else value for name, value in changes.items()
        }
        assignments = "".join(f", {name} = :{name}" for name in values)
        row = self._tx.one(
            f"UPDATE messages SET updated_at = :now{assignments}"
            " WHERE id = :id AND status = :old_status AND revision = :old_revision"
            f" RETURNING {MESSAGE_COLUMNS}",
            now=now, id=message.id, old_status=message.status, old_revision=message.revision, **values,
        )  # fmt: skip
        if row is None:
            raise Problem(
                "conflict", f"{message.id} changed meanwhile.", advice="Read it again, then decide."
            )
        return stored_message(row)

    def recipients(self, seq: int) -> list[Recipient]:
        """Recipients in header order, hidden and automatic ones included."""
        rows = self._tx.all(
            "SELECT kind, address, name, automatic FROM recipients WHERE message_seq = :seq ORDER BY position",
            seq=seq,
        )
        return [
            Recipient(row["address"], RecipientKind(row["kind"]), row["name"], bool(row["automatic"]))
            for row in rows
        ]

    def replace_recipients(self, seq: int, recipients: Sequence[Recipient]) -> None:
        """Write the recipients of an edited message."""
        self._tx.run("DELETE FROM recipients WHERE message_seq = :seq", seq=seq)
        self._add_recipients(seq, recipients)

    def _add_recipients(self, seq: int, recipients: Sequence[Recipient]) -> None:
        self._tx.many(
            "INSERT INTO recipients (message_seq, position, kind, address, name, automatic)"
            " VALUES (:seq, :position, :kind, :address, :name, :automatic)",
            [
                {
                    "seq": seq, "position": position, "kind": one.kind.value, "address": one.address,
                    "name": one.name, "automatic": int(one.automatic),
                }
                for position, one in enumerate(recipients)
            ],
        )  # fmt: skip

    def attachments(self, message_id: str) -> list[AttachmentMeta]:
        """Attachments by position."""
        rows = self._tx.all(
            "SELECT position, filename, content_type, size, sha256, inline FROM attachments"
            " WHERE message_id = :id ORDER BY position",
            id=message_id,
        )
        return [AttachmentMeta(row[0], row[1], row[2], row[3], row[4], bool(row[5])) for row in rows]

    def replace_attachments(self, message_id: str, attachments: Sequence[AttachmentMeta]) -> None:
        """Write the attachments of an edited message."""
        self._tx.run("DELETE FROM attachments WHERE message_id = :id", id=message_id)
        self._add_attachments(message_id, attachments)

    def _add_attachments(self, message_id: str, attachments: Sequence[AttachmentMeta]) -> None:
        self._tx.many(
            "INSERT INTO attachments (message_id, position, filename, content_type, size, sha256, inline)"
            " VALUES (:id, :position, :filename, :content_type, :size, :sha256, :inline)",
            [
                {
                    "id": message_id, "position": one.position, "filename": one.filename,
                    "content_type": one.content_type, "size": one.size, "sha256": one.sha256,
                    "inline": int(one.inline),
                }
                for one in attachments
            ],
        )  # fmt: skip

    def reindex(self, seq: int, new: tuple[str, str, str], old: tuple[str, str, str]) -> None:
        """Replace the search entry (subject, people, body); a contentless index needs the old text to forget it."""
        self._tx.run(
            "INSERT INTO search (search, rowid, subject, people, body) VALUES ('delete', :seq, :a, :b, :c)",
            seq=seq, a=old[0], b=old[1], c=old[2],
        )  # fmt: skip
        self._index(seq, *new)

    def _index(self, seq: int, subject: str, people: str, body: str) -> None:
        self._tx.run(
            "INSERT INTO search (rowid, subject, people, body) VALUES (:seq, :subject, :people, :body)",
            seq=seq, subject=subject, people=people, body=body,
        )  # fmt: skip

    def mark_answered(self, message_ids: Sequence[str]) -> None:
        """Note that these messages have a reply."""
        self._tx.run(
            f"UPDATE messages SET has_replies = 1 WHERE has_replies = 0 AND id IN {dialect.in_list('ids')}",
            ids=dialect.json_list(message_ids),
        )

    def newest_of_thread(self, thread_id: str, direction: str | None = None) -> StoredMessage | None:
        """The newest message of a thread that a reply may answer by default: one that agents may see, and never
        one by somebody who did not take part before."""
        row = self._tx.one(
            f"{_SELECT} WHERE thread_id = :thread AND class <> 'system' AND held_from_agents = 0 AND new_sender = 0"
            " AND status NOT IN ('pending_inbound_approval', 'spam', 'deleted')"
            " AND (:direction = '' OR direction = :direction) ORDER BY seq DESC LIMIT 1",
            thread=thread_id, direction=direction or "",
        )  # fmt: skip
        return stored_message(row) if row else None

    def waiting_answers(self, inbound_id: str) -> list[StoredMessage]:
        """Held replies to an inbound mail, oldest first."""
        return self._list(f"answers = :id AND status IN {_HELD_SQL} ORDER BY seq", id=inbound_id)

    def last_answer(self, inbound_id: str) -> StoredMessage | None:
        """The newest answer to an inbound mail, in whatever state."""
        found = self._list("answers = :id ORDER BY seq DESC LIMIT 1", id=inbound_id)
        return found[0] if found else None

    def recent_twin(self, principal_id: str, content_hash: str, since: Micros) -> StoredMessage | None:
        """The same mail by the same principal that still waits, or was accepted since."""
        found = self._list(
            f"principal_id = :principal AND content_hash = :hash AND content_hash <> '' AND (status IN {_HELD_SQL} OR created_at >= :since)"
            " AND status NOT IN ('rejected', 'cancelled', 'expired', 'superseded', 'failed')"
            " ORDER BY created_at DESC LIMIT 1",
            principal=principal_id, hash=content_hash, since=since,
        )  # fmt: skip
        return found[0] if found else None

    def open_drafts(self, principal_id: str) -> int:
        """How many held mails of a principal wait."""
        return int(
            self._tx.value(
                f"SELECT count(*) FROM messages INDEXED BY messages_held_by_author"
                f" WHERE principal_id = :principal AND status IN {_HELD_SQL}",
                principal=principal_id,
            )
        )

    def sent_since(
        self, since: Micros, mailbox_id: str | None = None, principal_id: str | None = None
    ) -> int:
        """Outbound mails accepted since, of a mailbox, of a principal, or of all (system mail not counted)."""
        where = "direction = 'outbound' AND class <> 'system' AND created_at >= :since"
        where += " AND status NOT IN ('cancelled', 'rejected', 'expired', 'superseded', 'suppressed')"
        where += " AND mailbox_id = :mailbox" if mailbox_id else ""
        where += " AND principal_id = :principal" if principal_id else ""
        return int(
            self._tx.value(
                f"SELECT count(*) FROM messages WHERE {where}",
                since=since, mailbox=mailbox_id, principal=principal_id,
            )
        )  # fmt: skip

    def of_mailbox(self, mailbox_id: str | None, statuses: Sequence[str]) -> list[StoredMessage]:
        """All messages of a mailbox (or of all) in these states, oldest first."""
        where = f"status IN {dialect.in_list('statuses')}" + (
            " AND mailbox_id = :mailbox" if mailbox_id else ""
        )
        return self._list(f"{where} ORDER BY seq", statuses=dialect.json_list(statuses), mailbox=mailbox_id)

    def pending(
        self, mailbox_ids: Sequence[str] | None, statuses: Sequence[str], after: int, limit: int
    ) -> list[StoredMessage]:
        """A page of what waits, oldest first, after a sequence number."""
        where = f"status IN {dialect.in_list('statuses')} AND seq > :after"
        where += f" AND mailbox_id IN {dialect.in_list('mailboxes')}" if mailbox_ids is not None else ""
        return self._list(
            f"{where} ORDER BY seq LIMIT :limit",
            statuses=dialect.json_list(statuses), after=after, limit=limit,
            mailboxes=dialect.json_list(mailbox_ids or ()),
        )  # fmt: skip

    def expired(self, now: Micros, limit: int) -> list[StoredMessage]:
        """Held mail whose time to decide is over."""
        return self._list(
            f"expires_at <= :now AND status IN {_HELD_SQL} ORDER BY expires_at LIMIT :limit",
            now=now,
            limit=limit,
        )

    def due_schedules(self, now: Micros, limit: int) -> list[StoredMessage]:
        """Scheduled mail whose time has come."""
        return self._list(
            "status = 'scheduled' AND scheduled_at <= :now ORDER BY scheduled_at LIMIT :limit",
            now=now,
            limit=limit,
        )

    def next_timer(self) -> Micros | None:
        """When the next schedule or expiry is due."""
        found = self._tx.one(
            "SELECT (SELECT min(scheduled_at) FROM messages WHERE status = 'scheduled') AS due,"
            f" (SELECT min(expires_at) FROM messages WHERE expires_at IS NOT NULL AND status IN {_HELD_SQL}) AS ends"
        )
        times = [at for at in (found["due"], found["ends"]) if at is not None] if found else []
        return min(times) if times else None

    def _list(self, where: str, **params: Any) -> list[StoredMessage]:
        return [stored_message(row) for row in self._tx.all(f"{_SELECT} WHERE {where}", **params)]


_HELD_SQL: Final = "(" + ", ".join(f"'{state}'" for state in sorted(HELD)) + ")"


def _new_row(message: NewMessage) -> dict[str, Any]:
    return {
        "id": message.id,
        "mailbox_id": message.mailbox_id,
        "thread_id": message.thread_id,
        "direction": message.direction,
        "status": message.status,
        "held_from_agents": int(message.held_from_agents),
        "class": message.message_class,
        "mode": message.mode,
        "requested_mode": message.requested_mode,
        "operation": message.operation,
        "principal_id": message.principal_id,
        "answers": message.answers,
        "sender": message.sender,
        "sender_name": message.sender_name,
        "reply_to": message.reply_to,
        "subject": message.subject,
        "preview": message.preview,
        "header_id": message.header_id,
        "in_reply_to": message.in_reply_to,
        "header_refs": message.header_refs,
        "has_attachments": int(bool(message.attachments)),
        "new_sender": int(message.new_sender),
        "size": message.size,
        "metadata": _json(message.metadata),
        "problems": _json(list(message.problems)) if message.problems else "[]",
        "hidden_text": _json(message.hidden_text),
        "authentication": _json(message.authentication),
        "verdict": _json(message.verdict),
        "scheduled_at": message.scheduled_at,
        "undo_until": message.undo_until,
        "expires_at": message.expires_at,
        "content_hash": message.content_hash,
        "revision": message.revision,
        "digest": message.digest,
        "released_digest": message.released_digest,
        "delivery": message.delivery,
        "created_at": message.created_at,
    }


def _json(value: Any) -> str:
    return dialect.json_dump(value) if value else "{}"
