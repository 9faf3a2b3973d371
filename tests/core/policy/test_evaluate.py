"""Verdicts: every rule is asked, the strictest decides, and nothing an author says makes one milder."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multimail.core.errors import Problem
from multimail.core.model import MessageClass, Mode
from multimail.core.policy.evaluate import NOBODY_LEFT, Verdict, evaluate, suppressions
from multimail.core.policy.facts import CapFacts, Facts, RecipientFacts
from multimail.core.policy.rules import RULES, Result
from tests.core.policy.cases import COPY, FRIEND, STRANGER, any_facts, classes, facts, people

OUT = replace(STRANGER, address="out@example.org", tags=("suppressed",))


def leaves_alone(known: Facts, verdict: Verdict) -> set[str]:
    """Who gets the mail without any person having looked at it."""
    if verdict.result is not Result.NOTE:
        return set()
    return {one.address for one in known.recipients} - dict(verdict.suppressed).keys()


@given(any_facts)
def test_every_rule_is_asked_once_and_the_strictest_that_hits_decides(known: Facts) -> None:
    verdict = evaluate(known)
    by_name = {rule.name: rule for rule in RULES}

    assert sorted((*verdict.rules, *verdict.misses)) == sorted(by_name)
    assert verdict.result == max((by_name[name].result for name in verdict.rules), default=Result.NOTE)


@given(any_facts, classes)
def test_what_an_author_claims_about_a_mail_never_lets_more_of_it_go(
    known: Facts, claimed: MessageClass | None
) -> None:
    claiming = replace(known, claimed_class=claimed)
    before, after = evaluate(known), evaluate(claiming)

    assert after.result >= before.result
    assert leaves_alone(claiming, after) <= leaves_alone(known, before)


@given(any_facts, people, st.sampled_from(((), ("{{name}}",))))
def test_more_recipients_or_placeholders_never_make_a_verdict_milder(
    known: Facts, more: RecipientFacts, placeholders: tuple[str, ...]
) -> None:
    others = tuple(one for one in known.recipients if one.address != more.address)
    fewer = replace(known, recipients=others or (STRANGER,))
    wider = replace(
        fewer, recipients=(*fewer.recipients, more), placeholders=(*fewer.placeholders, *placeholders)
    )

    assert evaluate(wider).result >= evaluate(fewer).result


@given(any_facts, st.integers(1, 5))
def test_more_used_of_a_cap_or_more_open_drafts_never_make_a_verdict_milder(known: Facts, more: int) -> None:
    fuller = replace(
        known,
        caps=tuple(replace(cap, used=cap.used + more) for cap in known.caps),
        open_drafts=known.open_drafts + more,
    )

    assert evaluate(fuller).result >= evaluate(known).result


def test_a_refusal_is_raised_with_the_code_of_its_rule_and_all_rules_that_applied() -> None:
    verdict = evaluate(facts(Mode.READ_ONLY, caps=(CapFacts("key", "day", 1, 1),)))

    with pytest.raises(Problem) as caught:
        verdict.raise_refusal()

    assert caught.value.code == "read_only"
    assert caught.value.details["rules"] == ["read_only", "cap"]
    assert "an agent cannot" in caught.value.advice


def test_what_is_not_refused_raises_nothing() -> None:
    evaluate(facts(Mode.GATED_ALL)).raise_refusal()


def test_a_verdict_can_be_made_stricter_for_a_reason_of_ones_own() -> None:
    free, refused = evaluate(facts()), evaluate(facts(Mode.READ_ONLY))

    assert (free.held, free.hold("sent_back", "Because.").held) == (False, True)
    assert free.hold("sent_back", "Because.").reasons == ["Because."]
    assert refused.hold("sent_back", "Because.").result is Result.REFUSE


def test_the_record_of_a_verdict_answers_why_for_ever() -> None:
    record = evaluate(facts(Mode.GATED_SEND, FRIEND, OUT)).as_record()

    assert record["result"] == "hold"
    assert record["hits"] == [["gated_send", "The mode is gated_send, and not trusted: out@example.org."]]
    assert "cap" in record["misses"]
    assert record["suppressed"] == [["out@example.org", "suppressed"]]


def test_system_mail_is_never_held_but_can_be_refused_and_left_out() -> None:
    system = facts(Mode.GATED_ALL, OUT, FRIEND, operator_class=MessageClass.SYSTEM, placeholders=("{{x}}",))

    assert evaluate(system).result is Result.NOTE
    assert dict(evaluate(system).suppressed) == {"out@example.org": "suppressed"}
    assert evaluate(replace(system, mode=facts(Mode.READ_ONLY).mode)).result is Result.REFUSE


def left_out(*recipients: RecipientFacts) -> tuple[tuple[str, str], ...]:
    return suppressions(recipients, None, None)


def test_copies_go_as_long_as_somebody_is_left_whose_mail_they_copy() -> None:
    assert dict(left_out(OUT, STRANGER, COPY)) == {OUT.address: "suppressed"}
    assert dict(left_out(OUT, COPY)) == {
        OUT.address: "suppressed",
        COPY.address: NOBODY_LEFT,
    }
    assert left_out(COPY) == ()
