"""A person's passphrase: stored as scrypt, checked in constant time, never returned."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from base64 import b64decode, b64encode
from typing import Final

from multimail.core.errors import Problem
from multimail.core.times import Micros
from multimail.ports.store import Tx

SHORTEST: Final = 12
_LONGEST: Final = 1024
_SALT_BYTES: Final = 16
_HASH_BYTES: Final = 32
# 32 MiB and about a tenth of a second for each guess: the OWASP password storage cheat sheet's second choice.
_COST: Final = (2**15, 8, 3)
_MEMORY: Final = 64 * 1024 * 1024


def hashed(passphrase: str, salt: bytes) -> str:
    """What is stored: the cost, the salt and the hash. Takes about a tenth of a second; not for a transaction.

    `salt` is random, 16 bytes or more. Too short a passphrase is `invalid`.
    """
    text = checked(passphrase)
    if len(salt) < _SALT_BYTES:
        raise ValueError("the salt is too short")
    return _encode(_COST, salt, _scrypt(text, salt, _COST))


def checked(passphrase: str) -> str:
    """The same whichever keyboard typed it; `invalid` for one that is too short or too long."""
    text = _normal(passphrase)
    if not SHORTEST <= len(text) <= _LONGEST:
        raise Problem(
            "invalid",
            f"A passphrase has {SHORTEST} to {_LONGEST} characters.",
            field="passphrase",
            advice="Several words that do not belong together are easy to keep in mind.",
        )
    return text


def matches(passphrase: str, stored: str) -> bool:
    """Whether it is the one that `stored` was made from. Takes as long as `hashed`."""
    cost, salt, expected = _decode(stored)
    return hmac.compare_digest(_scrypt(_normal(passphrase), salt, cost), expected)


def holders(tx: Tx, now: Micros) -> list[tuple[str, str]]:
    """The ids of valid principals that have a passphrase, each with what is stored of it."""
    found = []
    for one in tx.principals.all():
        stored = tx.principals.passphrase_hash(one.principal.id) if one.has_passphrase else None
        if stored is not None and one.valid_at(now):
            found.append((one.principal.id, stored))
    return found


def _normal(passphrase: str) -> str:
    return unicodedata.normalize("NFKC", passphrase)


def _scrypt(text: str, salt: bytes, cost: tuple[int, int, int]) -> bytes:
    n, r, p = cost
    password = text.encode("utf-8", "surrogatepass")
    return hashlib.scrypt(password, salt=salt, n=n, r=r, p=p, maxmem=_MEMORY, dklen=_HASH_BYTES)


def _encode(cost: tuple[int, int, int], salt: bytes, digest: bytes) -> str:
    numbers = ",".join(map(str, cost))
    return f"scrypt${numbers}${b64encode(salt).decode()}${b64encode(digest).decode()}"


def _decode(stored: str) -> tuple[tuple[int, int, int], bytes, bytes]:
    _, numbers, salt, digest = stored.split("$")
    n, r, p = map(int, numbers.split(","))
    return (n, r, p), b64decode(salt), b64decode(digest)
