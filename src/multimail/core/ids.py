"""The form of an id: a prefix that names the kind, then 14 characters of Crockford's base 32 in lower case.

Eight characters are time, so ids sort by age; six are random. Neither is a secret: an id never grants anything.
"""

from __future__ import annotations

import re
from typing import Final

from multimail.core.times import Micros

RANDOM_BITS: Final = 30
TICK_BITS: Final = 12
"""Ids count time in ticks of 2**12 microseconds: about 4 ms, which lasts until the year 2112 in 40 bits."""

PACKED: Final = 9
"""Octets of the 70 bits of an id."""

_TIME_BITS: Final = 40
_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_PAIRS: Final = [first + second for first in _ALPHABET for second in _ALPHABET]
_VALUES: Final = {letter: value for value, letter in enumerate(_ALPHABET)}
_FORM: Final = re.compile(rf"([a-z]+)_([{_ALPHABET}]{{14}})", re.ASCII)


def new_id(prefix: str, at: Micros, random_bits: int) -> str:
    """The same arguments give the same id. Moments before 1970 or after 2112 raise `ValueError`."""
    tick = at >> TICK_BITS
    if tick >> _TIME_BITS or random_bits >> RANDOM_BITS:
        raise ValueError("the moment or the random bits do not fit into an id")
    return f"{prefix}_{_encode(tick << RANDOM_BITS | random_bits)}"


def prefix_of(text: str) -> str:
    """The kind that an id names, or the empty string when `text` has not the form of an id."""
    match = _FORM.fullmatch(text)
    return match[1] if match else ""


def made_at(text: str) -> Micros:
    """The moment in an id, rounded down to its tick. Raises `ValueError` for what is no id."""
    match = _FORM.fullmatch(text)
    if match is None:
        raise ValueError("not an id")
    tick = 0
    for letter in match[2][:8]:
        tick = tick << 5 | _VALUES[letter]
    return tick << TICK_BITS


def packed(text: str) -> bytes:
    """An id in `PACKED` octets, without its prefix. Raises `ValueError` for what is no id."""
    match = _FORM.fullmatch(text)
    if match is None:
        raise ValueError("not an id")
    number = 0
    for letter in match[2]:
        number = number << 5 | _VALUES[letter]
    return number.to_bytes(PACKED, "big")


def unpacked(prefix: str, data: bytes) -> str:
    """The id of this kind that `packed` made these octets of."""
    return f"{prefix}_{_encode(int.from_bytes(data, 'big'))}"


def _encode(number: int) -> str:
    return "".join([_PAIRS[number >> shift & 1023] for shift in range(60, -1, -10)])
