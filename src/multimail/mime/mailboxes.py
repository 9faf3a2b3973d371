"""Address lists (RFC 5322 section 3.4, RFC 6532) as they really come: groups, comments, missing commas, routes.

Encoded words are decoded after the list is taken apart, and only in names: an encoded comma or bracket can
never make an address.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from multimail.mime import words
from multimail.mime.model import Mailbox

SIMPLE: Final = re.compile(
    r"""(?:"([^"\\]*)"\s*|([^"<>(),;:\\@]*))<([^\s<>(),;:"\\@]{1,64}@[^\s<>(),;:"\\@]{1,255})>"""
)
BARE: Final = re.compile(r"[^\s<>(),;:\"\\@=]{1,64}@[^\s<>(),;:\"\\@=]{1,255}")
TOKEN: Final = re.compile(
    r"(?P<word>=\?[^?\s]{1,60}\?[bBqQ]\?[^?\s]{0,1000}\?=)"
    r'|(?P<quoted>"(?:[^"\\]|\\.)*"?)|(?P<angle><[^<>]*>?)|(?P<mark>[,;:()])|(?P<atom>[^\s",;:<>()]+(?::[0-9A-Fa-f:.]{1,60}\])?)',
    re.DOTALL,
)
QUOTED_PAIR: Final = re.compile(r"\\(.)", re.DOTALL)
ADDRESS: Final = re.compile(r"(?:\"[^\"\x00-\x1f]*\"|[^\s@\"<>\x00-\x1f\x7f]+)(?:@[^\s@\"<>\x00-\x1f\x7f]+)?")
AROUND: Final = re.compile(r"\s*([@.])\s*")
LONGEST: Final = 320


@dataclass(slots=True)
class Reading:
    """What a list has given so far, and the entry under way: words, comments, `<...>`, words after it."""

    problems: set[str]
    most: int
    fallback: str
    found: list[Mailbox] = field(default_factory=list)
    before: list[str] = field(default_factory=list)
    comment: list[str] = field(default_factory=list)
    angle: str | None = None
    after: list[str] = field(default_factory=list)


def read(value: str, problems: set[str], most: int, fallback: str = "") -> tuple[Mailbox, ...]:
    """The mailboxes of an address header, at most `most`; `fallback` as in `words.decoded`."""
    plain = value.isascii()
    if plain and "<" not in value and BARE.fullmatch(value):
        address = _checked(value, problems)
        return (Mailbox(address),) if address else ()
    simple = SIMPLE.fullmatch(value) if plain else None
    if simple is not None:
        raw_name = simple[1] if simple[1] is not None else simple[2]
        address = _checked(simple[3], problems)
        return (Mailbox(address, words.decoded(raw_name, problems, fallback)),) if address else ()
    if value.count('"') % 2:
        value = value.replace('"', " ")
    if value.count("(") != value.count(")"):
        value = value.replace("(", " ").replace(")", " ")
    return _listed(value, Reading(problems, most, fallback))


def _listed(value: str, reading: Reading) -> tuple[Mailbox, ...]:
    depth = 0
    for token in TOKEN.finditer(value):
        text = token.group()
        if text == "(":
            depth += 1
        elif text == ")" and depth:
            depth -= 1
        elif depth:
            reading.comment.append(text)
        else:
            _take(reading, token.lastgroup or "", text)
        if len(reading.found) > reading.most:
            reading.problems.add("too_many_addresses")
            return tuple(reading.found[: reading.most])
    _finish(reading)
    return tuple(reading.found[: reading.most])


def _take(reading: Reading, kind: str, text: str) -> None:
    if kind in {"word", "quoted", "atom"}:
        (reading.before if reading.angle is None else reading.after).append(text)
    elif kind == "angle":
        if reading.angle is not None:
            # `A <a@x> B <b@y>` lacks its comma: the words since the first address name the second.
            after, reading.after = reading.after, []
            _finish(reading)
            reading.before = after
        reading.angle = text.strip("<>")
    elif text in {",", ";"}:
        _finish(reading)
    elif text == ":" and reading.angle is None:
        # A group's name, or "mailto".
        reading.before.clear()


def _finish(reading: Reading) -> None:
    """Closes the entry under way; an entry without a usable address is noted and left out."""
    if reading.angle is not None:
        _add(reading, _routeless(reading.angle), reading.before or reading.after)
    elif reading.before:
        _add_bare(reading, _joined(reading.before))
    reading.before, reading.after, reading.comment, reading.angle = [], [], [], None


def _add_bare(reading: Reading, entry: list[str]) -> None:
    """An entry without brackets: each word with an at sign is an address, the others are its name."""
    addresses = [word for word in entry if "@" in word and not word.startswith("=?")]
    if not addresses and len(entry) == 1 and not entry[0].startswith(("=?", '"')):
        addresses = entry
    if not addresses:
        reading.problems.add("bad_address")
    name = [word for word in entry if word not in addresses]
    for address in addresses[: reading.most]:
        _add(reading, address, name)


def _joined(entry: list[str]) -> list[str]:
    """Blanks are allowed around an at sign, and a quoted local part stands before one."""
    out: list[str] = []
    for word in entry:
        if out and (out[-1].endswith("@") or (word[0] == "@" and "@" not in out[-1])):
            out[-1] += word
        else:
            out.append(word)
    return out


def _add(reading: Reading, address: str, name: list[str]) -> None:
    checked = _checked(words.repaired(address, reading.fallback, reading.problems), reading.problems)
    if not checked:
        return
    text = " ".join(_unquoted(word) for word in name) or " ".join(reading.comment)
    reading.found.append(Mailbox(checked, words.decoded(text, reading.problems, reading.fallback)))


def _routeless(inner: str) -> str:
    """What `<...>` holds without a source route (RFC 5322 section 4.4) or a `mailto:`."""
    bare = inner.strip()
    if bare.startswith("@"):
        return bare.rpartition(":")[2]
    return bare[7:] if bare[:7].lower() == "mailto:" else bare


def _checked(address: str, problems: set[str]) -> str:
    """The address if it can be one, else `""`. A null address `<>` is no problem."""
    if len(address) <= LONGEST and ADDRESS.fullmatch(address):
        return address
    tight = address if address.startswith('"') else AROUND.sub(r"\1", address.strip())
    if len(tight) <= LONGEST and ADDRESS.fullmatch(tight):
        return tight
    if tight:
        problems.add("bad_address")
    return ""


def _unquoted(word: str) -> str:
    if word[0] != '"':
        return word
    return QUOTED_PAIR.sub(r"\1", word[1:].removesuffix('"'))
