"""Questions about messages that admission, oversight and timers ask. Nothing here writes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from multimail.adapters.store import dialect
from multimail.adapters.store.rows import MESSAGE_COLUMNS, stored_message
from multimail.adapters.store.tx import Tx
from multimail.core.lifecycle import HELD
from multimail.core.times import Micros
from multimail.ports.records import StoredMessage

SELECT: Final = f"SELECT {MESSAGE_COLUMNS} FROM messages"
_NOT_ANSWERED: Final = (
    "('pending_inbound_approval', 'spam', 'deleted', 'rejected', 'cancelled', 'expired', 'superseded', 'suppressed',"
    " 'failed')"
)
"""What a reply to a thread does not answer by default: what nobody reads, and what never left."""
_HELD_SQL: Final = "(" + ", ".join(f"'{state}'" for state in sorted(HELD)) + ")"


class MessageQuestions:
    """The reading half of `ports.messages.Messages`."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def get(self, message_id: str) -> StoredMessage | None:
        """The row by id."""
        row = self._tx.one(f"{SELECT} WHERE id = :id", id=message_id)
        return stored_message(row) if row else None

    def newest_of_thread(self, thread_id: str, direction: str | None = None) -> StoredMessage | None:
        """The newest message of a thread that a reply may answer by default: one that agents may see, and never
        one by somebody who did not take part before."""
        row = self._tx.one(
            f"{SELECT} WHERE thread_id = :thread AND class <> 'system' AND held_from_agents = 0 AND new_sender = 0"
            f" AND status NOT IN {_NOT_ANSWERED}"
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
        """The same mail by the same principal that still waits, or was accepted since. What nobody got is none."""
        found = self._list(
            f"principal_id = :principal AND content_hash = :hash AND content_hash <> ''"
            f" AND (status IN {_HELD_SQL} OR created_at >= :since)"
            " AND status NOT IN ('rejected', 'cancelled', 'expired', 'superseded', 'failed', 'suppressed')"
            # In the order of the index by hash: the one by time would walk all mails of the principal.
            " ORDER BY seq DESC LIMIT 1",
            principal=principal_id, hash=content_hash, since=since,
        )  # fmt: skip
        return found[0] if found else None

    def open_drafts(self, principal_id: str, batch_id: str | None = None) -> int:
        """How many held mails of a principal wait: a batch is one, and `batch_id` none. Reads two indexes only."""
        row = self._tx.one(
            "SELECT (SELECT count(*) FROM messages INDEXED BY messages_held_by_author"
            f" WHERE principal_id = :principal AND status IN {_HELD_SQL}) AS mails,"
            " count(*) AS batched, count(DISTINCT nullif(batch_id, :batch)) AS batches"
            " FROM messages INDEXED BY messages_held_in_batches"
            f" WHERE principal_id = :principal AND batch_id IS NOT NULL AND status IN {_HELD_SQL}",
            principal=principal_id, batch=batch_id or "",
        )  # fmt: skip
        return row["mails"] - row["batched"] + row["batches"] if row else 0

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

    def waiting(self, mailbox_ids: Sequence[str] | None, statuses: Sequence[str], most: int) -> int:
        """How many are in these states; counting ends at `most`. The index alone answers."""
        where = f"status IN {dialect.in_list('statuses')}"
        where += f" AND mailbox_id IN {dialect.in_list('mailboxes')}" if mailbox_ids is not None else ""
        return int(
            self._tx.value(
                f"SELECT count(*) FROM (SELECT 1 FROM messages WHERE {where} LIMIT :most)",
                statuses=dialect.json_list(statuses), mailboxes=dialect.json_list(mailbox_ids or ()), most=most,
            )
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
        return [stored_message(row) for row in self._tx.all(f"{SELECT} WHERE {where}", **params)]
