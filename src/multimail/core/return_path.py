"""The keyed envelope sender: where mail that comes back is sent, naming the delivery it is about, signed.

`agent@example.org` becomes `agent+b-<delivery><signature>@example.org`, which is an address of the same mailbox.
A report that comes to it is about that delivery; whoever forges one would have to have seen the mail.
"""

from __future__ import annotations

import hmac
import re
from typing import Final

from multimail.core.addresses import MAX_LOCAL, normalise
from multimail.core.ids import packed, unpacked

_MARK: Final = "+b-"
_MAC: Final = 9
_PREFIX: Final = "dlv"
_ID_LENGTH: Final = 14
_LENGTH: Final = 28
_LETTERS: Final = "0123456789abcdefghjkmnpqrstvwxyz"
# Some servers write a local part in capitals, none may be told apart by that: one case is enough to read.
_KEYED: Final = re.compile(
    rf"(.+){re.escape(_MARK)}([{_LETTERS}]{{{_LENGTH}}})@([^@]+)", re.ASCII | re.IGNORECASE
)
_WHAT: Final = b"multimail return path 1\0"


def make(secret: bytes, delivery_id: str, mailbox: str) -> str:
    """The envelope sender of a delivery; the mailbox's plain address where its local part leaves no room.

    Raises `ValueError` for what is no delivery's id.
    """
    said = packed(delivery_id)
    local, _, domain = mailbox.rpartition("@")
    if local.endswith('"') or len(local.encode()) + len(_MARK) + _LENGTH > MAX_LOCAL:
        return mailbox
    return f"{local}{_MARK}{delivery_id.partition('_')[2]}{_signature(secret, said, mailbox)}@{domain}"


def read(secret: bytes, address: str) -> str | None:
    """The delivery that the address was made for, or None for any other address. Total."""
    keyed = _KEYED.fullmatch(address)
    if keyed is None:
        return None
    local, key, domain = keyed.groups()
    delivery_id = f"{_PREFIX}_{key[:_ID_LENGTH].lower()}"
    expected = _signature(secret, packed(delivery_id), f"{local}@{domain}")
    return delivery_id if hmac.compare_digest(expected, key[_ID_LENGTH:].lower()) else None


def plain(address: str) -> str:
    """The address without the key in it, true or not: the mailbox that it belongs to."""
    keyed = _KEYED.fullmatch(address)
    return f"{keyed[1]}@{keyed[3]}" if keyed else address


def _signature(secret: bytes, said: bytes, mailbox: str) -> str:
    """14 letters: 70 bits, spelt as an id is."""
    mac = hmac.digest(secret, _WHAT + said + normalise(mailbox).encode(), "sha256")[:_MAC]
    return unpacked("", bytes([mac[0] & 0x3F]) + mac[1:])[1:]
