"""Mail addresses: parsing, the one canonical form that identity rests on, and the patterns of address lists.

An `Address` keeps what travels on the wire (local part as written, domain in its ASCII form); `normalise`
gives the key under which contacts, lists and participants are compared. Nothing here strips plus tags or
dots: `a+b@x` and `a@x` are two people until their own server says otherwise.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from multimail.core.errors import Problem
from multimail.core.patterns import late

# RFC 5321 section 4.5.3.1: octets; a path is 256 with its angle brackets, so an address is 254.
MAX_LOCAL: Final = 64
_UNREADABLE: Final = "\ufffd"
"""What decoders put where they could not read: nobody has such an address."""
MAX_DOMAIN: Final = 255
MAX_ADDRESS: Final = 254
MAX_INPUT: Final = 2_000
EVERYONE: Final = "*"

_ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\-\u0080-\U0010ffff]"
_ASCII_ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\-]"
# Underscores are no host names (RFC 1123), but containers and Windows machines are named so.
_LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_\-]{0,61}[A-Za-z0-9_])?"
_PLAIN: Final = re.compile(
    rf"({_ASCII_ATEXT}{{1,64}}(?:\.{_ASCII_ATEXT}{{1,64}}){{0,31}})@({_LABEL}(?:\.{_LABEL}){{0,126}})"
)
_DOT_ATOM: Final = late(rf"{_ATEXT}+(?:\.{_ATEXT}+)*")
_QUOTED: Final = re.compile(r'"((?:[^"\\]|\\.)*)"')
_NAMED: Final = re.compile(r"([^<>]*)<([^<>]*)>")
_NAMED_QUOTED: Final = re.compile(r'("(?:[^"\\]|\\.)*")\s*<("(?:[^"\\]|\\.)*"@[^<>"]*|[^<>]*)>')
_ASCII_DOMAIN: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
# Letters, marks and digits, roughly what RFC 5892 calls PVALID; symbols and invisible characters are not.
_LABEL_CATEGORIES: Final = frozenset({"Ll", "Lm", "Lo", "Mn", "Mc", "Nd"})
_DIRECTION: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_FULL_STOPS: Final = str.maketrans("\u3002\uff0e\uff61", "...")


@dataclass(frozen=True, slots=True)
class Address:
    """One mailbox as the wire needs it: `local@domain`, domain lowercase ASCII, with an optional name."""

    address: str
    name: str = ""


def parse_address(text: str, *, field: str = "") -> Address:
    """Read `local@domain`, `<local@domain>` or `Name <local@domain>`, or raise `invalid_address`."""
    plain = _PLAIN.fullmatch(text)
    if plain and len(text) <= MAX_ADDRESS and plain.end(1) <= MAX_LOCAL:
        return Address(f"{plain[1]}@{plain[2].lower()}")
    try:
        return _parse(text)
    except _Unusable as unusable:
        shown = ascii(text if len(text) <= 80 else text[:79] + "…")
        message = f"{shown} is not a usable mail address: {unusable}."
        advice = "Write name@example.org or Name <name@example.org>."
        raise Problem("invalid_address", message, field=field, advice=advice) from None


def parse_list(value: str | Iterable[str], *, field: str = "") -> tuple[Address, ...]:
    """Read recipients from one string (commas or semicolons between them) or from a list of such strings.

    An address given twice is kept once, where it first stood. Raises `invalid_address` for the first bad one.
    """
    parts = _split(value) if isinstance(value, str) else [part for item in value for part in _item(item)]
    found: dict[str, Address] = {}
    for part in parts:
        address = parse_address(part.strip(), field=field)
        found.setdefault(normalise(address.address), address)
    return tuple(found.values())


def normalise(address: str) -> str:
    """The identity of an address: NFC, lower case, ASCII domain. Total: what is no address is only lowered.

    Lower case and not case folding: folding would make `straße@` and `strasse@` one person.
    """
    if address.isascii() and '"' not in address:
        return address.strip().lower()
    text = unicodedata.normalize("NFC", address.strip())
    try:
        text = _addr_spec(text)
    except _Unusable:
        return text.lower()
    local, at, domain = text.rpartition("@")
    return unicodedata.normalize("NFC", local.lower()) + at + domain


def domain_of(address: str) -> str:
    """The canonical domain of an address, empty when it has none."""
    return normalise(address).rpartition("@")[2] if "@" in address else ""


def validate_pattern(pattern: str, *, field: str = "") -> str:
    """The canonical form of a list entry: `*`, `@domain` (also from `*@domain`, `domain`) or an address."""
    text = pattern.strip()
    if text == EVERYONE:
        return EVERYONE
    local, at, domain = text.rpartition("@")
    try:
        if (at and local in ("", "*")) or (not at and "." in text):
            return "@" + ascii_domain(domain)
        if "*" in text:
            raise _Unusable("a star stands alone or as *@domain")
    except _Unusable as unusable:
        message = f"{text[:80]!a} is not a usable entry: {unusable}."
        advice = "Write name@example.org, @example.org, or * for everybody."
        raise Problem("invalid_address", message, field=field, advice=advice) from None
    return normalise(parse_address(text, field=field).address)


def matches(pattern: str, address: str) -> bool:
    """Whether a list entry, canonical or as typed, covers the address. A domain does not cover its subdomains.

    An entry that is not valid covers nobody.
    """
    try:
        canonical = validate_pattern(pattern)
    except Problem:
        return False
    return listed((canonical,), address)


def listed(patterns: Iterable[str], address: str) -> bool:
    """Whether any of these *canonical* entries (see `validate_pattern`) covers the address."""
    identity = normalise(address)
    domain = "@" + identity.rpartition("@")[2]
    return any(pattern in (identity, domain, EVERYONE) for pattern in patterns)


@lru_cache(maxsize=4096)
def ascii_domain(domain: str) -> str:
    """The one form of a domain: lower case, international labels as `xn--` (RFC 5890), literals in brackets.

    Unlike the `idna` codec of the standard library (IDNA 2003), `ß` and `ς` stay themselves.
    """
    if domain.startswith("["):
        return _literal(domain)
    if not domain.isascii():
        folded = unicodedata.normalize("NFKC", domain.translate(_FULL_STOPS)).lower()
        domain = ".".join(map(_ascii_label, unicodedata.normalize("NFC", folded).split(".")))
    if len(domain) > MAX_DOMAIN:
        raise _Unusable(f"its domain is longer than {MAX_DOMAIN} octets")
    if not _ASCII_DOMAIN.fullmatch(domain):
        raise _Unusable("its domain is not a host name" if domain else "the domain after @ is missing")
    return domain.lower()


class _Unusable(ValueError):
    """Why a text is no address, as the end of a sentence."""


def _parse(text: str) -> Address:
    if len(text) > MAX_INPUT:
        raise _Unusable(f"it is longer than {MAX_INPUT} characters")
    if not text.isprintable() and any(_acts(char) for char in text):
        raise _Unusable("it contains control characters")
    text = text.strip()
    named = _NAMED_QUOTED.fullmatch(text) or _NAMED.fullmatch(text)
    if named is None:
        return Address(_addr_spec(text))
    return Address(_addr_spec(named[2].strip()), _name(named[1].strip()))


def _acts(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cs") or char in _DIRECTION


def _name(text: str) -> str:
    quoted = _QUOTED.fullmatch(text)
    return _unescape(quoted[1]) if quoted else text


def _addr_spec(text: str) -> str:
    text = unicodedata.normalize("NFC", text)
    local, at, domain = text.rpartition("@")
    if not at:
        raise _Unusable("it has no @" if text else "it is empty")
    address = f"{_local_part(local)}@{ascii_domain(domain)}"
    if len(address.encode()) > MAX_ADDRESS:
        raise _Unusable(f"it is longer than {MAX_ADDRESS} octets")
    return address


def _local_part(local: str) -> str:
    """A quoted local part that needs no quotes loses them: RFC 5321 section 4.1.2 calls the two the same."""
    if quoted := _QUOTED.fullmatch(local):
        content = _unescape(quoted[1])
        escaped = content.replace("\\", "\\\\").replace('"', '\\"')
        local = content if _DOT_ATOM.fullmatch(content) else f'"{escaped}"'
    elif not _DOT_ATOM.fullmatch(local):
        raise _Unusable("the part before @ is missing" if not local else "the part before @ is malformed")
    if _UNREADABLE in local:
        raise _Unusable("the part before @ was damaged on the way")
    if not local.isprintable() or any(char.isspace() and char != " " for char in local):
        raise _Unusable("the part before @ contains invisible characters")
    if len(local.encode()) > MAX_LOCAL:
        raise _Unusable(f"the part before @ is longer than {MAX_LOCAL} octets")
    return local


def _literal(domain: str) -> str:
    """An address literal (RFC 5321 section 4.1.3) in its shortest spelling."""
    inner = domain[1:-1] if domain.endswith("]") else ""
    try:
        if inner[:5].lower() == "ipv6:":
            return f"[IPv6:{ipaddress.IPv6Address(inner[5:])}]".lower()
        return f"[{ipaddress.IPv4Address(inner)}]"
    except ValueError:
        raise _Unusable("its address literal is malformed") from None


def _ascii_label(label: str) -> str:
    if label.isascii():
        return label
    if any(unicodedata.category(char) not in _LABEL_CATEGORIES and char != "-" for char in label):
        raise _Unusable("its domain contains characters that no host name has")
    return "xn--" + label.encode("punycode").decode("ascii")


def _unescape(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def _item(item: str) -> list[str]:
    """A list entry is one address even when its unquoted name has a comma, as in `Doe, Jane <jane@x>`."""
    named = _NAMED.fullmatch(item.strip())
    return [item] if named and "@" not in named[1] else _split(item)


def _split(text: str) -> list[str]:
    """Cut at commas and semicolons outside quotes and angle brackets; empty pieces are no addresses."""
    parts, start, quoted, angle, escaped = [], 0, False, False, False
    if '"' not in text and "<" not in text:
        return [part for part in re.split(r"[,;]", text) if part.strip()]
    for position, char in enumerate(text):
        if escaped:
            escaped = False
        elif char == "\\":
            escaped = quoted
        elif char == '"':
            quoted = not quoted
        elif not quoted and char in "<>":
            angle = char == "<"
        elif char in ",;" and not quoted and not angle:
            parts.append(text[start:position])
            start = position + 1
    parts.append(text[start:])
    return [part for part in parts if part.strip()]
