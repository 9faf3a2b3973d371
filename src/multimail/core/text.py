"""Mail is data: makes visible what would act on a screen, a terminal or a model, and guards header values.

Nothing is ever dropped: whatever is hidden or acts is replaced by a mark that shows it, and is counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import groupby, starmap
from typing import Final

from multimail.core.errors import Problem
from multimail.core.patterns import late

# Which characters a reader cannot see, or which act instead of being shown.
_ESCAPES = "\x1b\x90\x98\x9b\x9d\x9e\x9f"
_BIDI = "\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c"
_INVISIBLE = (
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200d\u2060-\u2065\u206a-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_CONTROLS = "\x00-\x08\x0b-\x1a\x1c-\x1f\x7f-\x8f\x91-\x97\x99\x9a\x9c\u2028\u2029\ud800-\udfff\ufffe\uffff"
_HOSTILE: Final = re.compile(rf"[{_ESCAPES}{_CONTROLS}{_BIDI}{_INVISIBLE}]+")
_KINDS: Final = tuple(re.compile(f"[{chars}]") for chars in (_CONTROLS, _ESCAPES, _BIDI, _INVISIBLE))
# A joiner between two letters of scripts that need it or between emoji, one direction mark beside
# right-to-left script, one variation selector after a symbol: spelling, not hiding.
_JOINERS: Final = frozenset({"\u200c", "\u200d", "\ufe0f\u200d"})
_VARIATIONS: Final = frozenset({"\ufe0e", "\ufe0f"})
_MARKS: Final = frozenset({"\u200e", "\u200f"})
_FIRST_JOINED: Final = "\u0600"
_RIGHT_TO_LEFT: Final = re.compile("[\u05d0-\u05f4\u0620-\u08c7\ufb1d-\ufdff\ufe70-\ufefc]")
_VARIED: Final = late("[0-9#*\u00a9-\U0010ffff]")
_USUAL: Final = bytes((*b"\n\t", *range(0x20, 0x7F)))
_SHOWN_PER_RUN: Final = 8
_PICTURED: Final = 3


@dataclass(frozen=True, slots=True)
class Counts:
    """How many characters were made visible, by what they do."""

    controls: int = 0
    escapes: int = 0
    bidi: int = 0
    invisible: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.controls + self.escapes + self.bidi + self.invisible

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.controls + other.controls,
            self.escapes + other.escapes,
            self.bidi + other.bidi,
            self.invisible + other.invisible,
        )


CLEAN: Final = Counts()


def neutralise(text: str) -> tuple[str, Counts]:
    """The text with every acting or hidden character replaced by a visible mark, and how many there were.

    Line feeds and tabs stay, CRLF becomes LF. The result can always be encoded as UTF-8, and neutralising
    it again changes nothing.
    """
    unusual = text.encode("utf-8", "surrogatepass").translate(None, _USUAL).decode("utf-8", "surrogatepass")
    if unusual.isprintable() and is_western(unusual):
        return text, CLEAN
    if _HOSTILE.search(text) is None:
        return text, CLEAN
    pieces: list[str] = []
    counts = CLEAN
    end = 0
    for match in _HOSTILE.finditer(text):
        pieces.append(text[end : match.start()])
        end = match.end()
        run = match[0][:-1] if match[0][-1] == "\r" and text.startswith("\n", end) else match[0]
        if _is_spelling(run, text[match.start() - 1 : match.start()], text[end : end + 1]):
            pieces.append(run)
        else:
            pieces.append(_shown(run))
            counts += _count(run)
    pieces.append(text[end:])
    return "".join(pieces), counts


def is_western(text: str) -> bool:
    """Whether it is written with windows-1252 alone, none of whose printable characters hides or acts: far faster
    to tell than to look for one character of many."""
    if text.isascii():
        return True
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def header_safe(value: str, field: str) -> str:
    """The value itself, or `header_injection` when it would end its header line."""
    if "\n" in value or "\r" in value or "\0" in value:
        raise Problem(
            "header_injection",
            f"{field} contains a line break or NUL.",
            field=field,
            advice="Give it as one line of text.",
        )
    return value


def typed_line(value: str, field: str) -> str:
    """As `header_safe`, of what a caller typed: other control characters have no business there either."""
    if any((char < " " and char != "\t") or "\x7f" <= char <= "\x9f" for char in header_safe(value, field)):
        raise Problem(
            "header_injection",
            f"{field} contains a control character.",
            field=field,
            advice="Give it as one line of plain text.",
        )
    return value


def truncate_bytes(text: str, max_bytes: int) -> tuple[str, int]:
    """The longest beginning that fits into `max_bytes` of UTF-8, and how many bytes were cut off."""
    if len(text) * 4 <= max_bytes:
        return text, 0
    data = text.encode("utf-8", "surrogatepass")
    if len(data) <= max_bytes:
        return text, 0
    end = max(max_bytes, 0)
    while end and data[end] & 0xC0 == 0x80:
        end -= 1
    return data[:end].decode("utf-8", "surrogatepass"), len(data) - end


def nearest(name: str, known: Iterable[str], limit: int = 3) -> tuple[str, ...]:
    """The known names a misspelt one most likely means, best first."""
    by_lower = {candidate.lower(): candidate for candidate in known}
    return tuple(by_lower[match] for match in get_close_matches(name.lower(), by_lower, limit, 0.6))


def _is_spelling(run: str, before: str, after: str) -> bool:
    """Whether a run is one joiner, mark or variation selector where honest text has one."""
    if run in _VARIATIONS:
        return _VARIED.match(before) is not None
    if run in _JOINERS:
        return before >= _FIRST_JOINED and after >= _FIRST_JOINED
    return run in _MARKS and _RIGHT_TO_LEFT.search(before + after) is not None


def _shown(run: str) -> str:
    groups = [(char, sum(1 for _ in same)) for char, same in groupby(run)]
    rest = sum(times for _, times in groups[_SHOWN_PER_RUN:])
    return "".join(starmap(_mark, groups[:_SHOWN_PER_RUN])) + (f"⟨+{rest}⟩" if rest else "")


def _mark(char: str, times: int) -> str:
    """Unicode has a picture for each ASCII control character; everything else is named."""
    if times <= _PICTURED and (char < " " or char == "\x7f"):
        return ("\u2421" if char == "\x7f" else chr(0x2400 + ord(char))) * times
    return f"⟨U+{ord(char):04X}" + (f"×{times}⟩" if times > 1 else "⟩")


def _count(run: str) -> Counts:
    return Counts(*(len(kind.findall(run)) for kind in _KINDS))
