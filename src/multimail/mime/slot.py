"""The slot in a rendered mail where each recipient's own token goes, and putting it there.

What is stored, shown and approved has the slot; what leaves has the token, and every other byte is the same.
The slot is found as plain bytes: whoever renders a part takes care that no encoding of it comes between.
"""

from __future__ import annotations

import re
from typing import Final

from multimail.core.own_link import LENGTH, SLOT

_SLOT: Final = SLOT.encode("ascii")
_SOFT_BREAK: Final = b"=\r\n"
_BROKEN: Final = re.compile(
    rb"(?:=\r\n)?".join(re.escape(SLOT[at : at + 1].encode()) for at in range(LENGTH))
)


def has_slot(raw: bytes) -> bool:
    """Whether a token has to be put in before the mail may leave."""
    return _SLOT in raw


def fill(raw: bytes, token: str) -> bytes:
    """The recipient's own copy. Raises `ValueError` for a token of another length, which would break lines."""
    if len(token) != LENGTH:
        raise ValueError("not as long as the slot")
    return raw.replace(_SLOT, token.encode("ascii"))


def unbroken(encoded: bytes) -> bytes:
    """A quoted-printable text whose slots stand on lines of their own, between soft line breaks (RFC 2045 6.7)."""
    return _BROKEN.sub(_SOFT_BREAK + _SLOT + _SOFT_BREAK, encoded)
