"""What each recipient's own copy carries: the token in its unsubscribe link and the envelope sender of its returns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from multimail.core import own_link, return_path
from multimail.core.own_link import Link
from multimail.mime import slot
from multimail.ports.records import StoredDelivery
from multimail.ports.store import Tx
from multimail.services import address_keys


def links(tx: Tx) -> str:
    """What an unsubscribe link begins with, its token excepted; "" where nobody would get to it."""
    found: str = (tx.settings.get("server") or {}).get("links", "")
    return found


@dataclass(frozen=True, slots=True)
class Marks:
    """What marks the copies of one mail: made where the account's secret can be read, used where bytes are."""

    secret: bytes = b""
    mailbox_id: str = ""
    sender: str = ""
    topic: str = ""

    def copy(self, raw: bytes, delivery: StoredDelivery) -> bytes:
        """The recipient's own copy: the same bytes, with a token where the slot is."""
        if not slot.has_slot(raw):
            return raw
        key = address_keys.key_of(self.secret, delivery.address)
        link = Link(delivery.id, key, self.mailbox_id, own_link.topic_key(self.topic))
        return slot.fill(raw, own_link.make(self.secret, link))

    def envelope_sender(self, delivery: StoredDelivery) -> str:
        """Where the copy is returned to."""
        return return_path.make(self.secret, delivery.id, self.sender)


def returned_to(tx: Tx, addresses: Iterable[str]) -> tuple[str, ...]:
    """The deliveries that these envelope recipients were made for: a mail that came to one is a return of it."""
    named = [one for one in addresses if return_path.plain(one) != one]
    if not named:
        return ()
    secret = address_keys.secret(tx)
    return tuple(found for one in named if (found := return_path.read(secret, one)) is not None)
