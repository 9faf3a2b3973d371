"""Patterns that are compiled when they are first used."""

from __future__ import annotations

import re
from unittest import mock

import pytest

from multimail.core.patterns import late


def test_a_late_pattern_finds_what_a_compiled_one_finds() -> None:
    pattern = late(r"(?:un)?known (\w+)", re.IGNORECASE)
    text = "Unknown USER, known host"

    assert pattern.findall(text) == ["USER", "host"]
    assert pattern.sub("-", text) == "-, -"
    assert pattern.fullmatch(text) is None


def test_a_late_pattern_is_compiled_once_and_not_before_it_is_used() -> None:
    with mock.patch.object(re, "compile", side_effect=re.compile) as compiled:
        pattern = late("a+")
        assert compiled.call_count == 0

        found = [pattern.match("aa"), pattern.search("baa"), pattern.match("a")]

    assert None not in found
    assert compiled.call_count == 1


def test_a_faulty_pattern_is_told_when_it_is_used() -> None:
    pattern = late("(")

    with pytest.raises(re.error):
        pattern.match("")
