"""What is wrong with a field, in words for somebody who sees the field and not its name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from multimail.core.errors import Problem

_NAMED: Final = re.compile(r"[a-z_0-9.]+: (?=[A-Z])")
_WORDS: Final = (
    (re.compile(r"String should have at most (\d+) characters?"), r"It may have at most \1 characters"),
    (re.compile(r"Input should be greater than or equal to (\S+?)\.?$"), r"It has to be at least \1."),
    (re.compile(r"Input should be less than or equal to (\S+?)\.?$"), r"It may be at most \1."),
    (re.compile(r"Input should be a valid (?:integer|number).*"), "A number is wanted."),
)
"""What a check of types says, in words for people."""


def said(problem: Problem) -> str:
    """What is wrong, for somebody who sees the field itself and not its name."""
    text = _NAMED.sub("", problem.message, count=1) if _NAMED.match(problem.message) else problem.message
    for pattern, words in _WORDS:
        text = pattern.sub(words, text)
    return text
