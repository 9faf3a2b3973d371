"""The same server for asynchronous tests: nothing blocks the loop of the test."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from multimail.testing.asynchronous import AsyncServer, async_server
from multimail.testing.serving import NotSent

pytestmark = pytest.mark.anyio
MORNING = datetime(2026, 3, 2, 9, tzinfo=UTC)


async def test_everything_is_awaited() -> None:
    async with async_server("2026-03-02T09:00:00Z") as mail:
        box = await mail.mailbox("support@here.test")
        mail.reviewer(approve_after=60)
        key = await mail.key()
        message_id = await mail.receive(subject="How much?")
        await mail.call("reply_email", caller=key, message_id=message_id, body="Ten.", mailbox=box)
        await mail.settle()
        assert [one["subject"] for one in await mail.pending()] == ["Re: How much?"]
        assert await mail.clock.next() == MORNING + timedelta(seconds=60)

        await mail.wait_for(subject="how much", deadline=timedelta(hours=1))

        assert mail.clock.now == MORNING + timedelta(seconds=60)
        assert [one.to for one in await mail.sent()] == [["customer@outside.test"]]
        assert await mail.clock.set("2026-03-02T10:00:00Z") == MORNING + timedelta(hours=1)


async def test_a_client_of_the_loop_is_served_while_the_test_waits(
    multimail_async_server: AsyncServer,
) -> None:
    mail = multimail_async_server
    box = await mail.mailbox("support@here.test")
    async with await mail.client(timeout=30) as client:
        waiting = asyncio.create_task(client.wait_for_email(mailbox=box, timeout_seconds=20))
        await mail.clock.until_waiting()
        await mail.clock.advance(seconds=5)
        await mail.receive(subject="At last")

        answer = await waiting

    assert ([one["subject"] for one in answer["messages"]], answer["waited_seconds"]) == (["At last"], 5.0)


async def test_a_wait_ends_by_the_clock(multimail_async_server: AsyncServer) -> None:
    mail = multimail_async_server
    await mail.mailbox("support@here.test")
    waiting = asyncio.create_task(mail.call("wait_for_email", timeout_seconds=30))
    await mail.clock.until_waiting()

    await mail.clock.advance(minutes=1)

    assert (await waiting)["waited_seconds"] == 30.0


async def test_faults_and_addresses_are_the_servers_own(multimail_async_server: AsyncServer) -> None:
    mail = multimail_async_server
    box = await mail.mailbox("support@here.test", mode="autonomous")
    assert (mail.base_url, mail.smtp_port) == (mail.sync.base_url, mail.sync.smtp_port)
    with mail.faults.smtp("550 5.1.1 unknown"):
        await mail.call("send_email", mailbox=box, to="ann@outside.test", subject="Hi", body="x")
        with pytest.raises(NotSent):
            await mail.wait_for(deadline=timedelta(seconds=1))
