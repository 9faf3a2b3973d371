"""The traces of one person in text: how an address, names and numbers may be written, and taking them out.

An address is somebody's only as a whole: `jane@acme.example` is neither in `mary-jane@acme.example` nor in
`jane@acme.example.org`. Names count whatever stands between their words, numbers whatever stands between digits.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from multimail.core.addresses import normalise

ERASED: Final = "[erased]"
LEAST_DIGITS: Final = 7
_LEAST_NAME: Final = 3
_LEAST_WORDS: Final = 2
_LONGEST: Final = 200
_PUNYCODE: Final = "xn--"
_PHONE: Final = re.compile(r"[+(]?[\d\s().\-/]{7,40}")
_BEFORE: Final = r"(?<![^\W_])(?<!\w[._+-])"
"""Behind it a whole word begins: a line under a word is no part of it, one between two words is."""
_AFTER: Final = r"(?![^\W_])(?![._-]\w)"
_BETWEEN: Final = " \t\r\n().-/\u00a0"
_WITHOUT: Final = dict.fromkeys(map(ord, _BETWEEN))
_BETWEEN_DIGITS: Final = r"[\s().\-/]{0,3}"
_ATS: Final = ("@", "%40", "&#64;", "&#x40;", "=40", "=")
"""How the sign between the halves of an address is written: as it is, in URLs, in HTML, and in a sender address that
names the recipient (VERP)."""
_GAP: Final = r"(?:[\s,.+_\-*~]|%20|&nbsp;|<[^<>]{0,200}>)+"
"""What may stand between the words of a name, in URLs, names of files, Markdown and HTML too."""
_ABROAD: Final = re.compile(r"\+|00")
_COUNTRY: Final = 3
"""Digits of the longest country code."""


@dataclass(frozen=True)
class Traces:
    """What to look for: an address, names, and other values that are one person's, such as telephone numbers."""

    address: str
    names: tuple[str, ...] = ()
    values: tuple[str, ...] = ()

    def found(self, text: str) -> bool:
        """Whether the person is in the text."""
        if self._accented:
            text = _composed(text)
        lowered = text.lower()
        near = any(hint in lowered for hint in self._hints)
        if not near and self._digits:
            compact = _compact(lowered)
            near = any(digits in compact for digits in self._digits)
        return near and self._pattern.search(text) is not None

    def redacted(self, text: str) -> str:
        """The text without the person."""
        return self._pattern.sub(ERASED, _composed(text) if self._accented else text)

    def kept(self) -> dict[str, Any]:
        """As JSON can hold it; `Traces(**kept)` reads it again."""
        return {"address": self.address, "names": list(self.names), "values": list(self.values)}

    @cached_property
    def _hints(self) -> tuple[str, ...]:
        """Cheap signs without one of which the pattern cannot be there."""
        words = (word for name in self.names for word in name.split()[:1])
        mailboxes = (*self._addresses(), *(value for value in self.values if "@" in value))
        spelt = (at.join(one.rsplit("@", 1)) for one in mailboxes for at in _ATS)
        return tuple({one.lower() for one in (*spelt, *words)})

    @cached_property
    def _accented(self) -> bool:
        return not all(name.isascii() for name in self.names)

    @cached_property
    def _digits(self) -> tuple[str, ...]:
        return tuple(_inland(value)[1][-LEAST_DIGITS:] for value in self.values if "@" not in value)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        ways = [*map(_address, self._addresses())]
        ways += [_name(one) for one in sorted(self.names, key=len, reverse=True)]
        ways += [_address(one) if "@" in one else _number(one) for one in self.values]
        return re.compile("|".join(ways), re.IGNORECASE)

    def _addresses(self) -> Iterator[str]:
        """As it is, and with a domain in its own script."""
        yield self.address
        local, _, domain = self.address.rpartition("@")
        if _PUNYCODE in domain:
            try:
                yield f"{local}@{domain.encode('ascii').decode('idna')}"
            except UnicodeError:
                return


def of_person(address: str, names: Iterable[str], metadata: Any) -> Traces:
    """What is known of somebody. From metadata only what names one person: numbers to call and other addresses."""
    values = {one.strip() for one in _texts(metadata) if _is_personal(one.strip())}
    known = {" ".join(_composed(name).split()) for name in names}
    own = normalise(address)
    usable = sorted(name for name in known if _LEAST_NAME <= len(name) <= _LONGEST and name.lower() != own)
    return Traces(own, tuple(usable), tuple(sorted(values - {own})))


def elsewhere(traces: Traces, shared: Iterable[str]) -> Traces:
    """What is looked for where the person takes no part: names of one word, and names that others bear as well
    (`shared`, in lower case), are left out."""
    others = set(shared)
    own = (one for one in traces.names if len(one.split()) >= _LEAST_WORDS and one.lower() not in others)
    return Traces(traces.address, tuple(own), traces.values)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, int) and not isinstance(value, bool):
        yield str(value)
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _texts(one)


def _is_personal(text: str) -> bool:
    if len(text) > _LONGEST:
        return False
    if "@" in text:
        local, _, domain = text.rpartition("@")
        return bool(local) and "." in domain and not any(map(str.isspace, text))
    return _PHONE.fullmatch(text) is not None and len(re.sub(r"[^0-9]", "", text)) >= LEAST_DIGITS


def _compact(text: str) -> str:
    """Without what may stand between digits."""
    if text.isascii():
        return text.translate(_WITHOUT)
    # Twenty times as fast as `translate` where there are other letters.
    for sign in _BETWEEN:
        text = text.replace(sign, "")
    return text


def _composed(text: str) -> str:
    """Letters with their accents as one character, as nearly everybody writes them."""
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def _address(address: str) -> str:
    local, _, domain = map(re.escape, address.rpartition("@"))
    written = "|".join(_ATS[1:-1])
    return (
        f"(?:{_BEFORE}|(?<=%[0-9A-F]{{2}}))(?:{local}(?:@|{written}){domain}{_AFTER})"
        # Behind what names the sender: bounce+jane=acme.example@list.example.
        f"|(?<![^\\W_]){local}={domain}(?![^\\W_])"
    )


def _name(name: str) -> str:
    """The words in their order, or the last one first with a comma, as lists of people have them; never a part of
    somebody's address."""
    words = [re.escape(word) for word in name.split()]
    ways = [_GAP.join(words)]
    if len(words) >= _LEAST_WORDS:
        ways.append(rf"{words[-1]},\s*" + r"\s+".join(words[:-1]))
    return rf"(?<!@){_BEFORE}(?:{'|'.join(ways)})(?![^\W_])(?![\w.+-]*@)"


def _number(value: str) -> str:
    """From abroad, and as it is dialled within the country: of +49 30 1234567 also 0049… and 030 1234567."""
    abroad, digits = _inland(value)
    whole = rf"(?:\+|00)?{_BETWEEN_DIGITS.join(digits)}"
    if not abroad:
        return rf"(?<!\d){whole}(?!\d)"
    ways = [whole]
    for length in range(1, _COUNTRY + 1):
        code, rest = digits[:length], _BETWEEN_DIGITS.join(digits[length:])
        if len(digits) - length >= LEAST_DIGITS:
            ways += [
                rf"0{_BETWEEN_DIGITS}{rest}",
                rf"(?:\+|00)?{code}{_BETWEEN_DIGITS}0{_BETWEEN_DIGITS}{rest}",
            ]
    return rf"(?<!\d)(?:{'|'.join(ways)})(?!\d)"


def _inland(value: str) -> tuple[bool, str]:
    """Whether a number is written for callers from abroad, and its digits."""
    abroad = _ABROAD.match(value.strip("( "))
    digits = re.sub(r"[^0-9]", "", value)
    return bool(abroad), digits[2:] if abroad and abroad[0] == "00" else digits
