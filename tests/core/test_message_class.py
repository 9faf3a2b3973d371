"""The spellings of topics and regions, and whose word about a mail's class counts."""

from __future__ import annotations

import pytest

from multimail.core.errors import Problem
from multimail.core.message_class import believed, clean_region, clean_topic
from multimail.core.model import MessageClass

SYSTEM, COMMERCIAL, TRANSACTIONAL = MessageClass.SYSTEM, MessageClass.COMMERCIAL, MessageClass.TRANSACTIONAL


@pytest.mark.parametrize(
    ("given", "kept"), [(None, ""), ("  ", ""), ("Newsletter", "newsletter"), (" product-news ", "product-news")]
)
def test_a_topic_has_one_spelling(given: str | None, kept: str) -> None:
    assert clean_topic(given) == kept


@pytest.mark.parametrize("given", ["a,b", "a=b", "x" * 65, "new\nline"])
def test_what_is_no_topic_is_refused(given: str) -> None:
    with pytest.raises(Problem) as refused:
        clean_topic(given)
    assert (refused.value.code, refused.value.field) == ("invalid", "topic")


@pytest.mark.parametrize(("given", "kept"), [(None, ""), ("", ""), ("eu", "EU"), (" us-ca ", "US-CA"), ("CH", "CH")])
def test_a_region_has_one_spelling(given: str | None, kept: str) -> None:
    assert clean_region(given) == kept


@pytest.mark.parametrize("given", ["Europe", "U", "US-CALIF", "1A", "US_CA"])
def test_what_is_no_region_is_refused(given: str) -> None:
    with pytest.raises(Problem) as refused:
        clean_region(given)
    assert (refused.value.code, refused.value.field) == ("invalid", "region")


@pytest.mark.parametrize(
    ("claimed", "operator", "counts"),
    [
        (None, None, None),
        (TRANSACTIONAL, None, TRANSACTIONAL),
        (COMMERCIAL, TRANSACTIONAL, COMMERCIAL),
        (COMMERCIAL, SYSTEM, COMMERCIAL),
        (TRANSACTIONAL, COMMERCIAL, COMMERCIAL),
        (None, SYSTEM, SYSTEM),
        (SYSTEM, None, None),
    ],
)
def test_an_author_is_believed_what_is_stricter_only(
    claimed: MessageClass | None, operator: MessageClass | None, counts: MessageClass | None
) -> None:
    assert believed(claimed, operator) is counts
