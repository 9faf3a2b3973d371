"""What servers say is understood, in whatever language."""

from __future__ import annotations

import pytest

from multimail.mime import bounce_texts
from multimail.mime.bounce_phrases import ADDRESS, PHRASES
from multimail.mime.bounce_texts import by_phrase


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("mailbox for <a@b.c> is full", "mailbox_full"),
        ("over quota", "mailbox_full"),
        ("Das Postfach ist voll", "mailbox_full"),
        ("El buzón está lleno", "mailbox_full"),
        ("メールボックスの容量が超過しています", "mailbox_full"),
        ("You have reached your daily relay quota", "rate_limited"),
        ("too many connections", "rate_limited"),
        ("Greylisted, come back later", "greylisted"),
        ("message size exceeds fixed limit", "too_large"),
        ("Too many hops", "loop"),
        ("Host or domain name not found", "no_such_domain"),
        ("Host not found, try again", "unreachable"),
        ("This account has been disabled", "mailbox_disabled"),
        ("Dieses Postfach wurde geschlossen", "mailbox_disabled"),
        ("La boîte du destinataire est désactivée", "mailbox_disabled"),
        ("Dit postvak is opgeheven", "mailbox_disabled"),
        ("User has moved to another address", "moved"),
        ("sender not authenticated by DKIM", "policy"),
        ("blocked using zen.spamhaus.org", "spam_block"),
        ("contains a virus", "content"),
        ("relay access denied", "policy"),
        ("connection refused", "unreachable"),
        ("message expired in the queue", "expired"),
        ("local configuration error", "system"),
        ("Have a nice day", ""),
    ],
)
def test_words_give_a_reason(words: str, reason: str) -> None:
    assert by_phrase(words) == reason


def test_every_phrase_gives_a_reason_that_is_known() -> None:
    assert {code for code, _ in PHRASES} <= bounce_texts.REASONS.keys()


def test_no_phrase_takes_nothing_for_something() -> None:
    assert [code for code, pattern in PHRASES if pattern.search("") or pattern.search(" a b c ")] == []


def test_addresses_are_found_within_punctuation() -> None:
    assert [one.group() for one in ADDRESS.finditer("(a@b.example), <c@d.example>: x@y")] == [
        "a@b.example",
        "c@d.example",
        "x@y",
    ]
