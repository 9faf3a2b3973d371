"""Words of scripts without spaces: each of their sequences is found, and other text is left alone."""

from __future__ import annotations

import pytest

from multimail.adapters.store.words import _UNSPACED, apart


@pytest.mark.parametrize("text", ["", "plain text", "Grüße aus Köln, Ελλάδα, Привет, שלום, 😀"])
def test_text_with_spaces_is_left_alone(text: str) -> None:
    assert apart(text) is text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("日本語のメール", ["日", "本", "語", "の", "メ", "ー", "ル"]),
        ("東京2026 in", ["東", "京", "2026", "in"]),
        ("회의는", ["회", "의", "는"]),
        ("𠮷野", ["𠮷", "野"]),
    ],
)
def test_other_letters_stand_apart(text: str, words: list[str]) -> None:
    assert apart(text).split() == words


def test_the_quick_look_overlooks_no_such_letter() -> None:
    letters = map(chr, [*range(0x10000), *range(0x10000, 0x110000, 0x101)])

    assert [one for one in letters if (apart(one) != one) is not bool(_UNSPACED.search(one))] == []
