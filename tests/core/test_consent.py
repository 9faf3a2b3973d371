"""What records of consent say: what opens, what is taken back, and what nobody's word can loosen."""

from __future__ import annotations

from typing import Any

import pytest

from multimail.core.consent import (
    NO_CONSENT,
    WITHDRAWAL,
    ConsentFacts,
    Record,
    answers,
    known,
    lacking,
    sentence,
)
from multimail.core.model import MessageClass

COMMERCIAL = MessageClass.COMMERCIAL


def given(at: int, topic: str = "", region: str = "", **more: Any) -> Record:
    told: dict[str, Any] = {"basis": "consent", "provenance": "operator", "given_at": at} | more
    return Record(at, topic, region, **told)


def gone(at: int, topic: str = "", region: str = "", provenance: str = "agent") -> Record:
    return Record(at, topic, region, WITHDRAWAL, provenance, at, at)


def goes(*records: Record, topic: str = "news", regions: tuple[str, ...] = ("EU",), now: int = 100) -> bool:
    return lacking(known(regions, records, topic, now), COMMERCIAL) == ""


def test_without_a_record_commercial_mail_goes_only_where_opting_out_is_enough() -> None:
    assert not goes()
    assert goes(regions=("US",))
    assert not goes(regions=("US", "EU"))


@pytest.mark.parametrize("word", [None, MessageClass.TRANSACTIONAL, MessageClass.SYSTEM])
def test_mail_that_is_not_commercial_needs_nobodys_consent(word: MessageClass | None) -> None:
    nothing = known(("EU",), (), "news", 1)

    assert lacking(nothing, word) == ""
    assert lacking(nothing, COMMERCIAL) == NO_CONSENT
    assert lacking(None, COMMERCIAL) == ""


def test_a_record_opens_its_topic_and_region_and_a_general_one_all_of_them() -> None:
    assert goes(given(1))
    assert goes(given(1, "news", "EU"))
    assert not goes(given(1, "offers"))
    assert not goes(given(1, "news"), topic="")
    assert not goes(given(1, "news", "BR"))
    assert goes(given(1, "", "DE"), regions=("DE",))


@pytest.mark.parametrize("provenance", ["operator", "inbound", "import"])
def test_the_word_of_an_operator_a_mail_or_an_import_is_evidence(provenance: str) -> None:
    assert goes(given(1, provenance=provenance))


def test_an_agents_word_opens_nothing_and_its_withdrawal_closes() -> None:
    assert not goes(given(1, provenance="agent"))
    assert not goes(given(1), gone(2))
    assert not goes(given(1), gone(2), given(3, provenance="agent"))


def test_each_region_has_its_own_record() -> None:
    both = ("EU", "CA")

    assert not goes(given(1, region="EU"), regions=both)
    assert goes(given(1, region="EU"), given(2, region="CA"), regions=both)
    assert not goes(given(1, basis="contract"), regions=both)
    assert goes(given(1, basis="contract"), regions=("CA",))


def test_what_is_over_opens_nothing() -> None:
    assert goes(given(1, expires_at=101))
    assert not goes(given(1, expires_at=100))
    assert not goes(given(1, withdrawn_at=5))


def test_a_withdrawal_ends_what_came_before_also_where_opting_out_is_all_that_counts() -> None:
    assert not goes(gone(2, "news"), regions=("US",))
    assert goes(gone(2, "offers"), regions=("US",))
    assert goes(gone(2, region="EU"), regions=("US",))
    assert not goes(given(1, "news"), gone(2), regions=("EU",))


def test_a_withdrawal_anywhere_counts_for_somebody_of_whom_nobody_knows_where_they_are() -> None:
    assert goes(given(1), regions=("unknown",))
    assert not goes(given(1), gone(2, region="US"), regions=("unknown",))


def test_a_later_record_counts_again_unless_it_is_wider_than_what_was_taken_back() -> None:
    assert goes(given(1, "news"), gone(2, "news"), given(3, "news"))
    assert not goes(given(1, "news"), gone(2, "news"), given(3))
    assert goes(given(1), gone(2), given(3, "news"))
    assert not goes(gone(2, region="EU"), given(3))
    assert not goes(gone(5, "news"), given(3, "news"))


def test_at_one_moment_what_was_written_down_last_counts() -> None:
    first, last = Record(1, "", "", "consent", "operator", 7), Record(3, "", "", "consent", "operator", 7)
    taken = Record(2, "", "", WITHDRAWAL, "operator", 7, 7)

    assert not goes(first, taken)
    assert goes(first, taken, last)


def test_the_answer_names_what_each_region_needs_and_what_was_taken_back() -> None:
    facts = known(("EU", "CA", "US", "unknown"), (given(1, region="CA"), gone(2, region="CA")), "news", 9)

    assert [(one.region, one.allowed, one.why) for one in answers(facts)] == [
        ("EU", False, "not_given"),
        ("CA", False, "withdrawn"),
        ("US", True, "opt_out_only"),
        ("unknown", False, "withdrawn"),
    ]
    assert sentence(facts) == (
        "EU needs consent or soft_opt_in; consent was withdrawn for CA; consent was withdrawn"
    )
    assert (
        sentence(ConsentFacts(("unknown",))) == "the region is not known, which needs consent or soft_opt_in"
    )


def test_what_opens_is_named() -> None:
    (answer,) = answers(known(("EU",), (given(1, basis="contract"), given(2, basis="soft_opt_in")), "", 9))

    assert (answer.allowed, answer.why, answer.basis) == (True, "given", "soft_opt_in")
    assert answers(known(("US",), (given(1, basis="contract"),), "", 9))[0].basis == "contract"
