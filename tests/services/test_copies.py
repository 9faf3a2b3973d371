"""Copies on their way out: an outage costs one attempt, a bad recipient costs nobody else anything."""

from __future__ import annotations

import asyncio

import pytest

from multimail.adapters.transport.relay import RelayTransport
from multimail.adapters.transport.relay_url import parse_relay_url
from multimail.core import failpoints
from multimail.core.times import HOUR
from multimail.services.outbox import Outbox
from tests.support.desk import Desk
from tests.support.sink import Fault, Sink

pytestmark = pytest.mark.anyio

PEOPLE = [f"p{number:02}@example.org" for number in range(10)]


async def ready(desk: Desk, people: list[str]) -> str:
    await desk.set(default_mode="autonomous")
    view = await desk.send(to=people[:10], bcc=people[10:] or None)
    return str(view.message_id)


async def outcomes(desk: Desk, message_id: str) -> dict[str, str]:
    return {address: one.status for address, one in (await desk.deliveries(message_id)).items()}


async def test_recipients_are_served_in_their_order_over_one_connection(desk: Desk, sink: Sink) -> None:
    await ready(desk, PEOPLE)

    assert await desk.step(sink) == 10
    assert [mail.recipients for mail in sink.mails] == [(one,) for one in PEOPLE]
    assert sink.sessions == 1


async def test_a_recipient_with_whom_the_connection_breaks_holds_up_nobody(desk: Desk, sink: Sink) -> None:
    sink.misbehave(Fault("RCPT", action="drop", recipient=PEOPLE[2]))
    message_id = await ready(desk, PEOPLE)

    await desk.step(sink)

    assert await outcomes(desk, message_id) == dict.fromkeys(PEOPLE, "sent") | {PEOPLE[2]: "queued"}


@pytest.mark.parametrize(
    ("fault", "sessions"),
    [
        (Fault("CONNECT", "421 4.3.2 later", action="drop"), 1),
        (Fault("EHLO", action="drop"), 1),
        (Fault("MAIL", "530 5.7.0 sign in"), 1),
        (Fault("MAIL", action="drop"), 2),
        (Fault("RCPT", "421 4.3.2 closing", action="drop"), 2),
    ],
)
async def test_a_next_hop_that_takes_nothing_is_not_asked_for_each_recipient(
    desk: Desk, sink: Sink, fault: Fault, sessions: int
) -> None:
    sink.misbehave(fault)
    message_id = await ready(desk, PEOPLE)

    await desk.step(sink)

    assert (await outcomes(desk, message_id), sink.sessions) == (dict.fromkeys(PEOPLE, "queued"), sessions)
    assert {one.attempts for one in (await desk.deliveries(message_id)).values()} == {1}
    sink.misbehave()
    desk.later(HOUR)
    await desk.step(sink)
    assert [mail.recipients for mail in sink.mails] == [(one,) for one in PEOPLE]


async def test_who_is_put_off_puts_off_nobody_else(desk: Desk, sink: Sink) -> None:
    sink.misbehave(*(Fault("RCPT", "450 4.2.0 later", recipient=one) for one in PEOPLE[:3]))
    message_id = await ready(desk, PEOPLE)

    await desk.step(sink)

    late = dict.fromkeys(PEOPLE[:3], "queued")
    assert await outcomes(desk, message_id) == dict.fromkeys(PEOPLE, "sent") | late


async def test_an_unknown_outcome_is_one_recipients(desk: Desk, sink: Sink) -> None:
    sink.misbehave(Fault("DOT", action="drop", times=1, keep=True))
    message_id = await ready(desk, PEOPLE)

    await desk.step(sink)

    assert await outcomes(desk, message_id) == dict.fromkeys(PEOPLE, "sent") | {PEOPLE[0]: "unknown"}
    assert len(sink.mails) == 10


async def test_a_fault_of_our_own_leaves_what_is_known_and_tries_the_rest_later(
    desk: Desk, sink: Sink
) -> None:
    message_id, marks = await ready(desk, PEOPLE), 0

    def fail(passed: str) -> None:
        nonlocal marks
        marks += passed == "outbox.before_mark"
        if passed == "outbox.before_mark" and marks == 4:
            raise RuntimeError("made for a test")

    failpoints.arm(fail)
    try:
        await desk.step(sink)
    finally:
        failpoints.disarm()

    sent = dict.fromkeys(PEOPLE[:3], "sent")
    assert await outcomes(desk, message_id) == dict.fromkeys(PEOPLE, "queued") | sent
    desk.later(HOUR)
    await desk.step(sink)
    assert [mail.recipients for mail in sink.mails] == [(one,) for one in PEOPLE]


async def test_cut_off_in_the_middle_the_outcomes_so_far_are_written(desk: Desk, sink: Sink) -> None:
    people = [*PEOPLE, *(f"q{number:02}@example.org" for number in range(15))]
    sink.misbehave(Fault("RCPT", action="hang", recipient=people[13]))
    message_id = await ready(desk, people)
    way_out = RelayTransport(parse_relay_url(sink.url), "here.test")
    outbox = Outbox(desk.services, way_out, "desk")
    await outbox.begin()
    await asyncio.to_thread(sink.wait_until, lambda: f"RCPT TO:<{people[13]}>" in sink.commands)

    assert list((await outcomes(desk, message_id)).values()).count("sent") == 10
    await outbox.finish(grace=0)
    await way_out.close()

    assert list((await outcomes(desk, message_id)).values()).count("sent") == 13
