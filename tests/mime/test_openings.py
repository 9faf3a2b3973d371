"""One look at how a text begins lets past the patterns nothing that one of them would match."""

from __future__ import annotations

import re

import pytest

from multimail.mime import auto_replies, bounce_origin, headers, quoting, unsubscribe, unsubscribe_words
from multimail.mime.openings import opening, openings
from tests.mime.patterns import always_holds, openings_of, parsed

ENGLISH = (unsubscribe.SHOUTED, unsubscribe.ALONE, *unsubscribe.ASKS)
OTHERS = (unsubscribe_words._WHOLE, unsubscribe_words._BEGINNING)
ANSWERS = (auto_replies._AWAY, auto_replies._AWAY_NOTICE, auto_replies._AUTOMATIC)
MACHINES = (
    bounce_origin._DAEMON_LOCAL,
    bounce_origin._DAEMON_NAME,
    bounce_origin._MAIL_SYSTEM,
    bounce_origin._UNATTENDED,
)


@pytest.mark.parametrize(
    ("listed", "patterns"),
    [
        (unsubscribe.COURTESIES, (unsubscribe.POLITE,)),
        (unsubscribe.REQUESTS, ENGLISH),
        (unsubscribe_words.COURTESIES, (unsubscribe_words._POLITE,)),
        (unsubscribe_words.REQUESTS, OTHERS),
        (auto_replies.OPENINGS, ANSWERS),
    ],
)
def test_the_openings_are_those_of_the_patterns(
    listed: frozenset[str], patterns: tuple[re.Pattern[str], ...]
) -> None:
    found = set().union(*map(openings_of, patterns)) - {""}
    assert listed == openings(" ".join(found))


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Unsubscribe", "uns"), (" *I'd like", "i"), ("a", "a"), ("» 2nd of", "2nd"), ("", ""), ("-- ", "")],
)
def test_an_opening_is_the_beginning_of_the_first_word(text: str, expected: str) -> None:
    assert opening(text) == expected
    assert (opening(text) in openings("uns i")) == (expected in {"uns", "i"})


@pytest.mark.parametrize("text", ["désinscription", "ſtop", "ıch", "\u212aein", "- отписаться", "退会"])
def test_an_opening_that_is_not_ascii_is_in_every_list(text: str) -> None:
    assert opening(text) in openings("")


@pytest.mark.parametrize("pattern", MACHINES)
def test_every_name_of_a_machine_has_a_sign_in_it(pattern: re.Pattern[str]) -> None:
    assert always_holds(parsed(pattern), bounce_origin._SIGNS)


def test_letters_that_pass_for_others_where_case_is_ignored_are_signs() -> None:
    passing = [
        chr(code)
        for code in range(0x80, 0x3000)
        if re.fullmatch("[a-z]", chr(code), re.IGNORECASE) and not re.fullmatch("[a-z]", chr(code).lower())
    ]
    assert len(passing) == 3
    assert all(bounce_origin._SIGNS.search(char.lower()) for char in passing)


@pytest.mark.parametrize(
    "line",
    [
        "-" * 300_000 + "x",
        " " * 150_000 + "-" * 150_000 + "x",
        "a" * 300_000,
        "a" + " " * 300_000,
        "mai" * 100_000,
    ],
)
def test_a_look_at_a_line_made_to_be_slow_is_over_at_once(line: str) -> None:
    """Each would take hours if it were quadratic; the suite's own time-out is the bound."""
    assert len(opening(line)) <= 3
    assert quoting.CUE.match(line) is None
    assert bounce_origin._SIGNS.search(line) is None
    assert headers.FIELDS.findall(line) == []
