"""Text from outside: what acts or hides is shown and counted, what is honest spelling stays."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multimail.core.errors import Problem
from multimail.core.text import CLEAN, Counts, header_safe, nearest, neutralise, truncate_bytes, typed_line


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain text\n\twith a tab",
        "Grüße, 世界, Привет – “quoted”",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        "family 👨\u200d👩\u200d👧, heart ❤\ufe0f, fire ❤\ufe0f\u200d🔥, keycap 1\ufe0f\u20e3",
        "שלום\u200f!",
    ],
)
def test_honest_text_stays_as_it_is(text: str) -> None:
    assert neutralise(text) == (text, CLEAN)


@pytest.mark.parametrize(
    ("text", "shown", "counts"),
    [
        ("\x1b[31mred", "␛[31mred", Counts(escapes=1)),
        ("\x9b2J", "⟨U+009B⟩2J", Counts(escapes=1)),
        ("a\0b\x7f", "a␀b␡", Counts(controls=2)),
        ("over\rwritten", "over␍written", Counts(controls=1)),
        ("\0" * 500, "⟨U+0000×500⟩", Counts(controls=500)),
        ("one\r\ntwo", "one\ntwo", Counts()),
        ("one\r\r\ntwo", "one␍\ntwo", Counts(controls=1)),
        ("gpj\u202etxt.exe", "gpj⟨U+202E⟩txt.exe", Counts(bidi=1)),
        ("left\u200eright", "left⟨U+200E⟩right", Counts(bidi=1)),
        ("pass\u200bword\ufeff", "pass⟨U+200B⟩word⟨U+FEFF⟩", Counts(invisible=2)),
        ("a\u200db", "a⟨U+200D⟩b", Counts(invisible=1)),
        ("😀\u200d", "😀⟨U+200D⟩", Counts(invisible=1)),
        ("x\ufe0f", "x⟨U+FE0F⟩", Counts(invisible=1)),
        ("😀\U000e0149\U000e0147", "😀⟨U+E0149⟩⟨U+E0147⟩", Counts(invisible=2)),
        ("\u200b" * 99, "⟨U+200B×99⟩", Counts(invisible=99)),
        ("a\u2028b\ud800c", "a⟨U+2028⟩b⟨U+D800⟩c", Counts(controls=2)),
    ],
)
def test_what_acts_or_hides_is_shown_and_counted(text: str, shown: str, counts: Counts) -> None:
    assert neutralise(text) == (shown, counts)


def test_a_long_hidden_run_is_shown_in_part_and_counted_in_full() -> None:
    shown, counts = neutralise("a" + "\u200b\u2060" * 50 + "b")

    assert shown == "a" + "⟨U+200B⟩⟨U+2060⟩" * 4 + "⟨+92⟩b"
    assert counts.invisible == 100


def test_counts_add_up() -> None:
    assert (Counts(1, 2, 3, 4) + Counts(1, 1, 1, 1)).total == 14


@given(st.text(st.characters(codec=None), max_size=200))
def test_any_text_becomes_harmless_and_stays_so(text: str) -> None:
    shown, counts = neutralise(text)

    assert neutralise(shown) == (shown, CLEAN)
    shown.encode("utf-8")
    assert not any(unicodedata.category(char) == "Cc" and char not in "\n\t" for char in shown)
    assert (counts == CLEAN) == (shown == text.replace("\r\n", "\n"))


@pytest.mark.parametrize("bad", ["a\nBcc: b@c.org", "a\rb", "a\0b", "\r\n"])
def test_a_header_value_is_one_line(bad: str) -> None:
    with pytest.raises(Problem) as refusal:
        header_safe(bad, "subject")

    assert (refusal.value.code, refusal.value.field) == ("header_injection", "subject")


def test_a_safe_header_value_comes_back_unchanged() -> None:
    assert header_safe("Grüße\t“x”", "subject") == "Grüße\t“x”"


@pytest.mark.parametrize("bad", ["a\nb", "a\x1b[31m", "a\x7f", "a\x9b31m", "a\bb"])
def test_a_typed_line_holds_no_control_character(bad: str) -> None:
    with pytest.raises(Problem) as refusal:
        typed_line(bad, "subject")

    assert (refusal.value.code, refusal.value.field) == ("header_injection", "subject")


def test_a_typed_line_comes_back_unchanged() -> None:
    assert typed_line("Grüße\t“x” 👩‍🚀", "subject") == "Grüße\t“x” 👩‍🚀"


@given(st.text(st.characters(codec=None), max_size=50), st.integers(-1, 120))
def test_cutting_keeps_whole_characters_and_says_how_much_is_gone(text: str, limit: int) -> None:
    kept, cut = truncate_bytes(text, limit)

    whole = len(text.encode("utf-8", "surrogatepass"))
    assert text.startswith(kept)
    assert len(kept.encode("utf-8", "surrogatepass")) == whole - cut
    assert whole - cut <= max(limit, 0)
    assert cut == 0 or whole - cut > limit - 4


def test_a_misspelt_name_has_nearest_known_names() -> None:
    assert nearest("Subjct", ["subject", "body", "to"]) == ("subject",)
    assert nearest("mailbox_name", ["mailbox", "Mailbox_ID", "name"], limit=2) == ("mailbox", "Mailbox_ID")
    assert nearest("zzz", ["subject"]) == ()


@given(st.text(st.characters(max_codepoint=0x2122)))
def test_what_is_found_depends_on_no_character_beside_it(text: str) -> None:
    """Text of western characters alone is passed over faster."""
    counts = neutralise(text)[1]

    assert neutralise(text + " 中")[1] == counts
