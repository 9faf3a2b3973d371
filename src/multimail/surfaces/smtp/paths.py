"""Forward and reverse paths of MAIL and RCPT (RFC 5321 section 4.1.2, RFC 6531): text to address, or a refusal."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

# Nearly every path there is. Letters beyond ASCII are allowed here; whether SMTPUTF8 was declared is the
# caller's question.
_ATOM: Final = r"""[^\x00-\x20\x7f-\xa0\ud800-\udfff<>()\[\]\\,;:@"]+"""
_PLAIN: Final = re.compile(rf"<({_ATOM}@{_ATOM})>(?:[ \t]+(.*))?")
# A quoted local part may hold a space; nothing may hold controls or bytes that are not UTF-8.
_UNUSABLE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_LONGEST: Final = 320
NULL: Final = "<>"

Parsed = tuple[str | None, str | None]


def split_path(arg: str, general: Callable[[str], Parsed]) -> Parsed:
    """Address and parameters of a command's argument; `(None, None)` when there is no usable address.

    `general` reads what the common form does not cover: quoted local parts, source routes, address
    literals, missing brackets. The null path comes out as `<>`.
    """
    plain = _PLAIN.fullmatch(arg)
    if plain is not None:
        address, rest = plain.group(1), plain.group(2) or ""
        return (None, None) if len(address) > _LONGEST else (address, rest)
    if arg.startswith("<") and ">" not in arg:
        return None, None
    try:
        found, rest_or_none = general(arg)
    except Exception:  # noqa: BLE001 - the header parser raises all kinds of errors on a hostile argument
        return None, None
    if found and (_UNUSABLE.search(found) or len(found) > _LONGEST):
        return None, None
    return found, rest_or_none


def has_domain(address: str) -> bool:
    """Whether RCPT can take the address: only `postmaster` may come without a domain (RFC 5321 4.5.1)."""
    local, at, domain = address.rpartition("@")
    return bool(local and at and domain) or address.lower() == "postmaster"
