"""Connections that are kept: how many there are, how long they live, and that a dead one costs no mail."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from dataclasses import replace

import pytest

from multimail.adapters.transport.pool import Limits
from tests.adapters.transport.mailing import PATIENT, Marks, kinds, relay, work
from tests.support.sink import Fault, Sink

pytestmark = pytest.mark.anyio

TIRED = Limits(fresh=0)
"""Every kept connection is asked whether it still answers."""


@pytest.mark.parametrize(("limits", "between"), [(Limits(), []), (TIRED, ["RSET"])])
async def test_a_connection_is_used_again_at_once_or_after_a_reset(
    limits: Limits, between: list[str]
) -> None:
    with Sink() as sink:
        async with relay(sink.url, limits=limits) as transport:
            for _ in range(3):
                await transport.deliver(work(), Marks())
        await asyncio.to_thread(sink.wait_until_alone)
    assert (len(sink.mails), sink.sessions) == (3, 1)
    verbs = [line.split(" ")[0] for line in sink.commands]
    once = ["MAIL", "RCPT", "DATA", "."]
    assert verbs == ["EHLO", *once, *between, *once, *between, *once, "QUIT"]


@pytest.mark.parametrize(("at", "withheld"), [("MAIL", ()), ("RCPT", ()), ("DATA", ()), ("nothing", ("d1",))])
async def test_where_an_envelope_may_be_left_a_reset_comes_first(at: str, withheld: tuple[str, ...]) -> None:
    with Sink(Fault(at, "451 4.3.0 busy", times=1)) as sink:
        async with relay(sink.url) as transport:
            await transport.deliver(work(), Marks(*withheld))
            sink.commands.clear()
            await transport.deliver(work(), Marks())
    assert sink.commands[0] == "RSET"
    assert len(sink.mails) == 1


@pytest.mark.parametrize(
    "fault",
    [
        Fault("MAIL", action="drop", times=1),
        Fault("MAIL", "421 4.4.2 bye", action="drop", times=1),
        Fault("MAIL", "421 4.4.2 too many messages", times=1),
    ],
)
async def test_a_relay_that_closes_between_two_messages_costs_no_attempt(fault: Fault) -> None:
    with Sink() as sink:
        async with relay(sink.url) as transport:
            await transport.deliver(work(), Marks())
            sink.misbehave(fault)
            marks = Marks()
            assert kinds(await transport.deliver(work(), marks)) == {"d1": "sent"}
    assert (len(sink.mails), sink.sessions, marks.asked) == (2, 2, [("d1",)])


async def test_a_relay_that_closes_at_once_is_asked_no_third_time() -> None:
    with Sink() as sink:
        async with relay(sink.url) as transport:
            await transport.deliver(work(), Marks())
            sink.misbehave(Fault("MAIL", action="drop"))
            assert kinds(await transport.deliver(work(), Marks())) == {"d1": "retry"}
    assert sink.sessions == 2


async def test_ten_at_once_share_as_many_connections_as_allowed() -> None:
    with Sink(Fault("DOT", delay=0.01)) as sink:
        async with relay(sink.url, limits=Limits(connections=3)) as transport:
            deliveries = (transport.deliver(work(), Marks()) for _ in range(10))
            outcomes = await asyncio.gather(*deliveries)
        await asyncio.to_thread(sink.wait_until_alone)
    assert [kinds(one) for one in outcomes] == [{"d1": "sent"}] * 10
    assert (len(sink.mails), sink.sessions, sink.most_sessions) == (10, 3, 3)


async def test_a_connection_retires_after_its_share_of_messages() -> None:
    with Sink() as sink:
        async with relay(sink.url, limits=Limits(transactions=2)) as transport:
            for _ in range(5):
                await transport.deliver(work(), Marks())
    assert [mail.session for mail in sink.mails] == [1, 1, 2, 2, 3]


async def test_an_idle_connection_is_let_go_with_a_goodbye() -> None:
    with Sink() as sink:
        async with relay(sink.url, limits=Limits(idle=0)) as transport:
            await transport.deliver(work(), Marks())
            await asyncio.to_thread(sink.wait_until_alone)
            assert sink.commands[-1] == "QUIT"
            assert kinds(await transport.deliver(work(), Marks())) == {"d1": "sent"}
    assert sink.sessions == 2


@pytest.mark.parametrize(
    "fault", [Fault("RSET", action="drop", times=1), Fault("RSET", "451 4.3.0 no", times=1)]
)
async def test_a_kept_connection_that_no_longer_works_is_replaced(fault: Fault) -> None:
    with Sink(fault) as sink:
        async with relay(sink.url, limits=TIRED) as transport:
            outcomes = [await transport.deliver(work(), Marks()) for _ in range(2)]
    assert [kinds(one) for one in outcomes] == [{"d1": "sent"}] * 2
    assert (len(sink.mails), sink.sessions) == (2, 2)


async def test_a_connection_the_relay_closed_meanwhile_is_replaced() -> None:
    with ExitStack() as stack:
        first = stack.enter_context(Sink())
        async with relay(first.url) as transport:
            await transport.deliver(work(), Marks())
            stack.close()
            second = stack.enter_context(Sink(port=first.port))
            assert kinds(await transport.deliver(work(), Marks())) == {"d1": "sent"}
    assert (len(first.mails), len(second.mails)) == (1, 1)


@pytest.mark.parametrize("at", ["MAIL", "RCPT", "DATA", "DOT"])
async def test_a_refusal_does_not_cost_the_connection(at: str) -> None:
    with Sink(Fault(at, "451 4.3.0 busy", times=1)) as sink:
        async with relay(sink.url) as transport:
            assert kinds(await transport.deliver(work(), Marks())) == {"d1": "retry"}
            assert kinds(await transport.deliver(work(), Marks())) == {"d1": "sent"}
    assert (len(sink.mails), sink.sessions) == (1, 1)


async def test_an_unknown_outcome_costs_the_connection_and_no_other_mail() -> None:
    with Sink(Fault("DOT", "garbage", times=1)) as sink:
        async with relay(sink.url) as transport:
            assert kinds(await transport.deliver(work(), Marks())) == {"d1": "unknown"}
            assert kinds(await transport.deliver(work(), Marks())) == {"d1": "sent"}
    assert (len(sink.mails), sink.sessions) == (1, 2)


async def test_an_answer_that_comes_too_late_is_not_taken_for_the_next_commands() -> None:
    with Sink(Fault("DOT", delay=0.5, times=1)) as sink:
        async with relay(sink.url, replace(PATIENT, reply=0.2)) as transport:
            assert kinds(await transport.deliver(work(), Marks())) == {"d1": "unknown"}
            await transport.deliver(work(), Marks())
        sink.wait_for(2)
    assert [mail.session for mail in sink.mails] == [1, 2]


async def test_a_slot_is_free_again_after_a_failure() -> None:
    with Sink(Fault("CONNECT", "421 4.3.2 later", action="drop", times=3)) as sink:
        async with relay(sink.url, limits=Limits(connections=1)) as transport:
            outcomes = [await transport.deliver(work(), Marks()) for _ in range(4)]
    assert [one.kind for [one] in outcomes] == ["retry", "retry", "retry", "sent"]


async def test_after_close_nothing_is_sent_and_what_was_under_way_is() -> None:
    with Sink() as sink:
        async with relay(sink.url, PATIENT) as transport:
            asked, go = asyncio.Event(), asyncio.Event()

            async def about_to_send(ids: tuple[str, ...]) -> tuple[str, ...]:
                asked.set()
                await go.wait()
                return ids

            under_way = asyncio.create_task(transport.deliver(work(), about_to_send))
            await asked.wait()
            await transport.close()
            assert kinds(await transport.deliver(work(), Marks())) == {"d1": "retry"}
            go.set()
            assert kinds(await under_way) == {"d1": "sent"}
        await asyncio.to_thread(sink.wait_until_alone)
    assert (len(sink.mails), sink.commands[-1]) == (1, "QUIT")
