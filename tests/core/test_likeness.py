"""Sketches: texts from one form are alike, others are not."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from multimail.core.likeness import ALIKE, groups, likeness, shingles, sketch

FORM = (
    "Dear {name},\n\nyour booking for {day} is confirmed. The door code is {code}, and coffee is on the house."
    " Write to us if anything is unclear: desk@example.com.\n\nKind regards"
)
OTHER = (
    "Hello,\n\nattached is the invoice for last month. Please pay within two weeks to the account that you know,"
    " and name the number of the invoice."
)


def filled(number: int) -> str:
    days = ("Monday", "Tuesday", "Friday")
    return FORM.format(name=f"Ann{number}", day=days[number % 3], code=1000 + number)


def test_letters_from_one_form_are_alike_and_others_are_not() -> None:
    one, two, other = sketch(filled(1)), sketch(filled(2)), sketch(OTHER)

    same, near, far = likeness(one, [one, two, other])
    assert same == 100
    assert near >= ALIKE
    assert far < ALIKE


def test_numbers_and_addresses_make_no_difference() -> None:
    assert shingles("Code 12 for a@x.org at https://x.org/1") == shingles(
        "code 9 for bob@y.org at https://y.net/2"
    )


def test_groups_are_named_by_their_first() -> None:
    drafts = [("a", filled(1)), ("b", OTHER), ("c", filled(2)), ("d", ""), ("e", ""), ("f", OTHER)]

    made = groups((name, sketch(text)) for name, text in drafts)

    assert made == {"a": "a", "b": "b", "c": "a", "d": "d", "e": "e", "f": "b"}


def test_a_thousand_letters_from_three_forms_are_three_groups() -> None:
    forms = (
        filled,
        lambda number: f"{OTHER} No. {number}",
        lambda number: f"The meeting of {number} is moved on.",
    )
    made = groups((f"m{number}", sketch(forms[number % 3](number))) for number in range(1_000))

    assert sorted(set(made.values())) == ["m0", "m1", "m2"]


@given(st.text(), st.text())
def test_every_text_has_a_sketch_and_likeness_is_the_same_both_ways(one: str, other: str) -> None:
    a, b = sketch(one), sketch(other)

    assert likeness(a, [b]) == likeness(b, [a])
    assert likeness(a, [a]) == [100 if a else 0]
    assert (a == b"") == (shingles(one) == set())


@given(st.lists(st.text(max_size=40), max_size=20))
def test_groups_depend_on_nothing_but_the_texts_and_their_order(texts: list[str]) -> None:
    made = groups((str(number), sketch(text)) for number, text in enumerate(texts))

    assert made == groups((str(number), sketch(text)) for number, text in enumerate(texts))
    assert all(made[leader] == leader for leader in made.values())
