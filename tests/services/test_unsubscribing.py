"""Requests to be left alone, however they come: what holds afterwards, and what is kept of them."""

from __future__ import annotations

from typing import Any

import pytest

from multimail.core import own_link
from multimail.core.times import SECOND
from multimail.ports.store import Tx
from multimail.services import address_keys, unsubscribing
from multimail.services.unsubscribing import Wish
from tests.support.desk import Desk

pytestmark = pytest.mark.anyio

ANN = "ann@example.org"


async def wished(desk: Desk, *topics: str, address: str | None = ANN, **more: Any) -> bool:
    def work(tx: Tx) -> bool:
        box = tx.mailboxes.by_address(desk.box)
        assert box is not None
        key = address_keys.address_key(tx, ANN)
        given: dict[str, Any] = {"way": "page", "requested_at": desk.clock.now() - SECOND} | more
        return unsubscribing.honour(tx, desk.services, Wish(key, address, box.id, topics or ("",), **given))

    return await desk.write(work)


async def link(desk: Desk, message_id: str, topic: str = "", address: str = ANN) -> str:
    delivery = (await desk.deliveries(message_id))[ANN]

    def make(tx: Tx) -> str:
        secret, message = address_keys.secret(tx), tx.messages.get(message_id)
        assert message is not None
        key = address_keys.key_of(secret, address)
        known = own_link.Link(delivery.id, key, message.mailbox_id, own_link.topic_key(topic))
        return own_link.make(secret, known)

    return await desk.read(make)


async def records(desk: Desk) -> list[tuple[str, str | None]]:
    key = await desk.read(lambda tx: address_keys.address_key(tx, ANN))
    return [(one.topic, one.address) for one in await desk.read(lambda tx: tx.suppressions.unlifted(key))]


async def test_who_wants_nothing_is_tagged_for_every_mailbox(desk: Desk) -> None:
    await desk.call("operator", "create_mailbox", address="other@localhost")
    assert await wished(desk)

    assert list(await desk.contact_tags()) == ["unsubscribed"]
    assert (await desk.send(mailbox="other@localhost")).status == "suppressed"


async def test_somebody_who_is_no_contact_becomes_one_that_no_agent_finds(desk: Desk) -> None:
    await wished(desk)

    assert (await desk.call("agent", "search_contacts", email=ANN)).contacts == []


async def test_each_topic_is_a_record_and_a_request_of_its_own(desk: Desk) -> None:
    assert await wished(desk, "news", "offers")
    assert not await wished(desk, "news")

    assert await records(desk) == [("news", ANN), ("offers", ANN)]
    found = await desk.call("operator", "unsubscribe_figures")
    assert [(one.topic, one.seconds) for one in found.newest] == [("offers", 1.0), ("news", 1.0)]
    (event,) = [one for one in await desk.events() if one.kind == "contact.unsubscribed"]
    assert event.data == {"way": "page", "took_ms": 1_000, "topics": ["news", "offers"]}
    assert await desk.contact_tags() == ()


async def test_a_person_of_whom_only_the_key_is_left_is_honoured_by_it(desk: Desk) -> None:
    assert await wished(desk, address=None)

    assert await records(desk) == [("", None)]
    assert await desk.contact_tags() == ()
    assert (await desk.send()).status == "suppressed"


async def test_a_link_whose_mail_went_to_another_address_speaks_for_its_key_only(desk: Desk) -> None:
    sent = await desk.send()
    made = await link(desk, sent.message_id, address="someone@else.example")

    assert await unsubscribing.by_link(desk.services, made, "one_click")
    assert await records(desk) == []
    assert await desk.contact_tags() == ()
    key = await desk.read(lambda tx: address_keys.address_key(tx, "someone@else.example"))
    assert len(await desk.read(lambda tx: tx.suppressions.unlifted(key))) == 1


async def test_a_topic_that_nobody_knows_any_more_means_everything(desk: Desk) -> None:
    sent = await desk.send()
    made = await link(desk, sent.message_id, topic="forgotten")

    assert await unsubscribing.by_link(desk.services, made, "one_click")
    assert await records(desk) == [("", ANN)]


async def test_topics_that_an_operator_misspelt_are_no_choice(desk: Desk) -> None:
    topics = '{"topics": {"News": "commercial", "a, b": "commercial", "": "x"}}'
    await desk.sql("UPDATE mailboxes SET metadata = :topics", topics=topics)
    sent = await desk.send()
    about = await unsubscribing.shown(desk.services, await link(desk, sent.message_id))

    assert about is not None
    assert (about.topics, about.topic, about.address) == (("news",), "", ANN)


async def test_a_token_that_is_not_ours_is_nothing(desk: Desk) -> None:
    assert await unsubscribing.shown(desk.services, "x" * own_link.LENGTH) is None
    assert not await unsubscribing.by_link(desk.services, "x" * own_link.LENGTH, "one_click")
