"""Which reason bars which class of mail, written by hand, and which of several reasons is the one that is said."""

from __future__ import annotations

from itertools import combinations

import pytest

from multimail.core.model import MessageClass
from multimail.core.suppression import (
    CLASSES,
    REASONS,
    SENTENCES,
    barring,
    bars,
    class_name,
    in_words,
    matrix,
)

BY_HAND = {
    #               commercial, unclassified, transactional, system
    "erasure": (True, True, True, True),
    "hard_bounce": (True, True, True, True),
    "complaint": (True, True, True, False),
    "manual": (True, True, True, False),
    "soft_bounce": (True, True, True, False),
    "unsubscribe": (True, True, False, False),
}


@pytest.mark.parametrize("reason", REASONS)
def test_a_reason_bars_the_classes_that_were_written_by_hand(reason: str) -> None:
    assert tuple(bars(reason, one) for one in CLASSES) == BY_HAND[reason]


def test_the_printed_table_is_the_one_that_decides() -> None:
    names = [class_name(one) for one in CLASSES]

    assert names == ["commercial", "unclassified", "transactional", "system"]
    assert matrix() == [(reason, dict(zip(names, BY_HAND[reason], strict=True))) for reason in REASONS]
    assert {None, *MessageClass} == set(CLASSES)


def test_of_several_reasons_the_gravest_that_bars_is_said() -> None:
    for graver, milder in combinations(REASONS, 2):
        assert barring([milder, graver], MessageClass.COMMERCIAL) == graver
    assert barring(["unsubscribe", "soft_bounce"], MessageClass.TRANSACTIONAL) == "soft_bounce"
    assert barring(["unsubscribe"], MessageClass.TRANSACTIONAL) == ""
    assert barring([], None) == ""


def test_a_stricter_class_is_barred_wherever_a_milder_one_is() -> None:
    for reason in REASONS:
        told = [bars(reason, one) for one in CLASSES]
        assert told == sorted(told, reverse=True)


def test_each_reason_has_its_words_and_an_unknown_one_is_said_as_it_is() -> None:
    assert set(REASONS) <= SENTENCES.keys()
    assert in_words("unsubscribe") == "unsubscribed"
    assert (in_words("other"), in_words("")) == ("other", "left out")
