"""Loops: a machine does not answer a machine, a crowd, or itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from multimail.core.loops import (
    MAX_IN_THREAD,
    MAX_TO_SENDER,
    RULES,
    AnswerDecision,
    InboundFacts,
    is_automatic,
    is_echo,
    may_answer,
)

PERSON = InboundFacts("anna@example.org", envelope_from="anna@example.org")
OWN = frozenset({"desk@example.org"})


def test_a_persons_mail_may_be_answered() -> None:
    assert may_answer(PERSON) == AnswerDecision(allowed=True)
    assert may_answer(
        replace(PERSON, auto_submitted="No", precedence="first-class", envelope_from=None)
    ).allowed


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (replace(PERSON, auto_submitted='auto-replied; owner="x"'), "automatic"),
        (replace(PERSON, auto_submitted=" Auto-Generated (vacation)"), "automatic"),
        (replace(PERSON, auto_submitted="anything-new"), "automatic"),
        (replace(PERSON, envelope_from=""), "automatic"),
        (replace(PERSON, is_report=True), "automatic"),
        (replace(PERSON, has_list_headers=True), "bulk"),
        (replace(PERSON, precedence="Bulk"), "bulk"),
        (replace(PERSON, suppress="DR, AutoReply"), "suppressed"),
        (replace(PERSON, sender="mailer-daemon@example.org"), "machine_address"),
        (replace(PERSON, sender="no-reply+42@example.org"), "machine_address"),
        (replace(PERSON, sender="news-bounces@example.org"), "machine_address"),
        (replace(PERSON, sender=""), "no_sender"),
        (replace(PERSON, sender="desk@example.org", own_addresses=OWN), "own_address"),
        (replace(PERSON, in_thread=MAX_IN_THREAD), "thread_rate"),
        (replace(PERSON, to_sender=MAX_TO_SENDER), "sender_rate"),
    ],
)
def test_one_sign_of_a_machine_is_enough(facts: InboundFacts, reason: str) -> None:
    assert may_answer(facts) == AnswerDecision(allowed=False, reasons=(reason,))


def test_our_own_mail_coming_back_is_an_echo() -> None:
    echo = replace(PERSON, sender="desk@example.org", own_addresses=OWN, own_message_id=True)

    assert is_echo(echo)
    assert may_answer(echo).reasons == ("echo", "own_address")
    assert not is_echo(replace(echo, sender="anna@example.org"))


def test_a_name_that_only_contains_a_machine_word_is_a_person() -> None:
    assert may_answer(replace(PERSON, sender="nora.bounce-house@example.org")).allowed
    assert not is_automatic(PERSON)


def test_every_rule_has_a_sentence_of_its_own() -> None:
    assert len({code for code, _, _ in RULES}) == len(RULES)
    assert all(sentence.endswith(".") for _, sentence, _ in RULES)
