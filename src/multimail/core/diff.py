"""What changed between two revisions of a draft, as text for people and agents and as spans for a page.

Bounded: where comparing would take long the answer gets coarser (whole lines, then the whole changed block),
never wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Literal

Op = Literal["same", "removed", "added"]
_Block = tuple[list[str], list[str]]

CONTEXT: Final = 3
"""Unchanged lines shown around a change."""
MAX_PAIRS: Final = 400_000
"""Lines or words are matched only while old × new, summed over all changed blocks, stays below this."""

_WORDS: Final = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Content:
    """What a revision says."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text that stayed, went or came."""

    op: Op
    text: str


def unified(old: Content, new: Content, old_name: str = "before", new_name: str = "after") -> str:
    """A unified diff of subject (as a first line) and body; empty when nothing changed."""
    before, after = _lines(old), _lines(new)
    if before == after:
        return ""
    lines = [f"--- {old_name}", f"+++ {new_name}"]
    for group in _groups(before, after):
        lines.append(_hunk_head(group))
        for tag, a0, a1, b0, b1 in group:
            if tag == "equal":
                lines += [" " + line for line in before[a0:a1]]
            else:
                lines += ["-" + line for line in before[a0:a1]] + ["+" + line for line in after[b0:b1]]
    return "\n".join(lines) + "\n"


def words(old: str, new: str) -> tuple[Span, ...]:
    """The change word by word: `same` and `removed` spans together are the old text, `same` and `added` the new."""
    spans: list[Span] = []
    budget = MAX_PAIRS
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    for tag, a0, a1, b0, b1 in _opcodes(before, after):
        gone, come = "".join(before[a0:a1]), "".join(after[b0:b1])
        if tag == "equal":
            spans.append(Span("same", gone))
            continue
        one, other = _WORDS.findall(gone), _WORDS.findall(come)
        if (pairs := len(one) * len(other)) <= budget:
            budget -= pairs
            spans += _within(one, other)
        else:
            spans += [Span("removed", gone), Span("added", come)]
    return tuple(_joined(spans))


def inline(old: str, new: str) -> str:
    """The change word by word in one text: `[-gone-]{+come+}`."""
    form = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}
    return "".join(form[span.op].format(span.text) for span in words(old, new))


def _lines(content: Content) -> list[str]:
    return [f"Subject: {content.subject}", "", *content.body.splitlines()]


_Opcode = tuple[str, int, int, int, int]


def _opcodes(before: Sequence[str], after: Sequence[str]) -> list[_Opcode]:
    """Opcodes as difflib gives them. The common beginning and end are found first, in linear time."""
    head = _common(before, after)
    tail = _common(before[head:][::-1], after[head:][::-1])
    a1, b1 = len(before) - tail, len(after) - tail
    codes: list[_Opcode] = [("equal", 0, head, 0, head)] if head else []
    codes += _middle(before, after, (head, a1, b1))
    return codes + ([("equal", a1, len(before), b1, len(after))] if tail else [])


def _middle(before: Sequence[str], after: Sequence[str], bounds: tuple[int, int, int]) -> list[_Opcode]:
    head, a1, b1 = bounds
    if head == a1 and head == b1:
        return []
    if (a1 - head) * (b1 - head) > MAX_PAIRS:
        return [("replace", head, a1, head, b1)]
    matcher = SequenceMatcher(None, before[head:a1], after[head:b1], autojunk=False)
    return [(tag, a + head, b + head, c + head, d + head) for tag, a, b, c, d in matcher.get_opcodes()]


def _common(before: Sequence[str], after: Sequence[str]) -> int:
    count = 0
    for one, other in zip(before, after, strict=False):
        if one != other:
            break
        count += 1
    return count


def _groups(before: Sequence[str], after: Sequence[str]) -> Iterator[list[_Opcode]]:
    """Opcodes in hunks with `CONTEXT` unchanged lines around each."""
    group: list[_Opcode] = []
    codes = _opcodes(before, after)
    for index, (tag, a0, a1, b0, b1) in enumerate(codes):
        if tag != "equal":
            group.append((tag, a0, a1, b0, b1))
            continue
        first, last = index == 0, index == len(codes) - 1
        keep = min(CONTEXT, a1 - a0)
        if not first and not last and a1 - a0 <= 2 * CONTEXT:
            group.append((tag, a0, a1, b0, b1))
            continue
        if not first:
            group.append((tag, a0, a0 + keep, b0, b0 + keep))
            yield group
            group = []
        if not last:
            group.append((tag, a1 - keep, a1, b1 - keep, b1))
    if any(code[0] != "equal" for code in group):
        yield group


def _hunk_head(group: list[_Opcode]) -> str:
    a0, a1, b0, b1 = group[0][1], group[-1][2], group[0][3], group[-1][4]
    return f"@@ -{a0 + 1},{a1 - a0} +{b0 + 1},{b1 - b0} @@"


def _within(before: list[str], after: list[str]) -> list[Span]:
    spans: list[Span] = []
    for tag, a0, a1, b0, b1 in _opcodes(before, after):
        if tag == "equal":
            spans.append(Span("same", "".join(before[a0:a1])))
            continue
        spans += [Span("removed", "".join(before[a0:a1]))] if a1 > a0 else []
        spans += [Span("added", "".join(after[b0:b1]))] if b1 > b0 else []
    return spans


def _joined(spans: list[Span]) -> list[Span]:
    joined: list[Span] = []
    for span in spans:
        if joined and joined[-1].op == span.op:
            joined[-1] = Span(span.op, joined[-1].text + span.text)
        else:
            joined.append(span)
    return joined
