"""Approval rules: kept as they were set, found while they hold, and never gone from the record."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from multimail.core.model import MessageClass
from multimail.core.policy.facts import ApprovalRule
from multimail.ports.approvals import StoredApprovalRule
from tests.support.mailroom import NOON, Letter, Mailroom

FULL = ApprovalRule(
    "rule_2", "full", None, ("@example.org",), reply_to_known_sender=True, accept_unauthenticated=True,
    max_recipients=0, message_class=MessageClass.COMMERCIAL, principal_id="key_1",
)  # fmt: skip


@pytest.fixture
def room(tmp_path: Path) -> Mailroom:
    return Mailroom(tmp_path)


def keep(room: Mailroom, rule: ApprovalRule, at: int = NOON) -> StoredApprovalRule:
    row = StoredApprovalRule(rule, "key_op", at)
    room.tx.approval_rules.insert(row)
    return row


@pytest.mark.parametrize(
    "rule", [FULL, ApprovalRule("rule_2", "least"), ApprovalRule("rule_2", "none", None, ())]
)
def test_a_rule_is_read_back_and_no_condition_is_not_an_empty_one(room: Mailroom, rule: ApprovalRule) -> None:
    assert keep(room, rule) == room.tx.approval_rules.get("rule_2")


def test_a_mailbox_has_its_own_rules_and_those_of_all_oldest_first(room: Mailroom) -> None:
    here, there = room.mailbox(), room.mailbox("there@localhost")
    keep(room, FULL, NOON + 1)
    keep(room, ApprovalRule("rule_1", "here", here.id))
    keep(room, ApprovalRule("rule_3", "there", there.id))

    assert [one.id for one in room.tx.approval_rules.of_mailbox(here.id)] == ["rule_1", "rule_2"]
    assert [one.rule.id for one in room.tx.approval_rules.all()] == ["rule_1", "rule_3", "rule_2"]


def test_a_deleted_rule_is_in_the_record_only_and_its_name_is_free(room: Mailroom) -> None:
    keep(room, FULL)
    with pytest.raises(sqlite3.IntegrityError):
        keep(room, ApprovalRule("rule_9", "full"))
    room.tx.approval_rules.delete("rule_2", NOON + 5)
    room.tx.approval_rules.delete("rule_2", NOON + 9)

    found = room.tx.approval_rules.get("rule_2")
    assert found is not None
    assert (found.deleted_at, room.tx.approval_rules.all()) == (NOON + 5, [])
    keep(room, ApprovalRule("rule_9", "full"))


def test_hits_are_counted(room: Mailroom) -> None:
    keep(room, FULL)
    for at in (NOON + 1, NOON + 2):
        room.tx.approval_rules.hit("rule_2", at)

    found = room.tx.approval_rules.get("rule_2")
    assert found is not None
    assert (found.hits, found.last_hit_at) == (2, NOON + 2)


@pytest.mark.parametrize(
    ("status", "knows"), [("delivered", True), ("sent", True), ("queued", False), ("failed", False)]
)
def test_mail_that_left_is_correspondence(room: Mailroom, status: str, *, knows: bool) -> None:
    box = room.mailbox()
    room.send(box, Letter(to=("Ann@example.org",), status=status))

    assert room.tx.approval_rules.corresponded(box.id, ["ann@example.org", "Ann@example.org"]) is knows
    assert not room.tx.approval_rules.corresponded(box.id, ["bob@example.org"])
    assert not room.tx.approval_rules.corresponded("mbx_other", ["Ann@example.org"])
