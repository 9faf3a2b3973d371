"""Slots: found once each, filled strictly and once; and values that can say nothing but a short word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multimail.core.placeholders import find_placeholders
from multimail.core.templates import LONGEST_PLAIN, fill, is_plain, slots, stays_plain


def test_slots_are_named_once_in_order_over_all_texts() -> None:
    assert slots("Hi {{ name }}", "{{room}} {{name}} {{a.b-c_1}}") == ("name", "room", "a.b-c_1")
    assert slots("{{}} {{1a}} {{first name}} {name} {{ünter}} {{a\n}}") == ()


def test_a_value_fills_nothing_else() -> None:
    text = fill("{{a}} and {{ b }}", {"a": "{{b}}", "b": "\\1 {{a}}", "unused": "x"})

    assert text == "{{b}} and \\1 {{a}}"


def test_a_slot_without_a_value_is_an_error() -> None:
    with pytest.raises(KeyError, match="b"):
        fill("{{a}} {{b}}", {"a": "x"})


@given(st.text(), st.text(max_size=20))
def test_what_was_filled_in_leaves_no_slot_of_the_text_behind(text: str, value: str) -> None:
    plain = value.replace("{", "").replace("}", "")
    filled = fill(text, dict.fromkeys(slots(text), plain))

    assert slots(text) == () or all(
        f"{{{{{name}}}}}" not in filled for name in slots(text) if name not in plain
    )


@pytest.mark.parametrize(
    "value",
    [
        "",
        "Ann",
        "Ann O'Neil",
        "€1,000.00",
        "2026-03-02 10:00",
        "AB-12",
        "+49 30 123",
        "Dr. Smith",
        "U.S.",
        "Zoë",
        "山田",
    ],
)
def test_short_words_numbers_and_dates_are_plain(value: str) -> None:
    assert is_plain(value)


@pytest.mark.parametrize(
    "value",
    [
        "evil.com", "see http://x", "x://y", "//x", "a@b.c", "www.x", "[x](y)", "**b**", "a\nb", "a\rb", "évil.рф",
        "evil\u3002com", "{{x}}", "ab\u200bc", "\u202egnp.exe", " x", "x ", "`x`", "<b>", "a|b", "#1",
        "x" * (LONGEST_PLAIN + 1), "~x~", "a\\b", "\x1b[31m",
        "evil&period;com", "&commat;",
    ],
)  # fmt: skip
def test_whatever_could_be_more_than_text_is_not(value: str) -> None:
    assert not is_plain(value)


@given(st.text(max_size=60))
def test_what_is_plain_holds_no_placeholder_and_no_line_end(value: str) -> None:
    if is_plain(value):
        assert find_placeholders(value) == ()
        assert len(value.splitlines()) <= 1


@pytest.mark.parametrize(
    ("text", "values", "stays"),
    [
        ("{{a}}{{b}}", {"a": "evil.", "b": "com"}, False),
        ("{{a}}.{{b}}", {"a": "evil", "b": "com"}, False),
        ("{{a}}{{b}}", {"a": "/", "b": "/x"}, False),
        ("{{a}}{{b}}", {"a": "&period", "b": ";"}, False),
        ("{{a}} {{b}}", {"a": "Dr.", "b": "Lee"}, True),
        ("**{{a}}** at https://shop.example/{{b}}", {"a": "Ann", "b": "17"}, True),
        ("Dear {{a}}.Thanks", {"a": ""}, True),
    ],
)
def test_plain_values_are_judged_where_they_stand_too(text: str, values: dict[str, str], stays: bool) -> None:
    assert all(map(is_plain, values.values()))
    assert stays_plain(text, values) is stays
