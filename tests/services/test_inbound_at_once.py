"""An answer that is here before the next hop's consent to what it answers is written down."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Literal

import pytest

from multimail.adapters.transport.relay import RelayTransport
from multimail.adapters.transport.relay_url import parse_relay_url
from multimail.ports.transport import AboutToSend, HandOver, Outcome
from multimail.services.outbox import Outbox
from tests.support.desk import Desk
from tests.support.sink import Sink

pytestmark = pytest.mark.anyio


class Quick:
    """A next hop behind which somebody answers at once."""

    name: Literal["relay"] = "relay"

    def __init__(self, sink: Sink, answer: Callable[[], Awaitable[Any]]) -> None:
        self._way = RelayTransport(parse_relay_url(sink.url), "here.test")
        self._answer = answer

    async def deliver(self, work: HandOver, about_to_send: AboutToSend) -> tuple[Outcome, ...]:
        outcomes = await self._way.deliver(work, about_to_send)
        await self._answer()
        return outcomes

    async def probe(self) -> str:
        return ""

    async def close(self) -> None:
        await self._way.close()


async def test_who_answers_at_once_has_replied(desk: Desk, sink: Sink) -> None:
    await desk.set(ceiling="autonomous", default_mode="autonomous")
    sent = await desk.send()
    message = await desk.message(sent.message_id)

    async def answer() -> None:
        assert await desk.status(sent.message_id) == "sending"
        await desk.receive(Subject="Re: Monday", In_Reply_To=message.header_id)

    way = Quick(sink, answer)
    await Outbox(desk.services, way, "desk", jitter=lambda: 0.5).step()
    await way.close()
    contact = await desk.read(lambda tx: tx.contacts.by_address("ann@example.org"))
    assert contact is not None
    assert (contact.last_contacted is not None, contact.replied) == (True, True)


async def test_who_writes_into_a_conversation_where_nothing_left_has_not_replied(desk: Desk) -> None:
    first = await desk.receive()
    held = await desk.call("agent", "reply_email", message_id=first, body="Five.")
    assert held.status == "pending_approval"
    await desk.receive("Any news?", References="<0@example.org>")
    contact = await desk.read(lambda tx: tx.contacts.by_address("ann@example.org"))
    assert contact is not None
    assert (contact.interaction_count, contact.replied) == (2, False)
