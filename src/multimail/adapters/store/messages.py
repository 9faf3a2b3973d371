"""Messages: rows, and their moves along the lifecycle."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from multimail.adapters.store import dialect
from multimail.adapters.store.message_questions import MessageQuestions
from multimail.adapters.store.rows import MESSAGE_COLUMNS, stored_message
from multimail.adapters.store.words import apart
from multimail.core.errors import Problem
from multimail.core.model import AttachmentMeta, Recipient, RecipientKind
from multimail.core.times import Micros
from multimail.ports.records import NewMessage, StoredMessage

_INSERT: Final = """
    INSERT INTO messages (id, mailbox_id, thread_id, direction, status, held_from_agents, class, mode,
        requested_mode, operation, principal_id, answers, sender, sender_name, reply_to, subject, preview,
        header_id, in_reply_to, header_refs, has_attachments, new_sender, size, metadata, problems, hidden_text,
        authentication, verdict, scheduled_at, undo_until, expires_at, content_hash, revision,
        digest, released_digest, delivery, batch_id, topic, created_at, updated_at)
    VALUES (:id, :mailbox_id, :thread_id, :direction, :status, :held_from_agents, :class, :mode,
        :requested_mode, :operation, :principal_id, :answers, :sender, :sender_name, :reply_to, :subject, :preview,
        :header_id, :in_reply_to, :header_refs, :has_attachments, :new_sender, :size, :metadata, :problems,
        :hidden_text, :authentication, :verdict, :scheduled_at, :undo_until, :expires_at, :content_hash,
        :revision, :digest, :released_digest, :delivery, :batch_id, :topic, :created_at, :created_at)
"""
_CHANGEABLE: Final = frozenset(
    {
        "subject", "preview", "mode", "requested_mode", "revision", "digest", "approved_digest", "approved_by",
        "approved_at", "released_digest", "delivery", "scheduled_at", "undo_until", "expires_at", "superseded_by",
        "verdict", "held_from_agents", "size", "has_attachments", "content_hash", "class",
    }
)  # fmt: skip
_JSON: Final = frozenset({"verdict"})


class Messages(MessageQuestions):
    """See `ports.messages.Messages`: rows and their moves, and the questions about them."""

    def insert(self, message: NewMessage) -> int:
        """Write the row, its recipients, attachments and search entry; returns its sequence number."""
        seq = self._tx.insert(_INSERT, **_new_row(message), batch_id=message.batch_id, topic=message.topic)
        self._add_recipients(seq, message.recipients)
        if message.attachments:
            self._add_attachments(message.id, message.attachments)
        people = " ".join(
            [message.sender, message.sender_name, *(f"{r.address} {r.name}" for r in message.recipients)]
        )
        self._index(seq, message.subject, people, message.search_body)
        return seq

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
        self._tx.at_commit(
            "INSERT INTO search (search, rowid, subject, people, body) VALUES ('delete', :seq, :a, :b, :c)",
            seq=seq, a=apart(old[0]), b=apart(old[1]), c=apart(old[2]),
        )  # fmt: skip
        self._index(seq, *new)

    def _index(self, seq: int, subject: str, people: str, body: str) -> None:
        self._tx.at_commit(
            "INSERT INTO search (rowid, subject, people, body) VALUES (:seq, :subject, :people, :body)",
            seq=seq, subject=apart(subject), people=apart(people), body=apart(body),
        )  # fmt: skip

    def mark_answered(self, message_ids: Sequence[str]) -> None:
        """Note that these messages have a reply."""
        self._tx.run(
            f"UPDATE messages SET has_replies = 1 WHERE has_replies = 0 AND id IN {dialect.in_list('ids')}",
            ids=dialect.json_list(message_ids),
        )


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
