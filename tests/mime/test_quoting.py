"""A reply is told from the history below it, carefully."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multimail.mime import quoting
from multimail.mime.quoting import new_text, own_text, preview

HISTORY = "> old line\n> another"
OUTLOOK = "From: Bob <bob@x.org>\nSent: Monday\nTo: Ann\nSubject: RE: visit\n\nold text"
LINES = [
    "- hold it", "* * fine", " -- ", "__________", "**From:** Bob", "*von: Bob", "*date: now", "-- Original Message --",
    "_ _ ursprüngliche nachricht _", "--mensaje original", "-oorspronkelijk bericht-", "> old", "", "new", "To: Ann",
    "Subject: x", "W DNIU 3 Bob napisał:", "  *från: Bob",
    *(f"{one} 3 Mon, Bob wrote:" for one in "On Am Le El Il Op Em Den Dnia ıl İL".split()),
    *(f"{one}: Bob" for one in "From Von De Da Van Från Fra Od *Od".split()),
]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        f"new\n\nOn Mon, 1 Jan 2026 at 10:00, Bob <bob@x.org> wrote:\n{HISTORY}",
        f"new\n\nOn Mon, 1 Jan 2026 at 10:00,\nBob <bob@x.org> wrote:\n\n{HISTORY}",
        f"new\n\nAm 1. Januar 2026 schrieb Bob:\n{HISTORY}",
        f"new\n\nLe 1 janvier 2026, Bob a écrit :\n{HISTORY}",
        f"new\n{HISTORY}",
        f"{HISTORY}\n\nnew",
        f"new\n\n-----Original Message-----\n{OUTLOOK}",
        f"new\n\n________________________________\n{OUTLOOK}",
        f"new\n\n{OUTLOOK}",
        "new\n\n**Von:** Bob\n**Gesendet:** Montag\n**An:** Ann\n**Betreff:** AW\n\nalt",
    ],
)
def test_history_is_left_out(text: str) -> None:
    assert new_text(text) == "new"


@pytest.mark.parametrize(
    "text",
    [
        "On Monday Bob wrote:\n\na poem",
        "From: here to there\nit is far",
        "a\n____________\nb",
        "Totals -----\n3 > 2",
    ],
)
def test_what_only_resembles_history_stays(text: str) -> None:
    assert new_text(text) == text


def test_answers_between_quotes_all_stay() -> None:
    text = "On Mon, Bob wrote:\n> first?\nyes\n> second?\nno"
    assert new_text(text) == "yes\nno"


def test_a_mail_that_is_nothing_but_history_is_shown_whole() -> None:
    assert own_text(HISTORY) == ""
    assert new_text(HISTORY) == HISTORY


def test_a_preview_is_one_line_cut_between_words() -> None:
    text = "**Hello** [image: x] Ann,\n\nplease   read\n" + HISTORY
    assert preview(text) == "Hello Ann, please read"
    assert preview("some words follow here", 16) == "some words…"
    assert preview("x" * 50, 10) == "x" * 9 + "…"
    assert preview("") == ""


@given(st.lists(st.sampled_from(LINES), max_size=9).map("\n".join))
def test_looking_only_at_lines_with_a_cue_overlooks_no_history(text: str) -> None:
    found = own_text(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(quoting, "CUE", re.compile(""))
        assert own_text(text) == found


@given(
    st.lists(st.sampled_from(["word ", "**b**", "[image: x]", "   ", "\n", "a" * 30, "[image: y", "> "])).map(
        "".join
    )
)
def test_a_preview_is_the_beginning_of_the_whole_text_in_one_line(text: str) -> None:
    line = " ".join(quoting.unmarked(text[:60], " ").split())
    shown = quoting.one_line(text, 20)
    assert shown == line if len(line) <= 20 else line.startswith(shown.removesuffix("…"))
    assert len(shown) <= 20
