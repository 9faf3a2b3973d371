"""The reason for a return: the refusing server's words, then codes, then what is written for people."""

from __future__ import annotations

import pytest

from multimail.mime.bounce_texts import REASONS, by_phrase, by_status, kind_of, reason_of


@pytest.mark.parametrize(
    ("action", "status", "diagnostic", "reason"),
    [
        ("failed", "5.1.1", "550 5.1.1 No such user", "no_such_user"),
        ("failed", "5.1.1", "", "no_such_user"),
        ("failed", "5.0.0", "550 5.1.1 <a@b> User unknown", "no_such_user"),
        ("failed", "5.7.1", "550 5.7.1 <a@b>... User unknown", "no_such_user"),
        ("failed", "5.1.1", "552 5.1.1 Mailbox full", "mailbox_full"),
        ("failed", "5.2.1", "550 5.2.1 mailbox of <a@b> is over quota", "mailbox_full"),
        ("failed", "5.2.1", "550 5.2.1 not here", "mailbox_disabled"),
        ("failed", "4.4.1", "connection timed out", "unreachable"),
        ("failed", "4.0.0", "550 5.1.1 no such user", "no_such_user"),
        ("failed", "5.4.7", "550 4.4.7 message expired", "expired"),
        ("failed", "5.1.1", "450 5.1.1 user unknown", "temporary"),
        ("delayed", "4.1.1", "450 4.1.1 user unknown", "delayed"),
        ("delayed", "5.1.1", "550 5.1.1 user unknown", "delayed"),
        ("relayed", "5.1.1", "", "delivered"),
        ("failed", "5.7.1", "554 5.7.1 blocked using a block list", "spam_block"),
        ("failed", "5.7.26", "550 5.7.26 blocked because the sender is unauthenticated", "policy"),
        ("failed", "5.4.1", "550 5.4.1 Recipient address rejected: Access denied", "no_such_user"),
        ("failed", "5.7.1", "554 5.7.1 Recipient address rejected: Access denied", "policy"),
        ("failed", "5.1.8", "553 5.1.8 Domain of sender address does not exist", "policy"),
        ("failed", "5.1.0", "5.1.0 - Unknown address error 554-'5.7.1 spam'", "spam_block"),
        ("failed", "5.1.0", "550 5.1.0 rejected by SPF policy", "policy"),
        ("failed", "5.1.0", "550 5.1.0 rejected", "no_such_user"),
        ("failed", "5.4.4", "Host not found, try again", "unreachable"),
        ("failed", "4.0.0", "DNS Error: responded with code NXDOMAIN", "no_such_domain"),
        ("failed", "4.4.0", "DNS Error: responded with code NXDOMAIN", "unreachable"),
        ("failed", "4.0.0", "450 domain does not exist", "temporary"),
        (
            "failed",
            "5.4.1",
            "550 5.4.1 Recipient address rejected: Access denied. AS(201806281)",
            "no_such_user",
        ),
        ("failed", "5.7.1", "521 5.2.1 : (CON:B1) https://x.example/errors", "spam_block"),
        ("failed", "5.0.0", "554 Your domain name could not be found in DNS", "policy"),
        ("failed", "5.0.0", "550", "undeliverable"),
        ("failed", "5.0.0", "554", "refused"),
        ("failed", "5.0.0", "550 Nope", "refused"),
        ("failed", "5.0.0", "", "undeliverable"),
    ],
)
def test_the_reason_is_what_the_refusing_server_meant(
    action: str, status: str, diagnostic: str, reason: str
) -> None:
    assert reason_of(action, status, diagnostic) == reason


def test_words_for_people_count_where_codes_say_nothing() -> None:
    assert reason_of("failed", "5.0.0", "", "The mailbox is full.") == "mailbox_full"
    assert reason_of("failed", "5.1.1", "", "The mailbox may be full.") == "no_such_user"
    assert reason_of("failed", "5.7.1", "550 5.7.1 rejected by policy", "It was spam.") == "policy"


def test_what_stands_in_an_address_is_no_reason() -> None:
    assert by_phrase("550 <spam.virus.quota@blacklist.example>") == ""


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("5.1.10", "no_such_domain"),
        ("4.2.2", "mailbox_full"),
        ("5.7.509", "policy"),
        ("5.0.0", ""),
        ("", ""),
        ("x", ""),
    ],
)
def test_a_code_alone_gives_a_reason_if_it_has_one(status: str, reason: str) -> None:
    assert by_status(status) == reason


def test_each_reason_has_a_kind_and_a_meaning() -> None:
    assert {kind_of(one) for one in REASONS} == {"hard", "soft", "not_a_bounce"}
    assert all(meaning.endswith(".") for _, meaning in REASONS.values())
