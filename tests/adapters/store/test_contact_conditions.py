"""What a search of contacts asks for: which words are an address, and what a value of the data equals."""

from __future__ import annotations

from typing import Any

import pytest

from multimail.adapters.store.contact_conditions import is_address, numbers, text_of


@pytest.mark.parametrize(
    ("query", "whole"),
    [
        ("ann@x.example", True),
        ("ann@x", False),
        ("@x.example", False),
        ("ann", False),
        ("ann b@x.example", False),
    ],
)
def test_words_are_an_address_only_as_a_whole(query: str, whole: bool) -> None:
    assert is_address(query) is whole


@pytest.mark.parametrize(
    ("value", "text", "found"),
    [
        ("2", "2", (2,)), (2, "2", (2,)), ("2.50", "2.50", (2.5,)), (2.5, "2.5", (2.5,)), (True, "true", ()),
        ("pro", "pro", ()), (2**70, str(2**70), ()), ("", "", ()),
    ],
)  # fmt: skip
def test_a_value_is_a_text_and_the_number_that_it_spells(
    value: Any, text: str, found: tuple[float, ...]
) -> None:
    assert (text_of(value), numbers(value)) == (text, found)
