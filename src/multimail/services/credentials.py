"""From what a caller presents to the principal it names: a key, which is known by its hash only."""

from __future__ import annotations

import hashlib
from typing import Final

from multimail.core.errors import Problem
from multimail.services.context import Services

_LONGEST_KEY: Final = 512


def principal_of_key(services: Services, key: str) -> str:
    """The id of the principal that holds the key now, or `unauthenticated`.

    Keys are found by their SHA-256, so how long the search takes says nothing about a key.
    """
    digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
    found = (
        services.store.instant(lambda tx: tx.principals.by_key(digest)) if key[_LONGEST_KEY:] == "" else None
    )
    if found is None or not found.valid_at(services.clock.now()):
        raise Problem("unauthenticated", "The key is not valid.", advice="Ask the operator for a new key.")
    return found.principal.id
