"""Approval rules: every condition holds or the rule misses; they lift what the mode holds and nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multimail.core.model import Filled, MessageClass, Mode
from multimail.core.policy.approval import CONDITIONS, Answer, ask
from multimail.core.policy.evaluate import evaluate
from multimail.core.policy.facts import (
    ApprovalFacts,
    ApprovalRule,
    CapFacts,
    Facts,
    RecipientFacts,
    ReplyFacts,
)
from multimail.core.policy.modes import EffectiveMode
from multimail.core.policy.rules import Result
from tests.core.policy.cases import COPY, STRANGER, any_facts, facts

RULE = ApprovalRule("rule_1", "neighbours", recipient_domains=("@example.org",))
ANN = ReplyFacts("ann@example.org", known=True, authenticated=True)
KNOWN = ApprovalRule("rule_2", "answers", reply_to_known_sender=True)


def gated(rule: ApprovalRule = RULE, *recipients: RecipientFacts, **more: Any) -> Facts:
    """Mail that only its mailbox's default holds, with one rule."""
    told = {name: more.pop(name, None) for name in ("reply", "template")}
    approval = ApprovalFacts(
        (rule,), by_default=True, principal_id="key_1", **told
    )  # fmt: skip
    return facts(Mode.GATED_SEND, *recipients, **{"approval": approval} | more)


def test_a_hit_lets_go_what_the_mode_would_hold_and_is_named() -> None:
    verdict = evaluate(gated())

    assert (verdict.result, verdict.approved_by) == (Result.NOTE, "rule_1")
    assert "gated_send" in verdict.misses
    assert [(hit.rule, "'neighbours'" in hit.reason) for hit in verdict.hits] == [("approval_rule", True)]
    assert verdict.as_record()["approvals"] == [["rule_1", ""]]
    assert verdict.as_record()["approved_by"] == "rule_1"


RECEIPT = ApprovalRule("rule_3", "receipts", template_id="tpl_1")
NEXT = replace(STRANGER, address="next@example.org")
CLASSED = replace(RULE, message_class=MessageClass.TRANSACTIONAL)


@pytest.mark.parametrize(
    ("known", "missed"),
    [
        (gated(RULE, STRANGER, COPY), "recipient_domains"),
        (gated(RULE, replace(STRANGER, address="ann@sub.example.org")), "recipient_domains"),
        (gated(replace(RULE, max_recipients=1), STRANGER, NEXT), "max_recipients"),
        (gated(replace(RULE, max_recipients=1)), ""),
        (gated(replace(RULE, principal_id="key_2")), "principal"),
        (gated(replace(RULE, principal_id="key_1")), ""),
        (gated(CLASSED), "message_class"),
        (gated(CLASSED, claimed_class=MessageClass.TRANSACTIONAL), "message_class"),
        (gated(CLASSED, operator_class=MessageClass.COMMERCIAL), "message_class"),
        (gated(CLASSED, operator_class=MessageClass.TRANSACTIONAL), ""),
        (gated(CLASSED, operator_class=MessageClass.TRANSACTIONAL, class_by_topic=True), "message_class"),
        (
            gated(
                CLASSED, operator_class=MessageClass.TRANSACTIONAL, claimed_class=MessageClass.COMMERCIAL
            ), "message_class",
        ),
        (gated(RECEIPT), "template"),
        (gated(RECEIPT, template=Filled("tpl_1", plain=True)), ""),
        (gated(RECEIPT, template=Filled("tpl_1", plain=False)), "template"),
        (gated(RECEIPT, template=Filled("tpl_2", plain=True)), "template"),
        (gated(KNOWN), "reply_to_known_sender"),
        (gated(KNOWN, reply=ANN), ""),
        (gated(KNOWN, STRANGER, COPY, reply=ANN), ""),
        (gated(KNOWN, STRANGER, replace(COPY, automatic=False), reply=ANN), "reply_to_known_sender"),
        (gated(KNOWN, COPY, reply=ANN), "reply_to_known_sender"),
        (gated(KNOWN, reply=replace(ANN, sender="bob@example.org")), "reply_to_known_sender"),
        (gated(KNOWN, reply=replace(ANN, known=False)), "reply_to_known_sender"),
        (gated(KNOWN, reply=replace(ANN, authenticated=False)), "reply_to_known_sender"),
        (gated(replace(KNOWN, accept_unauthenticated=True), reply=replace(ANN, authenticated=False)), ""),
        (gated(replace(KNOWN, accept_unauthenticated=True), reply=replace(ANN, known=False)), "reply_to_known_sender"),
    ],
)  # fmt: skip
def test_each_condition_that_is_given_has_to_hold(known: Facts, missed: str) -> None:
    assert ask(known) == (Answer(known.approval.rules[0].id, missed),)
    assert evaluate(known).held is bool(missed)


def test_every_condition_has_a_case_here() -> None:
    assert set(CONDITIONS) == {
        "recipient_domains", "max_recipients", "principal", "message_class", "reply_to_known_sender", "template",
    }  # fmt: skip


def test_a_mode_that_a_call_asked_for_is_never_lifted() -> None:
    known = gated()
    asked = replace(known, approval=replace(known.approval, by_default=False))

    assert (evaluate(asked).held, ask(asked)) == (True, (Answer("rule_1", "mode"),))


@pytest.mark.parametrize("mode", [mode for mode in Mode if mode is not Mode.GATED_SEND])
def test_no_other_mode_is_any_of_its_business(mode: Mode) -> None:
    known = replace(gated(), mode=EffectiveMode(None, mode))

    verdict = evaluate(known)

    assert (ask(known), verdict.approved_by) == ((), None)
    assert verdict == evaluate(replace(known, approval=ApprovalFacts()))


@pytest.mark.parametrize(
    "more",
    [
        {"placeholders": ("{{name}}",)}, {"deliver": "hold"}, {"visible_limit": 0},
        {"claimed_class": MessageClass.TRANSACTIONAL},
    ],
)  # fmt: skip
def test_what_is_held_for_another_reason_too_is_not_lifted_at_all(more: dict[str, Any]) -> None:
    known = gated(RULE, replace(STRANGER, tags=("unsubscribed",)), **more)

    verdict = evaluate(known)

    assert (verdict.held, verdict.approved_by) == (True, None)
    assert "gated_send" in verdict.rules
    assert "approval_rule" in verdict.misses


def test_fences_and_caps_refuse_all_the_same_and_the_limit_of_open_drafts_does_not_count() -> None:
    fenced = gated(RULE, replace(STRANGER, allowed=False))
    capped = gated(caps=(CapFacts("key", "hour", 0, 0),))
    many = gated(open_drafts=3, open_drafts_limit=3)

    assert [evaluate(known).result for known in (fenced, capped, many)] == [
        Result.REFUSE, Result.REFUSE, Result.NOTE,
    ]  # fmt: skip


def test_where_nobody_would_be_asked_no_rule_takes_the_credit() -> None:
    assert evaluate(gated(RULE, replace(STRANGER, trusted=True))).approved_by is None


def test_to_be_held_afterwards_takes_the_approval_back() -> None:
    held = evaluate(gated()).hold("sent_back", "A person asked for this revision.")

    assert (held.held, held.approved_by, "approved_by" in held.as_record()) == (True, None, False)


def test_the_first_rule_that_hits_is_named_and_all_are_recorded() -> None:
    others = (replace(RULE, id="rule_0", principal_id="key_2"), RULE, replace(RULE, id="rule_3"))
    known = gated()

    verdict = evaluate(replace(known, approval=replace(known.approval, rules=others)))

    assert verdict.approved_by == "rule_1"
    assert [[one.rule_id, one.missed] for one in verdict.approvals] == [
        ["rule_0", "principal"], ["rule_1", ""], ["rule_3", ""],
    ]  # fmt: skip


@given(any_facts, st.booleans())
def test_a_rule_does_no_more_than_trust_in_every_recipient_would(known: Facts, by_default: bool) -> None:
    everything = ApprovalRule("rule_9", "all", max_recipients=1_000)
    ruled = evaluate(replace(known, approval=ApprovalFacts((everything,), by_default=by_default)))
    trusted = evaluate(
        replace(known, recipients=tuple(replace(one, trusted=True) for one in known.recipients))
    )

    assert ruled.result >= trusted.result
    assert ruled.suppressed == trusted.suppressed
