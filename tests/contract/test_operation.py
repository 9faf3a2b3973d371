"""What follows from an operation's effect: the annotations that hosts show to people."""

from __future__ import annotations

import pytest

from multimail.contract.operation import Effect
from multimail.contract.registry import OPERATIONS
from multimail.core.model import Scope


@pytest.mark.parametrize(
    ("effect", "read_only", "destructive"),
    [
        (Effect.READ, True, False), (Effect.WRITE, False, False), (Effect.REMOVE, False, True),
        (Effect.SEND, False, True),
    ],
)  # fmt: skip
def test_only_reading_is_read_only_and_what_is_lost_or_leaves_is_destructive(
    effect: Effect, read_only: bool, destructive: bool
) -> None:
    rows = [row for row in OPERATIONS if row.effect is effect]

    assert rows
    assert {(row.read_only, row.destructive) for row in rows} == {(read_only, destructive)}


def test_what_makes_mail_leave_reaches_the_world_and_nothing_else_does() -> None:
    assert {row.name for row in OPERATIONS if row.open_world} == {
        row.name for row in OPERATIONS if row.effect is Effect.SEND
    }


def test_what_reads_needs_no_more_than_to_read_but_for_the_lists_of_operators() -> None:
    assert {row.name for row in OPERATIONS if row.read_only and row.scope is not Scope.READ} == {
        "list_keys", "list_approval_rules", "list_webhooks", "list_webhook_deliveries", "list_frozen",
        "get_oversight_figures", "simulate_oversight", "search_audit", "list_reviews", "review_email",
        "get_register", "export_person", "list_suppressions", "unsubscribe_figures", "list_erasures",
    }  # fmt: skip


def test_reading_can_be_repeated() -> None:
    assert [row.name for row in OPERATIONS if row.read_only and not row.idempotent] == []
