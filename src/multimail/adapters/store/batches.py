"""Templates of operators, and batches: mails that were written at once from one text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Final

from multimail.adapters.store import dialect
from multimail.adapters.store.rows import MESSAGE_COLUMNS, stored_message
from multimail.adapters.store.tx import Tx
from multimail.core.times import Micros
from multimail.ports.approvals import BatchMail, StoredBatch, StoredTemplate
from multimail.ports.records import StoredMessage

_TEMPLATE: Final = "SELECT id, name, subject, body, created_by, created_at, deleted_at FROM templates"


class Templates:
    """See `ports.approvals.Templates`."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def get(self, template_id: str) -> StoredTemplate | None:
        """By id, deleted ones included."""
        row = self._tx.one(f"{_TEMPLATE} WHERE id = :id", id=template_id)
        return StoredTemplate(*tuple(row)) if row else None

    def named(self, name: str) -> StoredTemplate | None:
        """By name, one that is not deleted."""
        row = self._tx.one(f"{_TEMPLATE} WHERE name = :name AND deleted_at IS NULL", name=name)
        return StoredTemplate(*tuple(row)) if row else None

    def all(self) -> list[StoredTemplate]:
        """Those that are not deleted, oldest first."""
        rows = self._tx.all(f"{_TEMPLATE} WHERE deleted_at IS NULL ORDER BY created_at, id")
        return [StoredTemplate(*tuple(row)) for row in rows]

    def insert(self, row: StoredTemplate) -> None:
        """Write a new template."""
        self._tx.run(
            "INSERT INTO templates (id, name, subject, body, created_by, created_at, deleted_at)"
            " VALUES (:id, :name, :subject, :body, :created_by, :created_at, :deleted_at)",
            **asdict(row),
        )

    def delete(self, template_id: str, at: Micros) -> None:
        """Nothing is written from it any more; the row stays for the record."""
        self._tx.run(
            "UPDATE templates SET deleted_at = :at WHERE id = :id AND deleted_at IS NULL",
            at=at,
            id=template_id,
        )


class Batches:
    """See `ports.approvals.Batches`."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def get(self, batch_id: str) -> StoredBatch | None:
        """By id."""
        row = self._tx.one(
            "SELECT id, principal_id, mailbox_id, subject, body, template_id, created_at FROM batches"
            " WHERE id = :id",
            id=batch_id,
        )
        return StoredBatch(*tuple(row)) if row else None

    def insert(self, batch: StoredBatch, mails: Sequence[BatchMail]) -> None:
        """Write a batch whose messages are there."""
        self._tx.run(
            "INSERT INTO batches (id, principal_id, mailbox_id, subject, body, template_id, created_at)"
            " VALUES (:id, :principal_id, :mailbox_id, :subject, :body, :template_id, :created_at)",
            **asdict(batch),
        )
        self._tx.many(
            "INSERT INTO batch_mails (batch_id, message_id, address, slots)"
            " VALUES (:batch, :message, :address, :slots)",
            [
                {
                    "batch": batch.id, "message": one.message_id, "address": one.address,
                    "slots": dialect.json_dump(dict(one.values)),
                }
                for one in mails
            ],
        )  # fmt: skip

    def mails(self, batch_id: str) -> dict[str, BatchMail]:
        """What was filled in, by message id."""
        rows = self._tx.all(
            "SELECT message_id, address, slots FROM batch_mails WHERE batch_id = :id", id=batch_id
        )
        found = (BatchMail(row[0], row[1], dialect.json_load(row[2])) for row in rows)
        return {one.message_id: one for one in found}

    def messages(self, batch_id: str) -> list[StoredMessage]:
        """Its messages, in the order in which they were written."""
        rows = self._tx.all(
            f"SELECT {MESSAGE_COLUMNS} FROM messages WHERE batch_id = :id ORDER BY seq", id=batch_id
        )
        return [stored_message(row) for row in rows]
