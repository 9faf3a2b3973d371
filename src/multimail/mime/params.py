"""Content-Type and Content-Disposition: a value with parameters (RFC 2045 section 5, RFC 2231), read leniently."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final
from urllib.parse import unquote_to_bytes

from multimail.mime import charset, words

# A parameter may lack its semicolon, its closing quote or its quotes altogether.
PARAMETER: Final = re.compile(
    r"""[;\s]\s*([A-Za-z0-9_.-]+(?:\*[0-9]{0,3}\*?)?)\s*=\s*(?:"([^"\\]*(?:\\.[^"\\]*)*)"?|([^;"]*))""",
    re.DOTALL,
)
HEAD: Final = re.compile(r"[^;\s]*")
NOT_TOKEN: Final = re.compile(r"[^!#$&+./0-9A-Z^_a-z-]")
MEDIA: Final = re.compile(r"[a-z0-9!#$&^_.+-]{1,80}/[a-z0-9!#$&^_.+-]{1,80}")
QUOTED_PAIR: Final = re.compile(r'\\(["\\])')
SHORT_NAMES: Final[dict[str, str]] = {"html": "text/html", "text": "text/plain", "plain": "text/plain"}
LONGEST: Final = 8192
USUAL: Final = 64
"""Headers up to this length, such as `text/plain; charset=utf-8`, stand in mail after mail alike."""


@dataclass(frozen=True, slots=True)
class Value:
    """The value in lower case and its parameters by lower-case name; the first of two same names counts."""

    value: str
    params: dict[str, str] = field(default_factory=dict)

    def get(self, *names: str) -> str:
        """The first of these parameters that is not empty, else `""`."""
        for name in names:
            if value := self.params.get(name):
                return value
        return ""


def read(raw: str, problems: set[str], fallback: str = "") -> Value:
    """The value and parameters of a header; `fallback` as in `words.decoded`."""
    if len(raw) <= USUAL and raw.isascii():
        value, found = _usual(raw)
        problems |= found
        return value
    return _read(raw[:LONGEST].strip(), problems, fallback)


@lru_cache(maxsize=512)
def _usual(raw: str) -> tuple[Value, frozenset[str]]:
    problems: set[str] = set()
    value = _read(raw.strip(), problems, "")
    return value, frozenset(problems)


def _read(raw: str, problems: set[str], fallback: str) -> Value:
    head = HEAD.match(raw)
    value = head.group() if head else ""
    found: dict[str, str] = {}
    for match in PARAMETER.finditer(raw, len(value)):
        name, quoted, bare = match.groups()
        text = (
            bare.strip() if quoted is None else QUOTED_PAIR.sub(r"\1", quoted) if "\\" in quoted else quoted
        )
        found.setdefault(name.lower(), text)
    if not found:
        return Value(value.lower())
    if any("*" in name for name in found):
        found = _joined(found, problems)
    return Value(
        value.lower(), {name: words.decoded(text, problems, fallback) for name, text in found.items()}
    )


def media_type(value: str, problems: set[str]) -> str:
    """A clean `type/subtype`, or `""` where the header names none."""
    if MEDIA.fullmatch(value):
        return value
    problems.add("bad_content_type")
    cleaned = NOT_TOKEN.sub("", value).strip("/")
    cleaned = SHORT_NAMES.get(cleaned, cleaned)
    return cleaned if MEDIA.fullmatch(cleaned) else ""


def _joined(found: dict[str, str], problems: set[str]) -> dict[str, str]:
    """RFC 2231: `name*`, `name*0`, `name*1*` … become `name`; such a name wins over the plain one."""
    plain: dict[str, str] = {}
    pieces: dict[str, list[tuple[int, bool, str]]] = {}
    for key, text in found.items():
        name, star, rest = key.partition("*")
        if not star:
            plain[name] = text
            continue
        number = rest.rstrip("*")
        pieces.setdefault(name, []).append((int(number or 0), rest.endswith("*") or not rest, text))
    for name, listed in pieces.items():
        plain[name] = _extended(sorted(listed), problems)
    return plain


def _extended(pieces: list[tuple[int, bool, str]], problems: set[str]) -> str:
    if not any(coded for _, coded, _ in pieces):
        return "".join(text for _, _, text in pieces)
    name = ""
    out: list[bytes] = []
    for order, (_, coded, text) in enumerate(pieces):
        if coded and order == 0 and text.count("'") >= 2:
            name, _, rest = text.split("'", 2)
        else:
            rest = text
        data = rest.encode("utf-8", "surrogateescape")
        out.append(unquote_to_bytes(data) if coded else data)
    return charset.decode(b"".join(out), name or "utf-8", problems)
