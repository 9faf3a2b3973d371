"""Placeholders that nobody filled in: mail that contains one is held, in every mode.

A false alarm costs a person one confirmation and a miss reaches a customer, so code spans count too
("your code is `{{code}}`"). Only a fenced block that names its language is a sample in which `{{name}}` is
meant to stay; a marker that speaks to the reviewer counts even there.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import Final

MAX_FOUND: Final = 100
_MAX_LENGTH: Final = 500

_REVIEWER: Final = re.compile(rf"\[\s*REVIEWER\b[^\]]{{0,{_MAX_LENGTH}}}(?:\]|$)?", re.IGNORECASE)
# A bracket followed by ( or [ or : is a link or its definition.
_BRACKET: Final = re.compile(
    r"\[\s*(?:"
    r"(?:TODO|TBD|TBC|TBA|FIXME|XXX+|PLACEHOLDER)\b[^\[\]\n]{0,200}"
    r"|(?:INSERT|FILL[ -]IN|ADD|ENTER|YOUR|RECIPIENT'?S?|CUSTOMER'?S?|SENDER'?S?)[ _][^\[\]\n]{1,200}"
    r"|(?:FIRST|LAST|FULL|COMPANY|PRODUCT|USER)?[ _]?NAME"
    r")\s*\](?![(\[:])",
    re.IGNORECASE,
)
_BRACES: Final = re.compile(r"\{\{[^{}\n]{1,200}\}\}|\*\|[A-Z0-9_:]{1,60}\|\*")
_FENCE: Final = re.compile(r"^ {0,3}(?P<fence>`{3,}|~{3,})[ \t]*(?P<info>[^\s`~][^`\n]*)?$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Placeholder:
    """The exact text and where it stands: `source[start:end] == text`."""

    text: str
    start: int
    end: int


def find_placeholders(source: str) -> tuple[Placeholder, ...]:
    """All placeholders of a subject or body in order of position, at most `MAX_FOUND`."""
    if "[" not in source and "{{" not in source and "*|" not in source:
        return ()
    samples = _samples(source)
    found = {match.start(): match for match in _BRACKET.finditer(source)}
    found |= {match.start(): match for match in _BRACES.finditer(source)}
    found = {start: match for start, match in found.items() if not _within(samples, start)}
    found |= {match.start(): match for match in _REVIEWER.finditer(source)}
    ordered = [found[start] for start in sorted(found)[:MAX_FOUND]]
    return tuple(
        Placeholder(match[0].rstrip(), match.start(), match.start() + len(match[0].rstrip()))
        for match in ordered
    )


def _within(spans: list[tuple[int, int]], position: int) -> bool:
    index = bisect_right(spans, (position, position)) - 1
    return index >= 0 and position < spans[index][1]


def _samples(source: str) -> list[tuple[int, int]]:
    """Where fenced blocks with a language stand; one that is never closed runs to the end (CommonMark 4.5)."""
    spans = []
    opened: re.Match[str] | None = None
    for line in _FENCE.finditer(source):
        if opened is None:
            opened = line
        elif line["info"] is None and line["fence"].startswith(opened["fence"]):
            if opened["info"]:
                spans.append((opened.start(), line.end()))
            opened = None
    if opened is not None and opened["info"]:
        spans.append((opened.start(), len(source)))
    return spans
