"""The spellings of topics and regions, and whose word about a mail's class counts."""

from __future__ import annotations

from typing import Any

import pytest

from multimail.core.errors import Problem
from multimail.core.message_class import believed, check_metadata, clean_region, clean_topic, of_mailbox
from multimail.core.model import MessageClass

SYSTEM, COMMERCIAL, TRANSACTIONAL = MessageClass.SYSTEM, MessageClass.COMMERCIAL, MessageClass.TRANSACTIONAL


@pytest.mark.parametrize(
    ("given", "kept"),
    [(None, ""), ("  ", ""), ("Newsletter", "newsletter"), (" product-news ", "product-news")],
)
def test_a_topic_has_one_spelling(given: str | None, kept: str) -> None:
    assert clean_topic(given) == kept


@pytest.mark.parametrize("given", ["a,b", "a=b", "x" * 65, "new\nline"])
def test_what_is_no_topic_is_refused(given: str) -> None:
    with pytest.raises(Problem) as refused:
        clean_topic(given)
    assert (refused.value.code, refused.value.field) == ("invalid", "topic")


@pytest.mark.parametrize(
    ("given", "kept"), [(None, ""), ("", ""), ("eu", "EU"), (" us-ca ", "US-CA"), ("CH", "CH")]
)
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


TOPICS = {"topics": {"newsletter": "commercial", "receipts": "transactional"}}


@pytest.mark.parametrize(
    ("metadata", "topic", "word"),
    [
        ({}, "newsletter", None),
        (TOPICS, "newsletter", COMMERCIAL),
        (TOPICS, "receipts", TRANSACTIONAL),
        (TOPICS, "", None),
        (TOPICS, "other", None),
        (TOPICS | {"message_class": "commercial"}, "other", COMMERCIAL),
        (TOPICS | {"message_class": "commercial"}, "receipts", TRANSACTIONAL),
        ({"topics": ["newsletter"], "message_class": "system"}, "newsletter", None),
        ({"topics": {"newsletter": {}}}, "newsletter", None),
    ],
)
def test_an_operator_says_what_mail_about_a_topic_is(
    metadata: dict[str, Any], topic: str, word: MessageClass | None
) -> None:
    assert of_mailbox(metadata, topic) is word


@pytest.mark.parametrize(
    ("metadata", "field"),
    [
        ({"message_class": "comercial"}, "metadata.message_class"),
        ({"message_class": ["commercial"]}, "metadata.message_class"),
        ({"topics": ["newsletter"]}, "metadata.topics"),
        ({"topics": {"newsletter": "marketing"}}, "metadata.topics.newsletter"),
        ({"topics": {"News": "commercial"}}, "metadata.topics.News"),
        ({"lawful_basis": "consent"}, "metadata.lawful_basis"),
        ({"region": "eu"}, "metadata.region"),
        ({"region": ["EU"]}, "metadata.region"),
        ({"physical_address": 7}, "metadata.physical_address"),
        ({"sender_identity": {}}, "metadata.sender_identity"),
    ],
)
def test_a_mailboxs_metadata_that_means_to_say_it_and_does_not_is_refused(
    metadata: dict[str, Any], field: str
) -> None:
    with pytest.raises(Problem) as refused:
        check_metadata(metadata)
    assert (refused.value.code, refused.value.field) == ("invalid_setting", field)


def test_metadata_that_says_it_rightly_or_says_something_else_is_taken() -> None:
    check_metadata({})
    check_metadata(
        TOPICS | {"region": "US-CA", "physical_address": "A street", "team": ["a"], "lawful_basis": {}}
    )
