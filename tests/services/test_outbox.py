"""The outbox against a real next hop: what is cleared leaves once, and each recipient has an outcome of its own."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from multimail.core.times import DAY, HOUR
from tests.support.desk import Desk
from tests.support.sink import Fault, Sink

pytestmark = pytest.mark.anyio

ANN, BOB, CAT = "ann@example.org", "bob@example.org", "cat@example.org"


async def approved(desk: Desk, **changes: Any) -> str:
    sent = await desk.send(**changes)
    await desk.decide(sent.message_id)
    return str(sent.message_id)


async def outcomes(desk: Desk, message_id: str) -> dict[str, str]:
    return {address: one.status for address, one in (await desk.deliveries(message_id)).items()}


async def test_unapproved_mail_never_reaches_a_next_hop(desk: Desk, sink: Sink) -> None:
    await desk.send()
    desk.later(6 * DAY)

    assert (await desk.step(sink), sink.sessions) == (0, 0)


async def test_an_approved_mail_arrives_once_and_says_delivered(desk: Desk, sink: Sink) -> None:
    message_id = await approved(desk, cc=[BOB])

    assert await desk.step(sink) == 2
    assert await desk.step(sink) == 0
    message = await desk.message(message_id)
    assert (message.status, message.delivery) == ("delivered", "relayed")
    assert [mail.recipients for mail in sink.mails] == [(ANN,), (BOB,)]
    assert sink.count(message.header_id) == 2


async def test_each_recipient_has_an_outcome_of_its_own(desk: Desk, sink: Sink) -> None:
    sink.misbehave(
        Fault("RCPT", "550 5.1.1 nobody", recipient=BOB), Fault("RCPT", "450 4.2.0 later", recipient=CAT)
    )
    message_id = await approved(desk, cc=[BOB, CAT])

    await desk.step(sink)

    assert await outcomes(desk, message_id) == {ANN: "sent", BOB: "failed", CAT: "queued"}
    assert await desk.status(message_id) == "sent"
    sink.misbehave()
    desk.later(HOUR)
    await desk.step(sink)
    assert await outcomes(desk, message_id) == {ANN: "sent", BOB: "failed", CAT: "sent"}
    assert [mail.recipients for mail in sink.mails] == [(ANN,), (CAT,)]


async def test_when_nobody_can_be_reached_the_mail_failed_and_its_tags_go(desk: Desk, sink: Sink) -> None:
    sink.misbehave(Fault("RCPT", "550 5.1.1 nobody"))
    message_id = await approved(desk, tags=["spring"])

    await desk.step(sink)

    assert (await desk.status(message_id), await desk.contact_tags()) == ("failed", ())
    assert (await desk.deliveries(message_id))[ANN].smtp_code == 550


async def test_a_next_hop_that_puts_off_is_asked_again_for_five_days(desk: Desk, sink: Sink) -> None:
    sink.misbehave(Fault("RCPT", "450 4.2.0 later"))
    message_id = await approved(desk)
    tries, began = 0, desk.clock.now()

    while await desk.status(message_id) in {"queued", "sending"}:
        tries += await desk.step(sink)
        due = (await desk.deliveries(message_id))[ANN].due_at
        desk.later(max(due - desk.clock.now(), 0))

    assert await desk.status(message_id) == "failed"
    assert 5 * DAY <= desk.clock.now() - began < 5 * DAY + 5 * HOUR
    assert 30 < tries < 60
    assert "given up after five days" in (await desk.deliveries(message_id))[ANN].detail


async def test_two_senders_on_one_account_send_a_mail_once(desk: Desk, sink: Sink) -> None:
    for number in range(5):
        await approved(desk, subject=str(number))

    done = await asyncio.gather(*(desk.step(sink, owner) for owner in ("one", "two", "three")))

    assert (sum(done), len(sink.mails)) == (5, 5)


async def test_mail_to_a_mailbox_of_this_server_is_stored_there_and_nothing_leaves(
    desk: Desk, sink: Sink
) -> None:
    await desk.call("operator", "create_mailbox", address="shop@localhost")
    message_id = await approved(desk, to=["shop@localhost"])

    await desk.step(sink)

    message = await desk.message(message_id)
    assert (message.status, message.delivery, sink.sessions) == ("delivered", "stored", 0)
    [arrived] = await desk.inbound()
    assert (arrived.sender, arrived.subject, arrived.header_id) == (desk.box, "Monday", message.header_id)


async def test_without_a_relay_mail_is_kept_here_and_the_answer_says_so(desk: Desk) -> None:
    await desk.write(lambda tx: tx.settings.set("server", {"transport": "capture"}))
    await desk.set(default_mode="autonomous")
    sent = await desk.send()

    await desk.step()

    message = await desk.message(sent.message_id)
    assert (message.status, message.delivery) == ("delivered", "captured")
    assert sent.note.startswith("Kept here, nothing left this machine")


async def test_a_mailbox_that_captures_keeps_its_mail_though_there_is_a_relay(desk: Desk, sink: Sink) -> None:
    await desk.set(deliver="capture")
    message_id = await approved(desk)

    await desk.step(sink)

    assert ((await desk.message(message_id)).delivery, sink.sessions) == ("captured", 0)


async def test_a_mailbox_that_holds_lets_nothing_leave_until_it_no_longer_does(
    desk: Desk, sink: Sink
) -> None:
    message_id = await approved(desk)
    await desk.set(deliver="hold")
    assert (await desk.step(sink), await desk.status(message_id)) == (0, "queued")
    await desk.set(deliver="live")

    assert await desk.step(sink) == 1


async def test_what_leaves_is_what_was_approved_but_for_its_date(desk: Desk, sink: Sink) -> None:
    message_id = await approved(desk)
    stored = await desk.read(lambda tx: tx.revisions.raw(message_id, 1))
    assert stored is not None
    desk.later(HOUR)
    await desk.step(sink)

    def lines(raw: bytes) -> list[bytes]:
        return [line for line in raw.splitlines() if not line.startswith(b"Date:")]

    assert lines(sink.mails[0].raw) == lines(stored)
    assert b"Date: Mon, 02 Mar 2026 13:00:00 +0000" in sink.mails[0].raw


async def test_what_was_withdrawn_between_claim_and_content_does_not_go(desk: Desk, sink: Sink) -> None:
    message_id = await approved(desk)
    sink.misbehave(Fault("MAIL", delay=0.2))

    hand_over = asyncio.ensure_future(desk.step(sink))
    await asyncio.to_thread(sink.wait_until, lambda: any(line.startswith("MAIL") for line in sink.commands))
    await desk.call("agent", "cancel_message", message_id=message_id)
    await hand_over

    assert (await desk.status(message_id), sink.mails) == ("cancelled", [])
