"""Settling: what the outcomes of its recipients make of a mail, with contacts, tags and the record."""

from __future__ import annotations

from typing import Any

import pytest

from multimail.services import settling
from multimail.services.machine import machine_call
from multimail.services.settling import Result
from tests.support.desk import Desk
from tests.support.sink import Fault, Sink

pytestmark = pytest.mark.anyio

ANN, BOB = "ann@example.org", "bob@example.org"


async def sending(desk: Desk, **changes: Any) -> str:
    """A mail of which every delivery is marked as being handed over."""
    await desk.set(default_mode="autonomous")
    sent = await desk.send(**({"cc": [BOB]} | changes))
    now = desk.clock.now()
    await desk.write(lambda tx: tx.deliveries.claim("test", now, now + 1, 10))
    ids = [one.id for one in (await desk.deliveries(sent.message_id)).values()]
    await desk.write(lambda tx: tx.deliveries.move(ids, "claimed", "sending", now))
    await desk.sql("UPDATE messages SET status = 'sending' WHERE id = :id", id=sent.message_id)
    return str(sent.message_id)


async def settle(desk: Desk, message_id: str, **states: str) -> str:
    """Settle deliveries by the first part of their address; the state of the mail afterwards."""
    by_name = {address.partition("@")[0]: one for address, one in (await desk.deliveries(message_id)).items()}
    results = [Result(by_name[name], state, 250) for name, state in states.items()]
    call = machine_call(desk.services)
    settled = await desk.write(lambda tx: settling.settle(tx, call, message_id, results))
    assert settled is not None
    return settled.status


@pytest.mark.parametrize(
    ("ann", "bob", "status"),
    [
        ("sent", "sent", "delivered"), ("sent", "failed", "sent"), ("sent", "queued", "sent"),
        ("failed", "failed", "failed"), ("failed", "queued", "sending"), ("queued", "queued", "sending"),
        ("unknown", "unknown", "unknown"), ("sent", "unknown", "unknown"), ("failed", "unknown", "unknown"),
        ("unknown", "queued", "sending"),
    ],
)  # fmt: skip
async def test_a_mail_is_what_its_deliveries_add_up_to(desk: Desk, ann: str, bob: str, status: str) -> None:
    message_id = await sending(desk)

    assert await settle(desk, message_id, ann=ann, bob=bob) == status


async def test_outcomes_that_come_one_by_one_lead_to_the_same(desk: Desk) -> None:
    message_id = await sending(desk)

    assert await settle(desk, message_id, ann="sent") == "sent"
    assert await settle(desk, message_id, bob="sent") == "delivered"


async def test_a_mail_that_came_back_stays_so_whatever_becomes_of_the_others(desk: Desk) -> None:
    message_id = await sending(desk)
    await settle(desk, message_id, ann="sent")
    now = desk.clock.now()
    ann = (await desk.deliveries(message_id))[ANN].id
    await desk.write(lambda tx: tx.deliveries.move([ann], "sent", "bounced", now))
    message = await desk.message(message_id)
    await desk.write(lambda tx: tx.messages.move(message, "bounced", now))

    assert await settle(desk, message_id, bob="sent") == "bounced"
    assert (await desk.deliveries(message_id))[BOB].status == "sent"


async def test_who_is_still_to_be_tried_is_tried_though_another_copy_came_back(
    desk: Desk, sink: Sink
) -> None:
    sink.misbehave(Fault("RCPT", "450 4.2.0 later", recipient=BOB))
    await desk.set(default_mode="autonomous")
    sent = await desk.send(cc=[BOB])
    await desk.step(sink)
    message = await desk.message(sent.message_id)
    await desk.write(lambda tx: tx.messages.move(message, "bounced", desk.clock.now()))
    sink.misbehave()
    desk.later(3_600_000_000)

    await desk.step(sink)

    assert [mail.recipients for mail in sink.mails] == [(ANN,), (BOB,)]


async def test_an_outcome_that_comes_after_a_rescue_is_still_believed(desk: Desk) -> None:
    message_id = await sending(desk, cc=[])
    await settle(desk, message_id, ann="unknown")

    assert await settle(desk, message_id, ann="sent") == "delivered"


async def test_what_moved_meanwhile_stays_where_it_is(desk: Desk) -> None:
    message_id = await sending(desk, cc=[])
    await settle(desk, message_id, ann="failed")

    assert await settle(desk, message_id, ann="sent") == "failed"


async def test_tags_stay_once_the_mail_left_somewhere(desk: Desk) -> None:
    message_id = await sending(desk, tags=["spring"])
    await settle(desk, message_id, ann="sent", bob="failed")

    assert await desk.write(lambda tx: tx.tags.withdraw(message_id)) == []
    assert "spring" in await desk.contact_tags()


async def test_who_was_written_to_has_it_in_their_log_and_automatic_copies_do_not(
    desk: Desk, sink: Sink
) -> None:
    await desk.set(default_mode="autonomous", auto_bcc=["archive@example.com"])
    inbound = await desk.receive()
    await desk.send()
    await desk.step(sink)
    await desk.call("agent", "reply_email", message_id=inbound, body="Ten.")
    await desk.step(sink)

    found = await desk.call("agent", "manage_contacts", action="get", email=ANN, include_interactions=True)
    everybody = await desk.call("agent", "search_contacts")

    assert [one.kind for one in found.contacts[0].interactions] == ["replied", "sent", "received"]
    assert [one.email for one in everybody.contacts] == [ANN]


async def test_the_record_holds_outcomes_and_codes_and_no_address(desk: Desk) -> None:
    message_id = await sending(desk)
    await settle(desk, message_id, ann="sent", bob="failed")

    attempted = next(one for one in await desk.events(message_id) if one.kind == "message.attempted")

    assert attempted.data == {"outcomes": {"sent": 1, "failed": 1}, "codes": [250]}
