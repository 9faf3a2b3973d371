"""Ports for approval without a person for each mail: rules and templates of operators, and batches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from multimail.core.policy.facts import ApprovalRule
from multimail.core.times import Micros
from multimail.ports.records import StoredMessage


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


@dataclass(frozen=True, slots=True)
class StoredTemplate:
    """A text of an operator with slots."""

    id: str
    name: str
    subject: str
    body: str
    created_by: str
    created_at: Micros
    deleted_at: Micros | None = None


class Templates(Protocol):
    """Templates never change; deleted ones are found by `get` only."""

    def get(self, template_id: str) -> StoredTemplate | None: ...
    def named(self, name: str) -> StoredTemplate | None: ...
    def all(self) -> list[StoredTemplate]: ...
    def insert(self, row: StoredTemplate) -> None: ...
    def delete(self, template_id: str, at: Micros) -> None: ...


@dataclass(frozen=True, slots=True)
class StoredBatch:
    """Mails that were written at once from one text."""

    id: str
    principal_id: str
    mailbox_id: str
    subject: str
    body: str
    template_id: str | None
    created_at: Micros


@dataclass(frozen=True, slots=True)
class BatchMail:
    """What one recipient's slots were filled with."""

    message_id: str
    address: str
    values: Mapping[str, str]


class Batches(Protocol):
    """Batches with their mails, which are in the order in which they were written."""

    def get(self, batch_id: str) -> StoredBatch | None: ...
    def insert(self, batch: StoredBatch, mails: Sequence[BatchMail]) -> None: ...
    def mails(self, batch_id: str) -> dict[str, BatchMail]:
        """By message id."""
        ...

    def messages(self, batch_id: str) -> list[StoredMessage]: ...
