"""What each recipient's own copy carries, as it arrives at a real next hop."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from typing import Any

import pytest

from multimail.core import own_link, return_path
from multimail.core.own_link import LENGTH, SLOT, Link, topic_key
from multimail.mime.slot import fill
from multimail.services import address_keys
from multimail.services.leaving import returned_to
from tests.support.desk import Desk
from tests.support.sink import Sink

pytestmark = pytest.mark.anyio

ANN, BOB, EVE = "ann@example.org", "bob@example.org", "eve@example.org"
LINKS = "https://mail.here.example/u/"


async def sent(desk: Desk, sink: Sink, **changes: Any) -> str:
    """A mail that has left, from a server that people can reach."""
    await desk.write(lambda tx: tx.settings.set("server", {"transport": "relay", "links": LINKS}))
    await desk.set(default_mode="autonomous")
    view = await desk.send(**changes)
    await desk.step(sink)
    return str(view.message_id)


def token_in(raw: bytes) -> str:
    header = message_from_bytes(raw, policy=policy.SMTP)["List-Unsubscribe"]
    [token] = re.findall(rf"<{re.escape(LINKS)}([\w-]{{{LENGTH}}})>, <mailto:", header)
    return str(token)


async def test_every_recipient_has_a_token_of_its_own_hidden_ones_too(desk: Desk, sink: Sink) -> None:
    message_id = await sent(desk, sink, to=[ANN], cc=[BOB], bcc=[EVE], topic="news")
    secret = await desk.read(address_keys.secret)
    box = await desk.message(message_id)

    links = {mail.recipients: own_link.read(secret, token_in(mail.raw)) for mail in sink.mails}

    deliveries = await desk.deliveries(message_id)
    assert links == {
        (address,): Link(
            deliveries[address].id, address_keys.key_of(secret, address), box.mailbox_id, topic_key("news")
        )
        for address in (ANN, BOB, EVE)
    }


async def test_copies_differ_in_the_token_and_in_nothing_else(desk: Desk, sink: Sink) -> None:
    message_id = await sent(desk, sink, to=[ANN, BOB], body="Grüße, <https://x.example>")
    stored = await desk.read(lambda tx: tx.revisions.raw(message_id, 1))
    assert stored is not None

    assert [fill(stored, token_in(one.raw)) for one in sink.mails] == [one.raw for one in sink.mails]
    assert len({one.raw for one in sink.mails}) == 2
    assert not any(SLOT.encode() in one.raw for one in sink.mails)
    assert all(b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in one.raw for one in sink.mails)


async def test_a_mail_is_returned_to_an_address_that_names_its_delivery(desk: Desk, sink: Sink) -> None:
    message_id = await sent(desk, sink, to=[ANN], cc=[BOB])
    deliveries = await desk.deliveries(message_id)

    named = {
        mail.recipients[0]: await desk.read(lambda tx, to=mail.sender: returned_to(tx, (BOB, to)))  # type: ignore[misc]
        for mail in sink.mails
    }

    assert named == {one: (deliveries[one].id,) for one in (ANN, BOB)}
    assert {return_path.plain(one.sender) for one in sink.mails} == {desk.box}
    assert await desk.read(lambda tx: returned_to(tx, (desk.box, "agent+b-x@localhost"))) == ()


async def test_a_slot_in_the_text_itself_never_leaves(desk: Desk, sink: Sink) -> None:
    await desk.call("operator", "create_mailbox", address="shop@localhost")
    await sent(desk, sink, to=[ANN, "shop@localhost"], body=f"日本語 Stop: <{LINKS}{SLOT}>", subject=SLOT)

    [mail] = sink.mails
    [here] = await desk.inbound()
    arrived = await desk.read(lambda tx: tx.revisions.raw(here.id, here.revision))
    assert arrived is not None
    for raw in (mail.raw, arrived):
        assert SLOT.encode() not in raw
        assert raw.count(token_in(raw).encode()) == 5
    assert token_in(mail.raw) != token_in(arrived)


async def test_without_a_place_to_lead_to_there_is_no_link(desk: Desk, sink: Sink) -> None:
    await desk.set(default_mode="autonomous")
    await desk.send()
    await desk.step(sink)

    assert b"List-Unsubscribe-Post" not in sink.mails[0].raw
    assert f"List-Unsubscribe: <mailto:{desk.box}?subject=UNSUBSCRIBE>".encode() in sink.mails[0].raw


async def test_the_authors_own_way_out_stands_alone(desk: Desk, sink: Sink) -> None:
    await sent(desk, sink, headers={"List-Unsubscribe": "<https://own.example/stop>"})

    assert sink.mails[0].raw.count(b"List-Unsubscribe") == 1
