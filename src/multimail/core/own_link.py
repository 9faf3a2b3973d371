"""The token in a recipient's own unsubscribe link: whom, from which mailbox and about what, signed by this account.

It needs no look-up to be believed and never runs out: a link in an old mail has to work. Until a mail is handed
over, `SLOT` stands where the token will be; both are `LENGTH` characters of the same alphabet.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from multimail.core.ids import PACKED, packed, unpacked

LENGTH: Final = 72
KEY_OCTETS: Final = 16
"""Octets of an address key."""
SLOT: Final = "THE-OWN-LINK-OF-EACH-RECIPIENT-IS-PUT-HERE-".ljust(LENGTH, "0")
"""Stands for the token in what is stored, shown and approved. Nothing in it acts in markdown, HTML or a URL."""

_TOPIC: Final = 8
_MAC: Final = 11
_VERSION: Final = b"\x01"
_WHAT: Final = b"multimail unsubscribe link 1\0"
# The version comes last: so no token ends in `-` or `_`, which programs that look for links may leave off.
_ENDS: Final = (PACKED, PACKED + KEY_OCTETS, 2 * PACKED + KEY_OCTETS, 2 * PACKED + KEY_OCTETS + _TOPIC)


@dataclass(frozen=True, slots=True)
class Link:
    """What a token says: the delivery it was made for, whose it is (the address as a key of this account), the
    mailbox that wrote, and the topic as `topic_key` has it."""

    delivery_id: str
    address_key: bytes
    mailbox_id: str
    topic_key: bytes = bytes(_TOPIC)


def topic_key(topic: str) -> bytes:
    """A topic in a token's few octets; no topic is all zeros."""
    return sha256(topic.encode()).digest()[:_TOPIC] if topic else bytes(_TOPIC)


def make(secret: bytes, link: Link) -> str:
    """The token: `LENGTH` characters of base64url. Raises `ValueError` for ids and keys of another form."""
    if len(link.address_key) != KEY_OCTETS or len(link.topic_key) != _TOPIC:
        raise ValueError("not the keys of an address and a topic")
    said = packed(link.delivery_id) + link.address_key + packed(link.mailbox_id) + link.topic_key
    return urlsafe_b64encode(said + _mac(secret, said) + _VERSION).decode("ascii")


def read(secret: bytes, text: str) -> Link | None:
    """What the token says, or None for anything that `make` did not make with this secret. Total."""
    if len(text) != LENGTH or not text.isascii():
        return None
    try:
        data = urlsafe_b64decode(text)
    except ValueError:
        return None
    delivery, address, mailbox, topic = _ENDS
    said = data[:topic]
    # Compared as text: characters that base64 passes over make another text of the same octets.
    made = urlsafe_b64encode(said + _mac(secret, said) + _VERSION)
    if not hmac.compare_digest(made, text.encode("ascii")):
        return None
    return Link(
        unpacked("dlv", said[:delivery]),
        said[delivery:address],
        unpacked("mbx", said[address:mailbox]),
        said[mailbox:topic],
    )


def _mac(secret: bytes, said: bytes) -> bytes:
    return hmac.digest(secret, _WHAT + said, "sha256")[:_MAC]
