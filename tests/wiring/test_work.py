"""The loops of a resident: what may leave leaves, and the end waits for a hand-over under way, but not for ever."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final

import pytest

from multimail import config
from multimail.adapters.hooks.sender import Sender
from multimail.adapters.transport.capture import CaptureTransport
from multimail.core.reach import Reach
from multimail.ports.transport import AboutToSend, HandOver, Outcome
from multimail.services import dispatch, first_start
from multimail.services.context import Caller, Services
from multimail.wiring.account import opened
from multimail.wiring.work import Work
from tests.support.receiver import Receiver

pytestmark = pytest.mark.anyio


async def approved(services: Services) -> str:
    """A mail of the agent's that an operator approved; its id."""
    now = services.clock.now()
    operator, _ = await services.store.write(lambda tx: first_start.first_operator(tx, services.ids, now))
    draft = {"mailbox": "agent@localhost", "to": ["ann@example.com"], "subject": "Hi", "body": "Hello"}
    held = await dispatch.call(services, Caller(first_start.BUILT_IN_AGENT, "cli"), "send_email", draft)
    message_id = str(held.model_dump()["message_id"])
    decision = {"message_id": message_id, "decision": "approve"}
    await dispatch.call(services, Caller(operator, "cli"), "decide_email", decision)
    return message_id


async def status(services: Services, message_id: str) -> str:
    found = await services.store.read(lambda tx: tx.messages.get(message_id))
    assert found is not None
    return found.status


async def test_what_was_approved_is_handed_over(tmp_path: Path) -> None:
    async with opened(config.load(data=tmp_path / "data")) as services:
        work = Work(services, CaptureTransport(), Sender(Reach()))
        await work.start()
        message_id = await approved(services)
        async with asyncio.timeout(20):
            while (now := await status(services, message_id)) != "delivered":
                await services.store.changed(services.store.version(), 1.0)
        await work.stop(grace=1.0)

    assert now == "delivered"


class Slow:
    """A way out that takes as long as the test wants."""

    name: Final = "relay"

    def __init__(self) -> None:
        self.begun, self.go_on = asyncio.Event(), asyncio.Event()

    async def deliver(self, work: HandOver, about_to_send: AboutToSend) -> tuple[Outcome, ...]:
        ids = await about_to_send(tuple(one.delivery_id for one in work.recipients))
        self.begun.set()
        await self.go_on.wait()
        return tuple(Outcome(one, "sent", 250) for one in ids)

    async def probe(self) -> str:
        return ""

    async def close(self) -> None: ...


async def test_the_end_waits_for_a_hand_over_under_way(tmp_path: Path) -> None:
    way_out = Slow()
    async with opened(config.load(data=tmp_path / "data")) as services, asyncio.timeout(20):
        work = Work(services, way_out, Sender(Reach()))
        await work.start()
        message_id = await approved(services)
        await way_out.begun.wait()
        stopping = asyncio.create_task(work.stop(grace=20.0))
        done, _ = await asyncio.wait({stopping}, timeout=0.05)
        way_out.go_on.set()
        await stopping

        assert not done
        assert await status(services, message_id) == "delivered"


async def test_the_end_does_not_wait_for_ever(tmp_path: Path) -> None:
    way_out = Slow()
    async with opened(config.load(data=tmp_path / "data")) as services, asyncio.timeout(20):
        work = Work(services, way_out, Sender(Reach()))
        await work.start()
        message_id = await approved(services)
        await way_out.begun.wait()
        await work.stop(grace=0.01)
        assert await status(services, message_id) == "sending"
        again = Work(services, way_out, Sender(Reach()))
        await again.start()
        await again.stop(grace=0.01)

        assert await status(services, message_id) == "unknown"


async def test_what_was_committed_is_posted_to_its_webhook(tmp_path: Path) -> None:
    with Receiver() as receiver:
        async with opened(config.load(data=tmp_path / "data")) as services:
            work = Work(services, CaptureTransport(), Sender(Reach(loopback=True)))
            await work.start()
            operator, _ = await services.store.write(
                lambda tx: first_start.first_operator(tx, services.ids, services.clock.now())
            )
            hook = {"url": receiver.url, "events": ["approval.required"]}
            await dispatch.call(services, Caller(operator, "cli"), "create_webhook", hook)
            draft = {
                "mailbox": "agent@localhost",
                "to": ["ann@example.com"],
                "subject": "Hi",
                "body": "Hello",
            }
            held = await dispatch.call(
                services, Caller(first_start.BUILT_IN_AGENT, "cli"), "send_email", draft
            )
            (posted,) = await asyncio.to_thread(receiver.wait_for, 1)
            await work.stop(grace=5.0)

    assert posted.body["message_id"] == held.model_dump()["message_id"]
