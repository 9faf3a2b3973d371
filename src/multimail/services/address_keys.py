"""Keys that stand for addresses: whoever was erased is known again by them, and nobody else is.

A key is an HMAC under a secret of this data folder, so that a key tells nothing to who has not both.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from typing import Final

from multimail.core.addresses import normalise
from multimail.ports.store import Tx

_NAME: Final = "address_secret"
_PURPOSE: Final = b"address\0"
_BYTES: Final = 16


def secret(tx: Tx) -> bytes:
    """The secret of this data folder, made with its tables; it never changes."""
    return bytes.fromhex(tx.settings.get(_NAME))


def key_of(secret: bytes, address: str) -> bytes:
    """The key of an address, however it is spelt: 16 bytes. One who has many addresses asks for the secret once."""
    text = normalise(address).encode("utf-8", "surrogatepass")
    return hmac.digest(secret, _PURPOSE + text, "sha256")[:_BYTES]


def address_key(tx: Tx, address: str) -> bytes:
    """The key of one address."""
    return key_of(secret(tx), address)


def address_keys(tx: Tx, addresses: Iterable[str]) -> dict[str, bytes]:
    """The keys of many addresses, each by its address as given."""
    made = secret(tx)
    return {one: key_of(made, one) for one in addresses}
