"""Requests to be left alone, by a recipient's own link or by mail: honoured in the transaction that takes them.

Nothing that guards callers stands in the way of one: no freeze, no cap, no review. The link is the authority.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from multimail.core import own_link
from multimail.core.addresses import normalise
from multimail.core.errors import Problem
from multimail.core.message_class import clean_topic, of_mailbox
from multimail.core.model import Mailbox, MessageClass
from multimail.core.times import Micros
from multimail.ports.records import Event, StoredMessage
from multimail.ports.store import Tx
from multimail.ports.suppression import UnsubscribeRequest
from multimail.services import address_keys, reputation_counts, suppressing
from multimail.services.context import Services
from multimail.services.rendering import purpose_in
from multimail.services.suppressing import Ban

TAG: Final = "unsubscribed"
EVERYTHING: Final = ("",)
"""The topics of a request that is about all of them."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Who wants no more mail of a mailbox about these topics, how that came, and when.

    `way` is one_click, page or mail. `message_id` is the mail that asks or whose link was used; `about` is the mail of
    ours that it answers or whose link it was. Without an `address`, which an erasure takes away, the key does.
    """

    key: bytes
    address: str | None
    mailbox_id: str
    topics: tuple[str, ...]
    way: str
    requested_at: Micros
    message_id: str | None = None
    thread_id: str | None = None
    about: str | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """What a link is about: the mailbox that wrote, the mail's topic, and those that can be chosen from. `mailbox`
    is None when it is gone, `stopped` are the topics that end already."""

    mailbox: Mailbox | None
    address: str | None
    topic: str
    topics: tuple[str, ...]
    stopped: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Known:
    """What the account still knows of a link."""

    mailbox: Mailbox | None
    address: str | None
    message: StoredMessage | None
    topic: str


async def shown(services: Services, token: str) -> Shown | None:
    """What a link is about; None for a token that is not ours."""
    return await services.store.read(lambda tx: _shown(tx, token))


async def by_link(services: Services, token: str, way: str, topics: Sequence[str] | None = None) -> bool:
    """Honour a link, at once and for good: for the topic of its mail, or those of the given ones that the mailbox
    has, "" being all. Repeating it changes nothing; False for a token that is not ours, which costs no write."""
    asked_at = services.clock.now()
    if await services.store.read(lambda tx: _read(tx, token)) is None:
        return False
    return await services.store.write(lambda tx: _by_link(tx, services, token, way, topics, asked_at))


def honour(tx: Tx, services: Services, wish: Wish) -> bool:
    """Write it down and let it hold. Who wants nothing at all is also tagged, which holds for every mailbox. Returns
    whether anything changed; only then is it counted and told."""
    now = services.clock.now()
    changed = [topic for topic in wish.topics if suppressing.suppress(tx, _ban(wish, topic), now)]
    tagged = "" in wish.topics and _tag(tx, services, wish, now)
    if not changed and not tagged:
        return False
    for topic in changed or EVERYTHING:
        request = UnsubscribeRequest(
            wish.key, wish.mailbox_id, topic, wish.way, wish.message_id, wish.requested_at, now
        )
        tx.unsubscribes.add(request)
    if wish.about and wish.address:
        reputation_counts.opted_out(tx, wish.about, wish.address, now)
    contact = tx.contacts.by_address(wish.address) if wish.address else None
    data = {"way": wish.way, "took_ms": (now - wish.requested_at) // 1_000}
    topics = [topic for topic in changed if topic]
    tx.events.add(
        Event(
            "contact.unsubscribed",
            now,
            wish.mailbox_id,
            wish.message_id,
            wish.thread_id,
            contact.id if contact else None,
            data=data | ({"topics": topics} if topics else {}),
        )
    )
    return True


def _ban(wish: Wish, topic: str) -> Ban:
    return Ban(
        "unsubscribe",
        wish.way,
        address=wish.address,
        key=wish.key,
        mailbox_id=wish.mailbox_id,
        topic=topic,
        evidence={"message_id": wish.message_id} if wish.message_id else {},
    )


def _tag(tx: Tx, services: Services, wish: Wish, now: Micros) -> bool:
    """Who is no contact becomes a hidden one, which holds nothing but the tag."""
    if wish.address is None:
        return False
    contact_id = services.ids.new("contact", now)
    contact = tx.contacts.ensure(contact_id, normalise(wish.address), "", now, hidden=True)
    return bool(tx.tags.add("contact", contact.id, (TAG,), "", now))


def _by_link(
    tx: Tx, services: Services, token: str, way: str, topics: Sequence[str] | None, asked_at: Micros
) -> bool:
    link = _read(tx, token)
    assert link is not None
    known = _known(tx, link)
    choice = {"", known.topic, *_topics_of(known.mailbox)}
    wanted = (known.topic,) if topics is None else tuple(sorted(choice & {*topics}))
    honour(
        tx,
        services,
        Wish(
            link.address_key,
            known.address,
            link.mailbox_id,
            wanted,
            way,
            asked_at,
            known.message.id if known.message else None,
            known.message.thread_id if known.message else None,
            about=known.message.id if known.message else None,
        ),
    )
    return True


def _read(tx: Tx, token: str) -> own_link.Link | None:
    return own_link.read(address_keys.secret(tx), token)


def _shown(tx: Tx, token: str) -> Shown | None:
    link = _read(tx, token)
    if link is None:
        return None
    known = _known(tx, link)
    records = tx.suppressions.unlifted(link.address_key)
    stopped = {
        one.topic
        for one in records
        if one.reason == "unsubscribe" and one.mailbox_id in {"", link.mailbox_id}
    }
    topics = {known.topic, *_topics_of(known.mailbox)} - {""}
    return Shown(known.mailbox, known.address, known.topic, tuple(sorted(topics)), frozenset(stopped))


def _known(tx: Tx, link: own_link.Link) -> _Known:
    """A mail that was deleted takes its address along, and a topic that cannot be told any more is all of them: when
    in doubt nobody is written to."""
    box = tx.mailboxes.get(link.mailbox_id)
    message = next(map(tx.messages.get, tx.deliveries.messages_of([link.delivery_id])), None)
    if message is None:
        return _Known(box, None, None, _topic(link, _topics_of(box)))
    address = next((one.address for one in tx.deliveries.of(message.id) if one.id == link.delivery_id), None)
    if address is not None and address_keys.address_key(tx, address) != link.address_key:
        address = None
    revision = tx.revisions.get(message.id, message.revision)
    own = purpose_in(revision.envelope).topic if revision is not None else ""
    return _Known(box, address, message, _topic(link, _topics_of(box, own)))


def _topic(link: own_link.Link, candidates: Sequence[str]) -> str:
    return next((one for one in candidates if own_link.topic_key(one) == link.topic_key), "")


def _topics_of(box: Mailbox | None, *more: str) -> tuple[str, ...]:
    """The topics that an operator gave a mailbox, as far as they can be read, and `more`: those that can be stopped. A
    receipt comes all the same, so that who wants no more of it wants none of what can be stopped."""
    metadata = box.metadata if box is not None else {}
    named = metadata.get("topics")
    found = [*more]
    for name in named if isinstance(named, dict | list) else ():
        try:
            found.append(clean_topic(str(name)))
        except Problem:
            continue
    return tuple(one for one in found if one and of_mailbox(metadata, one) is not MessageClass.TRANSACTIONAL)
