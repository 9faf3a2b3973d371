"""Every rule, hit and missed, with its reason; and who gets nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from multimail.core.consent import ConsentFacts
from multimail.core.errors import CODES
from multimail.core.model import MessageClass, Mode
from multimail.core.policy.facts import ApprovalRule, CapFacts, Facts
from multimail.core.policy.modes import EffectiveMode, effective
from multimail.core.policy.rules import RULES, Result, suppression
from tests.core.policy.cases import COPY, FRIEND, STRANGER, facts

TRANSACTIONAL, COMMERCIAL, SYSTEM = MessageClass.TRANSACTIONAL, MessageClass.COMMERCIAL, MessageClass.SYSTEM
OUT = replace(STRANGER, tags=("unsubscribed",))
OUTSIDE = replace(STRANGER, allowed=False)
MANY = tuple(replace(STRANGER, address=f"p{number}@example.org") for number in range(11))
ASKED = replace(STRANGER, consent=ConsentFacts(("EU", "CA"), (("CA", "contract"),)))
AGREED = replace(STRANGER, consent=ConsentFacts(("EU",), (("EU", "consent"),)))
CAPPED = effective(Mode.AUTONOMOUS, Mode.GATED_SEND, Mode.GATED_SEND)

# rule: facts that it minds, with what its reason says, and facts that come close and that it does not mind.
HITS: dict[str, tuple[tuple[Facts, str], ...]] = {
    "read_only": ((facts(Mode.READ_ONLY), "read_only"),),
    "not_allowed": ((facts(Mode.AUTONOMOUS, OUTSIDE, FRIEND), "list: ann@example.org."),),
    "cap": (
        (facts(caps=(CapFacts("key", "hour", 5, 5),)), "The key's cap of 5 mails per hour is reached."),
        (facts(caps=(CapFacts("server", "day", 0, 0),)), "cap of 0 mails per day"),
    ),
    "open_drafts": ((facts(Mode.GATED_SEND, open_drafts=50), "the limit is 50"),),
    "gated_all": ((facts(Mode.GATED_ALL, FRIEND), "decides on everything"),),
    "gated_send": (
        (facts(Mode.GATED_SEND, FRIEND, STRANGER), "not trusted: ann@example.org."),
        (facts(Mode.GATED_SEND, FRIEND, COPY), "not trusted: archive@here.example."),
        (facts(Mode.GATED_SEND, *MANY), "p0@example.org, p1@example.org, p2@example.org and 8 more."),
    ),
    "placeholder": ((facts(placeholders=("{{name}}",)), "{{name}}"),),
    "visible_recipients": ((facts(Mode.AUTONOMOUS, *MANY), "11 recipients can see"),),
    "no_oversight_address": ((facts(Mode.MONITORED), "no oversight address"),),
    "delivery_hold": ((facts(deliver="hold"), "set to hold"),),
    "claimed_transactional": (
        (facts(Mode.AUTONOMOUS, OUT, claimed_class=TRANSACTIONAL), "only the author's word: ann@example.org."),
    ),
    "no_postal_address": (
        (facts(claimed_class=COMMERCIAL, postal_address=False), "the mailbox has none"),
        (facts(operator_class=COMMERCIAL, postal_address=False), "the mailbox has none"),
    ),
    "no_consent": (
        (
            facts(Mode.AUTONOMOUS, ASKED, AGREED, claimed_class=COMMERCIAL, topic="news"),
            "mail about news for want of consent: ann@example.org (EU needs consent or soft_opt_in). An operator",
        ),
    ),
    "frozen": ((facts(frozen=True), "frozen"),),
    "approval_rule": ((facts(approved_by=ApprovalRule("rule_1", "neighbours")), "'neighbours'"),),
    "mode_capped": ((replace(facts(), mode=CAPPED), "autonomous was asked for"),),
}  # fmt: skip
MISSES: dict[str, tuple[Facts, ...]] = {
    "read_only": (facts(Mode.GATED_ALL),),
    "not_allowed": (
        facts(), facts(Mode.AUTONOMOUS, replace(STRANGER, allowed=True), replace(COPY, allowed=False)),
    ),
    "cap": (facts(caps=(CapFacts("key", "hour", 5, 4),)),),
    "open_drafts": (facts(Mode.GATED_SEND, open_drafts=49), facts(Mode.AUTONOMOUS, open_drafts=50)),
    "gated_all": (facts(Mode.GATED_SEND),),
    "gated_send": (
        facts(Mode.GATED_SEND, FRIEND), facts(Mode.GATED_ALL), facts(Mode.MONITORED),
        facts(Mode.GATED_SEND, approved_by=ApprovalRule("rule_1", "neighbours")),
    ),
    "placeholder": (facts(), facts(placeholders=("{{name}}",), confirmed_placeholders=True)),
    "visible_recipients": (
        facts(Mode.AUTONOMOUS, *MANY[:10], COPY), facts(visible_limit=11, recipients=MANY),
    ),
    "no_oversight_address": (facts(Mode.MONITORED, oversight_address="boss@here.example"), facts()),
    "delivery_hold": (facts(deliver="capture"), facts(deliver="live")),
    "claimed_transactional": (
        facts(Mode.AUTONOMOUS, OUT),
        facts(claimed_class=TRANSACTIONAL),
        facts(Mode.AUTONOMOUS, OUT, claimed_class=TRANSACTIONAL, operator_class=COMMERCIAL),
        facts(Mode.AUTONOMOUS, OUT, claimed_class=COMMERCIAL),
    ),
    "no_postal_address": (
        facts(postal_address=False), facts(claimed_class=COMMERCIAL),
        facts(operator_class=TRANSACTIONAL, postal_address=False),
    ),
    "no_consent": (
        facts(Mode.AUTONOMOUS, ASKED), facts(Mode.AUTONOMOUS, AGREED, claimed_class=COMMERCIAL),
        facts(Mode.AUTONOMOUS, ASKED, operator_class=TRANSACTIONAL),
    ),
    "frozen": (facts(),),
    "approval_rule": (facts(),),
    "mode_capped": (facts(), replace(facts(), mode=EffectiveMode(Mode.AUTONOMOUS, Mode.AUTONOMOUS))),
}  # fmt: skip
BY_NAME = {rule.name: rule for rule in RULES}


def test_every_rule_has_its_hits_and_misses_here() -> None:
    assert HITS.keys() == MISSES.keys() == BY_NAME.keys()
    assert len(BY_NAME) == len(RULES)


@pytest.mark.parametrize(
    ("name", "known", "words"), [(n, *case) for n, cases in HITS.items() for case in cases]
)
def test_a_rule_that_applies_says_why(name: str, known: Facts, words: str) -> None:
    assert words in BY_NAME[name].test(known)


@pytest.mark.parametrize(("name", "known"), [(name, one) for name, cases in MISSES.items() for one in cases])
def test_a_rule_that_does_not_apply_says_nothing(name: str, known: Facts) -> None:
    assert BY_NAME[name].test(known) == ""


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_refusal_has_its_code_and_every_rule_its_sentence(rule: object) -> None:
    assert isinstance(rule, type(RULES[0]))
    assert (rule.problem in CODES) == (rule.result is Result.REFUSE)
    assert rule.sentence.endswith(".")


@pytest.mark.parametrize(
    ("tags", "claimed", "operator", "reason"),
    [
        ((), None, None, ""),
        (("vip",), COMMERCIAL, COMMERCIAL, ""),
        (("suppressed",), None, None, "suppressed"),
        (("suppressed", "unsubscribed"), TRANSACTIONAL, TRANSACTIONAL, "suppressed"),
        (("suppressed",), None, SYSTEM, "suppressed"),
        (("unsubscribed",), None, None, "unsubscribed"),
        (("unsubscribed",), COMMERCIAL, None, "unsubscribed"),
        (("unsubscribed",), TRANSACTIONAL, None, ""),
        (("unsubscribed",), SYSTEM, None, "unsubscribed"),
        (("unsubscribed",), None, TRANSACTIONAL, ""),
        (("unsubscribed",), COMMERCIAL, TRANSACTIONAL, "unsubscribed"),
        (("unsubscribed",), TRANSACTIONAL, COMMERCIAL, "unsubscribed"),
        (("unsubscribed",), None, SYSTEM, ""),
    ],
)
def test_who_opted_out_gets_nothing_but_what_an_operator_calls_transactional(
    tags: tuple[str, ...], claimed: MessageClass | None, operator: MessageClass | None, reason: str
) -> None:
    assert suppression(replace(STRANGER, tags=tags), claimed, operator) == reason
