"""The digest a person approves: it covers the rendered mail and everything about where and when it goes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

DIGEST_LENGTH: Final = 40
"""Hex digits kept of the SHA-256: 160 bits, which a person or model can still copy."""

# Made once: `json.dumps` with options makes an encoder each time.
_canonical: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode


def digest_of(raw: bytes, envelope: Mapping[str, Any]) -> str:
    """Digest of a revision: the bytes that will leave (with their fixed admission date) and the envelope."""
    described = _canonical(envelope)
    whole = hashlib.sha256(hashlib.sha256(raw).digest() + described.encode())
    return whole.hexdigest()[:DIGEST_LENGTH]


def batch_digest(subject: str, body: str, mails: Sequence[tuple[str, str]]) -> str:
    """Digest of a batch: its text, and id and digest of each of its mails as it is now."""
    described = _canonical({"subject": subject, "body": body, "mails": [list(one) for one in mails]})
    return hashlib.sha256(described.encode()).hexdigest()[:DIGEST_LENGTH]


def content_hash(parts: Mapping[str, Any]) -> str:
    """Fingerprint of what a principal asked to send, for finding an unintended repeat."""
    return hashlib.sha256(_canonical(parts).encode()).hexdigest()[:32]
