"""Texts with slots such as `{{name}}`: which there are, and filling them in. A value is text and fills nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

LONGEST_PLAIN: Final = 100

_SLOT: Final = re.compile(r"\{\{[ \t]*([A-Za-z_][A-Za-z0-9_.-]{0,63})[ \t]*\}\}")
# Whatever markdown or a mail program might make more of than text: markup, links, addresses, bare host names, and
# names of characters (`&period;`), which markdown reads too.
_MORE_THAN_TEXT: Final = re.compile(
    r"[\[\]<>{}*_`#|\\~^@]|:/|//|www\.|[^\s.][.\u3002\uff0e\uff61][^\W\d_]{2}|&\w+;", re.IGNORECASE
)


def slots(*texts: str) -> tuple[str, ...]:
    """The names of the slots, each once, in the order in which they stand."""
    return tuple(dict.fromkeys(match[1] for text in texts for match in _SLOT.finditer(text)))


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its slots filled; `KeyError` for one without a value. What looks like a slot in a value stays."""
    return _SLOT.sub(lambda match: values[match[1]], text)


def is_plain(value: str) -> bool:
    """Whether a value can say nothing but a short word: no markup, no link, no address, one line."""
    return (
        len(value) <= LONGEST_PLAIN
        and value.isprintable()
        and _MORE_THAN_TEXT.search(value) is None
        and value == value.strip()
    )


def stays_plain(text: str, values: Mapping[str, str]) -> bool:
    """Whether plain values are still nothing but words where they stand: `evil.` right before `com` is a host."""
    filled, neutral = fill(text, values), fill(text, dict.fromkeys(values, "x"))
    return len(_MORE_THAN_TEXT.findall(filled)) <= len(_MORE_THAN_TEXT.findall(neutral))
