"""What approval rules are told: answers to people who are known, by verdicts that speak for their address."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.desk import Desk
from tests.support.sink import Sink

pytestmark = pytest.mark.anyio


@pytest.fixture
async def answering(desk: Desk) -> Desk:
    """Answers to known people go, whatever proves who they are."""
    await desk.call(
        "operator", "create_approval_rule", name="answers", reply_to_known_sender=True, accept_unauthenticated=True
    )  # fmt: skip
    return desk


async def answer(desk: Desk, inbound: str, **more: Any) -> str:
    given = {"message_id": inbound, "body": "Ten euros."} | more
    return str((await desk.call("agent", "reply_email", **given)).status)


async def written_to(desk: Desk, sink: Sink | None = None, **mail: Any) -> str:
    """A person approved a mail to somebody; with a sink it left too."""
    sent = await desk.send(**mail)
    await desk.decide(sent.message_id)
    if sink is not None:
        await desk.step(sink)
    return str(sent.message_id)


async def test_somebody_whom_nobody_wrote_to_is_not_known(answering: Desk) -> None:
    await answering.send()

    assert await answer(answering, await answering.receive()) == "pending_approval"


async def test_a_mail_that_a_person_approved_makes_its_recipient_known(answering: Desk) -> None:
    await written_to(answering)

    assert await answer(answering, await answering.receive()) == "queued"


async def test_so_does_a_mail_that_left_without_one(answering: Desk, sink: Sink) -> None:
    await answering.set(default_mode="autonomous")
    await answering.send()
    await answering.step(sink)
    await answering.set(default_mode="gated_send")

    assert await answer(answering, await answering.receive()) == "queued"


async def test_a_programs_approval_counts_once_the_mail_has_left(answering: Desk, sink: Sink) -> None:
    sent = await answering.send(to=["ann@example.org"], scheduled_at=answering.at(3_600_000_000))
    await answering.decide(sent.message_id, who="bot")
    assert await answer(answering, await answering.receive()) == "pending_approval"

    answering.later(3_600_000_000)
    await answering.timers()
    await answering.step(sink)

    assert await answer(answering, await answering.receive(), body="Eleven euros.") == "queued"


async def test_a_copy_of_the_mailboxes_own_makes_nobody_known(answering: Desk, sink: Sink) -> None:
    await answering.set(auto_bcc=["ann@example.org"])
    await written_to(answering, sink, to=["bob@example.com"])
    await answering.set(auto_bcc=[])

    assert await answer(answering, await answering.receive()) == "pending_approval"


async def test_known_to_one_mailbox_is_not_known_to_another(answering: Desk) -> None:
    await answering.call("operator", "create_mailbox", address="other@localhost")
    await written_to(answering, mailbox="other@localhost")

    assert await answer(answering, await answering.receive()) == "pending_approval"


async def test_the_answer_goes_to_that_person_and_to_nobody_else(answering: Desk) -> None:
    await written_to(answering)
    inbound = await answering.receive()
    elsewhere = await answering.receive(Reply_To="eve@example.net")

    assert await answer(answering, inbound, cc=["eve@example.net"]) == "pending_approval"
    assert await answer(answering, elsewhere) == "pending_approval"


async def test_who_is_new_to_a_thread_is_not_known_there(answering: Desk) -> None:
    await written_to(answering)
    first = await answering.receive(From="bob@example.com")
    thread = await answering.message(first)
    joined = await answering.receive(In_Reply_To=thread.header_id)
    assert (await answering.message(joined)).new_sender

    assert await answer(answering, joined) == "pending_approval"


async def test_without_the_operators_word_an_address_needs_proof(desk: Desk) -> None:
    await desk.call("operator", "create_approval_rule", name="answers", reply_to_known_sender=True)
    await written_to(desk)
    plain, proved, forged = [await desk.receive() for _ in range(3)]
    await desk.sql('UPDATE messages SET authentication = \'{"dmarc":"pass"}\' WHERE id = :id', id=proved)
    await desk.sql(
        'UPDATE messages SET authentication = \'{"spf":"pass","dkim":"pass","dmarc":"fail"}\' WHERE id = :id',
        id=forged,
    )

    assert [await answer(desk, one) for one in (plain, proved, forged)] == [
        "pending_approval", "queued", "pending_approval",
    ]  # fmt: skip


async def test_a_mail_that_answers_nothing_is_no_answer(answering: Desk) -> None:
    await written_to(answering)

    assert (await answering.send(subject="Another")).status == "pending_approval"
