"""How a text begins: one cheap look that lets nearly all texts past the patterns of hundreds of words.

A set of openings is always wider than the patterns it stands before: whatever begins otherwise, none of them matches.
"""

from __future__ import annotations

import re
from typing import Final

_FIRST: Final = re.compile(r"\W*(\w{0,3})")
_FOREIGN: Final = "\u2026"


def openings(listed: str) -> frozenset[str]:
    """These openings, and every one that is not written in ASCII alone."""
    return frozenset((_FOREIGN, *listed.split()))


def opening(text: str) -> str:
    """The first three characters of its first word (or what there is of it) in lower case."""
    found = _FIRST.match(text)
    first = found[1] if found else ""
    return first.lower() if first.isascii() else _FOREIGN
