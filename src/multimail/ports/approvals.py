"""Ports for approval without a person: the rules of operators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from multimail.core.policy.facts import ApprovalRule
from multimail.core.times import Micros


@dataclass(frozen=True, slots=True)
class StoredApprovalRule:
    """A rule with its record: who set it, and how often it let a mail go."""

    rule: ApprovalRule
    created_by: str
    created_at: Micros
    deleted_at: Micros | None = None
    hits: int = 0
    last_hit_at: Micros | None = None


class ApprovalRules(Protocol):
    """Rules, oldest first; deleted ones are found by `get` only."""

    def get(self, rule_id: str) -> StoredApprovalRule | None: ...
    def all(self) -> list[StoredApprovalRule]: ...
    def of_mailbox(self, mailbox_id: str) -> tuple[ApprovalRule, ...]: ...
    def insert(self, row: StoredApprovalRule) -> None: ...
    def delete(self, rule_id: str, at: Micros) -> None: ...
    def hit(self, rule_id: str, at: Micros) -> None: ...
    def corresponded(self, mailbox_id: str, spellings: Sequence[str]) -> bool:
        """Whether mail from the mailbox to this address, however spelled, left, or was approved by a person."""
        ...
