"""How alike two texts are: a sketch of each that is small, and equal in as many places as the texts share words.

A sketch is a one-permutation MinHash over pairs of neighbouring words, with numbers and addresses made one, so that
drafts from one form are alike whoever they greet. An estimate: what is shown as the same is compared in full.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Iterator
from itertools import pairwise
from operator import eq
from typing import Final
from zlib import crc32

PLACES: Final = 32
ALIKE: Final = 50
"""Percent of a sketch that has to be equal for two drafts to be called alike."""
_EMPTY: Final = 0xFFFF
_FORM: Final = struct.Struct(f">{PLACES}H")
_VARIABLE: Final = re.compile(r"https?://[^\s<>()\"']+|[\w.+-]{1,64}@[\w.-]{1,255}|\d+")
_WORD: Final = re.compile(r"\w+")


def words(text: str) -> list[str]:
    """The words of a text, with what differs from one form letter to the next made one."""
    return _WORD.findall(_VARIABLE.sub(" 0 ", text.lower()))


def shingles(text: str) -> set[str]:
    """Pairs of neighbouring words; a text of one word has that."""
    found = words(text)
    return {f"{one} {other}" for one, other in pairwise(found)} or set(found)


def sketch(text: str) -> bytes:
    """The sketch of a text, empty for a text without words."""
    lowest = [_EMPTY] * PLACES
    for shingle in shingles(text):
        value = crc32(shingle.encode("utf-8", "surrogatepass")) * 0x9E3779B1 & 0xFFFFFFFF
        place, rest = value >> 27, value & 0xFFFF
        lowest[place] = min(lowest[place], rest)
    if all(one == _EMPTY for one in lowest):
        return b""
    return _FORM.pack(*_filled(lowest))


def _filled(lowest: list[int]) -> list[int]:
    """Places that no shingle fell into take the next one's: another value the further off that is, so that two gaps
    are alike only where they are alike. Twice around, since the last places take from the first."""
    filled = [0] * PLACES
    value = step = 0
    for place in reversed(range(2 * PLACES)):
        here = lowest[place % PLACES]
        value, step = (value, step + 1) if here == _EMPTY else (here, 0)
        filled[place % PLACES] = (value + step * 0x61C9) % _EMPTY
    return filled


def likeness(one: bytes, others: Iterable[bytes]) -> list[int]:
    """How much of a sketch is equal to each of the others, in percent."""
    own = _unpacked(one)
    return [sum(map(eq, own, _unpacked(other))) * 100 // PLACES for other in others]


def _unpacked(made: bytes) -> tuple[int, ...]:
    return _FORM.unpack(made) if len(made) == _FORM.size else ()


def groups(sketches: Iterable[tuple[str, bytes]]) -> dict[str, str]:
    """The group of each name: the name of the first one that it is alike to, or its own.

    In the order given; each is compared only with the first of groups that share two neighbouring places with it.
    """
    first_of: dict[bytes, str] = {}
    places: dict[tuple[int, int], list[str]] = {}
    leaders: dict[str, tuple[int, ...]] = {}
    found: dict[str, str] = {}
    for name, made in sketches:
        leader = first_of.get(made) if made else None
        if leader is None and made:
            values = _unpacked(made)
            leader = _nearest(values, places, leaders)
            if leader is None:
                leaders[name] = values
                for key in _bands(values):
                    places.setdefault(key, []).append(name)
            first_of[made] = leader or name
        found[name] = leader or name
    return found


def _bands(values: tuple[int, ...]) -> Iterator[tuple[int, int]]:
    return ((place, values[place] << 16 | values[place + 1]) for place in range(0, PLACES, 2))


def _nearest(
    values: tuple[int, ...], places: dict[tuple[int, int], list[str]], leaders: dict[str, tuple[int, ...]]
) -> str | None:
    """The leader that most places are equal to, the earliest of several, if those are enough."""
    candidates = dict.fromkeys(name for key in _bands(values) for name in places.get(key, ())[:8])
    scored = ((sum(map(eq, leaders[name], values)), name) for name in candidates)
    same, name = max(scored, key=lambda pair: pair[0], default=(0, ""))
    return name if same * 100 >= ALIKE * PLACES else None
