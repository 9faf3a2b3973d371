"""What can be said of every text that a pattern matches, worked out from the pattern itself.

Texts are told apart as far as `openings.opening` tells them: a letter or digit of ASCII is itself in lower case, other
letters are `FOREIGN`, everything between words is `GAP`. Case is ignored throughout.
"""

from __future__ import annotations

import re
from importlib import import_module
from typing import Any

GAP, FOREIGN = " ", "~"
NAMED = "abcdefghijklmnopqrstuvwxyz0123456789_"
ANYTHING = frozenset({*NAMED, GAP, FOREIGN})
CATEGORIES = {
    "CATEGORY_WORD": frozenset({*NAMED, FOREIGN}),
    "CATEGORY_NOT_WORD": frozenset({GAP}),
    "CATEGORY_SPACE": frozenset({GAP}),
    "CATEGORY_DIGIT": frozenset({*"0123456789", FOREIGN}),
}
REPEATS = {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}


def parsed(pattern: re.Pattern[str]) -> list[Any]:
    """The pattern as Python's own compiler takes it apart."""
    return list(import_module("re._parser").parse(pattern.pattern, pattern.flags))


def openings_of(pattern: re.Pattern[str]) -> set[str]:
    """All that `opening` can say of a text this pattern matches at its beginning, but what is not written in ASCII."""
    found = (start.lstrip(GAP).partition(GAP)[0] for start in _extended({""}, parsed(pattern)))
    return {start for start in found if FOREIGN not in start}


def always_holds(items: list[Any], words: re.Pattern[str]) -> bool:
    """Whether one of the words is in every text that is matched, as far as it stands there in one piece."""
    run = ""
    for op, value in items:
        name = str(op)
        if name == "LITERAL":
            run += chr(value).lower()
            if words.search(run):
                return True
            continue
        run = ""
        if name == "SUBPATTERN" and always_holds(list(value[3]), words):
            return True
        if name == "BRANCH" and all(always_holds(list(one), words) for one in value[1]):
            return True
    return False


def _extended(starts: set[str], items: list[Any]) -> set[str]:
    for op, value in items:
        open_ = {one for one in starts if not _is_known(one)}
        if not open_:
            break
        starts = (starts - open_) | _stepped(open_, str(op), value)
    return starts


def _is_known(start: str) -> bool:
    word = start.lstrip(GAP)
    return len(word) >= 3 or GAP in word or FOREIGN in word


def _stepped(starts: set[str], op: str, value: Any) -> set[str]:
    if op == "SUBPATTERN":
        return _extended(starts, list(value[3]))
    if op == "BRANCH":
        return set().union(*(_extended(starts, list(one)) for one in value[1]))
    if op in REPEATS:
        return _repeated(starts, *value)
    if op == "AT":
        ends = str(value) == "AT_BOUNDARY"
        return {one + GAP if ends and one.strip(GAP) else one for one in starts}
    if op in {"ASSERT", "ASSERT_NOT"}:
        return starts
    return {start.lstrip(GAP) + char for start in starts for char in _chars(op, value)}


def _repeated(starts: set[str], least: int, most: int, inner: Any) -> set[str]:
    found = set(starts) if least == 0 else set()
    for times in range(1, min(most, 5) + 1):
        starts = _extended(starts, list(inner))
        found |= starts if times >= least else set()
        starts = {one for one in starts if not _is_known(one)}
    return found


def _chars(op: str, value: Any) -> frozenset[str]:
    if op == "LITERAL":
        return frozenset({_kind(chr(value))})
    if op != "IN" or str(value[0][0]) == "NEGATE":
        return ANYTHING
    return frozenset().union(*(_of_class(str(kind), one) for kind, one in value))


def _of_class(kind: str, value: Any) -> frozenset[str]:
    if kind == "LITERAL":
        return frozenset({_kind(chr(value))})
    if kind == "RANGE":
        return frozenset(_kind(chr(code)) for code in range(value[0], value[1] + 1))
    return CATEGORIES.get(str(value), ANYTHING)


def _kind(char: str) -> str:
    if char.lower() in NAMED:
        return char.lower()
    return GAP if re.match(r"\W", char) else FOREIGN
