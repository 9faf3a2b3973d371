"""Passphrases: what is stored of them tells nothing, and only the right one matches."""

from __future__ import annotations

from functools import cache

import pytest

from multimail.core.errors import Problem
from multimail.services import passphrases

SALT = bytes(range(16))
WORDS = "correct horse battery staple"


@cache
def stored() -> str:
    return passphrases.hashed(WORDS, SALT)


def test_the_right_passphrase_matches_and_another_does_not() -> None:
    assert passphrases.matches(WORDS, stored())
    assert not passphrases.matches(WORDS + " ", stored())


def test_what_is_stored_names_its_cost_and_not_the_passphrase() -> None:
    assert stored().startswith("scrypt$32768,8,3$")
    assert WORDS not in stored()


def test_another_salt_gives_another_hash() -> None:
    assert passphrases.hashed(WORDS, SALT[::-1]) != stored()


def test_a_passphrase_is_the_same_on_every_keyboard() -> None:
    composed, taken_apart = "Grüße aus Köln", "Gru\u0308ße aus Ko\u0308ln"

    assert passphrases.matches(taken_apart, passphrases.hashed(composed, SALT))


@pytest.mark.parametrize("text", ["", "short", "x" * 1025])
def test_too_short_or_too_long_is_refused(text: str) -> None:
    with pytest.raises(Problem) as caught:
        passphrases.hashed(text, SALT)

    assert (caught.value.code, caught.value.field) == ("invalid", "passphrase")


def test_a_short_salt_is_a_fault_of_the_caller() -> None:
    with pytest.raises(ValueError, match="salt"):
        passphrases.hashed(WORDS, b"salt")
