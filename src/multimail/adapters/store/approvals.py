"""Approval rules of operators, and whom a mailbox has written to."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from multimail.adapters.store import dialect
from multimail.adapters.store.tx import Tx
from multimail.core.model import MessageClass
from multimail.core.policy.facts import ApprovalRule
from multimail.core.times import Micros
from multimail.ports.approvals import StoredApprovalRule

_SELECT: Final = "SELECT * FROM approval_rules"
_COLUMNS: Final = frozenset({"id", "name", "mailbox_id"})
"""Fields of a rule with a column of their own; the others are its conditions."""


class ApprovalRules:
    """See `ports.approvals.ApprovalRules`."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def get(self, rule_id: str) -> StoredApprovalRule | None:
        """By id, deleted ones included."""
        row = self._tx.one(f"{_SELECT} WHERE id = :id", id=rule_id)
        return _stored(row) if row else None

    def all(self) -> list[StoredApprovalRule]:
        """Those that hold, oldest first."""
        rows = self._tx.all(f"{_SELECT} WHERE deleted_at IS NULL ORDER BY created_at, id")
        return [_stored(row) for row in rows]

    def of_mailbox(self, mailbox_id: str) -> tuple[ApprovalRule, ...]:
        """Those that hold for a mailbox, oldest first."""
        rows = self._tx.all(
            f"{_SELECT} WHERE deleted_at IS NULL AND (mailbox_id IS NULL OR mailbox_id = :mailbox)"
            " ORDER BY created_at, id",
            mailbox=mailbox_id,
        )
        return tuple(_stored(row).rule for row in rows)

    def insert(self, row: StoredApprovalRule) -> None:
        """Write a new rule."""
        fields = asdict(row.rule)
        given = {name: value for name, value in fields.items() if name not in _COLUMNS}
        conditions = {
            name: value for name, value in given.items() if value is not None and value is not False
        }
        self._tx.run(
            "INSERT INTO approval_rules (id, name, mailbox_id, conditions, created_by, created_at)"
            " VALUES (:id, :name, :mailbox, :conditions, :by, :at)",
            id=row.rule.id, name=row.rule.name, mailbox=row.rule.mailbox_id,
            conditions=dialect.json_dump(conditions), by=row.created_by, at=row.created_at,
        )  # fmt: skip

    def delete(self, rule_id: str, at: Micros) -> None:
        """From now on it lets nothing go; the row stays for the record."""
        self._tx.run(
            "UPDATE approval_rules SET deleted_at = :at WHERE id = :id AND deleted_at IS NULL",
            at=at,
            id=rule_id,
        )

    def hit(self, rule_id: str, at: Micros) -> None:
        """Count a mail that it let go."""
        self._tx.run(
            "UPDATE approval_rules SET hits = hits + 1, last_hit_at = :at WHERE id = :id", at=at, id=rule_id
        )

    def corresponded(self, mailbox_id: str, spellings: Sequence[str]) -> bool:
        """Automatic copies do not count, nor does mail of the server's own."""
        found = self._tx.value(
            "SELECT 1 FROM recipients r JOIN messages m ON m.seq = r.message_seq"
            f" WHERE r.address IN {dialect.in_list('spellings')} AND r.automatic = 0 AND m.mailbox_id = :mailbox"
            " AND m.direction = 'outbound' AND m.class <> 'system'"
            " AND (m.status IN ('sent', 'delivered') OR EXISTS (SELECT 1 FROM principals p"
            " WHERE p.id = m.approved_by AND p.kind = 'person' AND m.approved_digest = m.digest)) LIMIT 1",
            spellings=dialect.json_list(spellings), mailbox=mailbox_id,
        )  # fmt: skip
        return found is not None


def _stored(row: sqlite3.Row) -> StoredApprovalRule:
    given: dict[str, Any] = dialect.json_load(row["conditions"])
    if "recipient_domains" in given:
        given["recipient_domains"] = tuple(given["recipient_domains"])
    if "message_class" in given:
        given["message_class"] = MessageClass(given["message_class"])
    rule = ApprovalRule(row["id"], row["name"], row["mailbox_id"], **given)
    return StoredApprovalRule(
        rule, row["created_by"], row["created_at"], row["deleted_at"], row["hits"], row["last_hit_at"]
    )
