"""Placeholders: what a writer meant to fill in is found, ordinary writing is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multimail.core.placeholders import MAX_FOUND, Placeholder, find_placeholders


def texts(source: str) -> list[str]:
    return [found.text for found in find_placeholders(source)]


@pytest.mark.parametrize(
    "placeholder",
    [
        "[REVIEWER: please fill in the amount]",
        "[reviewer]",
        "[REVIEWER: over\ntwo lines]",
        "[ REVIEWER - see [1]",
        "[TODO]",
        "[TODO: check]",
        "[TBD]",
        "[INSERT link here]",
        "[Insert_Date]",
        "[FILL IN price]",
        "[Your Name]",
        "[Customer's address]",
        "[First Name]",
        "[Name]",
        "[PLACEHOLDER]",
        "{{name}}",
        "{{ user.first_name | title }}",
        "*|FNAME|*",
    ],
)
def test_what_waits_to_be_filled_in_is_found(placeholder: str) -> None:
    source = f"Dear friend, {placeholder} and more."
    start = source.index(placeholder)

    assert find_placeholders(source)[0] == Placeholder(placeholder, start, start + len(placeholder))
    assert texts(placeholder) == [placeholder]


@pytest.mark.parametrize(
    "source",
    [
        "plain",
        "see [1] and [the terms](https://example.org)",
        "[Your account](https://example.org/account)",
        "[Your account][account]\n\n[Your account]: https://example.org",
        "- [ ] open\n- [x] done",
        "[reviewers] met; [name] [nameless]"[:11],
        "{single} { {spaced} }",
        "{{}} {{\n}}",
        "2 *|* 3 |",
        "[todos] [insertion] [INSERT]",
    ],
)
def test_ordinary_writing_has_none(source: str) -> None:
    assert texts(source) == []


def test_an_unclosed_reviewer_marker_counts() -> None:
    assert texts("[REVIEWER: fill this in") == ["[REVIEWER: fill this in"]


def test_code_spans_and_plain_fences_count() -> None:
    assert texts("Your code is `{{code}}`.") == ["{{code}}"]
    assert texts("Your code:\n```\n{{code}}\n```\n") == ["{{code}}"]


def test_a_sample_in_a_named_language_keeps_its_braces_but_not_a_reviewer_marker() -> None:
    sample = "```html\n{{kept}} [TODO]\n```` no end\n[REVIEWER: check]\n```\n{{counts}}\n~~~\n{{too}}\n~~~"

    assert texts(sample) == ["[REVIEWER: check]", "{{counts}}", "{{too}}"]
    assert texts("~~~jinja\n{{kept}}\n```\n{{kept}}") == []


def test_several_are_in_order_and_bounded() -> None:
    assert texts("{{b}} [TODO] {{a}} [REVIEWER]") == ["{{b}}", "[TODO]", "{{a}}", "[REVIEWER]"]
    assert len(find_placeholders("{{a}}" * 500)) == MAX_FOUND


@given(
    st.text(max_size=300)
    | st.lists(st.sampled_from(["[", "]", "{{", "}}", "REVIEWER", "\n", "```x", "```", "a"])).map("".join)
)
def test_every_find_says_exactly_where_it_stands(source: str) -> None:
    for found in find_placeholders(source):
        assert source[found.start : found.end] == found.text
        assert found.text
