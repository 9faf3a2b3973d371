"""What a person writes into a form, as a number or a list."""

from __future__ import annotations

import pytest

from multimail.core.errors import Problem
from multimail.surfaces.web.settings.fields import (
    Field,
    Section,
    entries,
    filled,
    given,
    kept,
    lines,
    names,
    number,
)

FORM = [Section("one", "One", (Field("a", "A"), Field("b", "B"))), Section("two", "Two", (Field("c", "C"),))]


@pytest.mark.parametrize(
    ("text", "value"), [("", None), ("  ", None), ("20", 20), (" 1,000 ", 1000), ("1_0", 10)]
)
def test_numbers_are_read_as_people_write_them(text: str, value: int | None) -> None:
    assert number(text, "cap") == value


@pytest.mark.parametrize("text", ["many", "1.5", "-1", "٣", "1e3", "9" * 16])
def test_what_is_no_whole_number_is_named(text: str) -> None:
    with pytest.raises(Problem) as caught:
        number(text, "cap")

    assert (caught.value.code, caught.value.field) == ("invalid", "cap")


def test_a_list_has_lines_or_commas() -> None:
    assert entries(" a@b.org\n\n@c.org, d@e.org;\n") == ["a@b.org", "@c.org", "d@e.org"]
    assert lines(["a", "b"]) == "a\nb"
    assert lines(None) == ""


def test_a_form_is_kept_field_by_field() -> None:
    assert names(FORM) == ("a", "b", "c")
    assert kept({"a": "1", "x": "2"}, FORM) == {"a": "1", "b": "", "c": ""}


def test_what_says_nothing_is_left_out() -> None:
    assert given(a="", b=None, c=0, d=False, e=[]) == {"c": 0, "d": False, "e": []}


def test_a_field_that_is_needed_is_named_when_it_is_empty() -> None:
    filled({"a": "x"}, "a")
    with pytest.raises(Problem) as caught:
        filled({"a": "x", "b": " "}, "a", "b")

    assert caught.value.field == "b"
