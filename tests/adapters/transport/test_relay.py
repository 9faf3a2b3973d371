"""A hand-over against a real SMTP server: who is settled how, and how often a message goes."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from multimail.ports.transport import Outcome, Transport
from tests.adapters.transport.mailing import HASTY, PATIENT, RAW, Marks, kinds, relay, send, work
from tests.support.sink import Fault, Setup, Sink

pytestmark = pytest.mark.anyio


async def test_an_accepted_message_is_sent_with_the_relays_own_words() -> None:
    with Sink() as sink:
        outcomes = await send(sink.url, work())
    assert outcomes == (Outcome("d1", "sent", 250, "2.0.0", "kept"),)
    [mail] = sink.mails
    assert (mail.sender, mail.recipients, mail.raw) == ("ann@here.test", ("bob@there.test",), RAW)


async def test_the_transport_fills_its_port() -> None:
    async with relay("smtp+insecure://127.0.0.1:9") as transport:
        port: Transport = transport
        assert port.name == "relay"


async def test_each_recipient_is_settled_on_its_own() -> None:
    faults = (
        Fault("RCPT", "550 5.1.1 no such user", recipient="gone@there.test"),
        Fault("RCPT", "450 4.2.1 greylisted", recipient="later@there.test"),
    )
    with Sink(*faults) as sink:
        outcomes = await send(sink.url, work("bob@there.test", "gone@there.test", "later@there.test"))
    assert outcomes == (
        Outcome("d1", "sent", 250, "2.0.0", "kept"),
        Outcome("d2", "failed", 550, "5.1.1", "Refused at RCPT: no such user"),
        Outcome("d3", "retry", 450, "4.2.1", "Refused at RCPT: greylisted"),
    )
    assert [mail.recipients for mail in sink.mails] == [("bob@there.test",)]


async def test_the_mark_is_asked_for_after_the_last_rcpt_and_before_data() -> None:
    marks = Marks()
    seen: list[str] = []

    async def about_to_send(ids: tuple[str, ...]) -> tuple[str, ...]:
        seen.extend(sink.commands)
        return await marks(ids)

    with Sink() as sink:
        async with relay(sink.url) as transport:
            await transport.deliver(work("bob@there.test", "cat@there.test"), about_to_send)
    assert marks.asked == [("d1", "d2")]
    assert seen[-1] == "RCPT TO:<cat@there.test>"


async def test_nobody_left_to_send_to_means_rset_and_no_mail() -> None:
    with Sink() as sink:
        async with relay(sink.url) as transport:
            outcomes = await transport.deliver(work(), Marks("d1"))
        assert sink.commands[-2:] == ["RSET", "QUIT"]
    assert (outcomes, sink.mails) == ((), [])


async def test_whoever_is_left_out_is_not_named_to_the_relay_again() -> None:
    with Sink() as sink:
        async with relay(sink.url) as transport:
            marks = Marks("d2")
            outcomes = await transport.deliver(work("bob@there.test", "cat@there.test"), marks)
    assert kinds(outcomes) == {"d1": "sent"}
    assert [mail.recipients for mail in sink.mails] == [("bob@there.test",)]
    assert marks.asked == [("d1", "d2")]


async def test_a_recipient_refused_the_second_time_is_tried_again_later() -> None:
    with Sink() as sink:
        async with relay(sink.url) as transport:

            async def about_to_send(ids: tuple[str, ...]) -> tuple[str, ...]:
                sink.misbehave(Fault("RCPT", "451 4.3.0 busy"))
                return ids[:1]

            outcomes = await transport.deliver(work("bob@there.test", "cat@there.test"), about_to_send)
    assert (kinds(outcomes), sink.mails) == ({"d1": "retry"}, [])


async def test_a_mark_that_cannot_be_made_lets_nothing_go() -> None:
    with Sink() as sink:
        async with relay(sink.url) as transport:
            with pytest.raises(OSError, match="disk full"):
                await transport.deliver(work(), Marks(error=OSError("disk full")))
            assert kinds(await transport.deliver(work(), Marks())) == {"d1": "sent"}
    assert (len(sink.mails), sink.commands.count("DATA"), sink.sessions) == (1, 1, 2)


async def test_a_cancelled_hand_over_lets_nothing_go() -> None:
    with Sink() as sink:
        async with relay(sink.url) as transport:
            asked = asyncio.Event()

            async def about_to_send(ids: tuple[str, ...]) -> tuple[str, ...]:
                asked.set()
                await asyncio.Event().wait()
                return ids

            task = asyncio.create_task(transport.deliver(work(), about_to_send))
            await asked.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        await asyncio.to_thread(sink.wait_until_alone)
    assert "DATA" not in sink.commands


@pytest.mark.parametrize("at", ["CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "BODY"])
@pytest.mark.parametrize("action", ["drop", "hang"])
async def test_a_relay_that_goes_silent_before_the_dot_is_tried_again(at: str, action: str) -> None:
    # A text the socket cannot take whole: the relay stops reading in the middle of it.
    raw = RAW + b"x" * 70 + b"\r\n" if at != "BODY" else RAW + b"line\r\n" * 4_000_000
    with Sink(Fault(at, action=action)) as sink:  # type: ignore[arg-type]
        outcomes = await send(sink.url, work("bob@there.test", "cat@there.test", raw=raw), HASTY)
    assert (kinds(outcomes), sink.mails) == ({"d1": "retry", "d2": "retry"}, [])


@pytest.mark.parametrize("keep", [True, False])
@pytest.mark.parametrize("action", ["drop", "hang"])
async def test_silence_after_the_dot_is_unknown_and_nothing_follows(action: str, keep: bool) -> None:
    with Sink(Fault("DOT", action=action, keep=keep)) as sink:  # type: ignore[arg-type]
        async with relay(sink.url, replace(PATIENT, reply=0.2)) as transport:
            outcomes = await transport.deliver(work("bob@there.test", "cat@there.test"), Marks())
    assert kinds(outcomes) == {"d1": "unknown", "d2": "unknown"}
    assert (len(sink.mails), sink.commands.count("DATA"), sink.sessions) == (keep, 1, 1)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault("CONNECT", "421 4.3.2 later", action="drop"), "retry"),
        (Fault("CONNECT", "554 5.3.2 no service here", action="drop"), "retry"),
        (Fault("EHLO", "550 5.7.1 who are you"), "retry"),
        (Fault("MAIL", "451 4.3.0 busy"), "retry"),
        (Fault("MAIL", "421 4.3.0 closing", action="drop"), "retry"),
        (Fault("MAIL", "530 5.7.0 sign in first"), "retry"),
        (Fault("MAIL", "550 5.7.1 not for this sender"), "failed"),
        (Fault("RCPT", "421 4.3.0 closing", action="drop"), "retry"),
        (Fault("RCPT", "552 too many recipients"), "retry"),
        (Fault("RCPT", "552 5.2.2 mailbox full"), "failed"),
        (Fault("RCPT", "553 5.1.3 bad address"), "failed"),
        (Fault("DATA", "451 4.3.0 busy"), "retry"),
        (Fault("DATA", "554 5.5.1 no"), "failed"),
        (Fault("DATA", "250 what"), "retry"),
        (Fault("DOT", "452 4.3.1 disk full"), "retry"),
        (Fault("DOT", "421 4.3.0 closing", action="drop"), "retry"),
        (Fault("DOT", "554 5.7.1 looks like spam"), "failed"),
        (Fault("DOT", "354 what"), "unknown"),
        (Fault("DOT", "no reply at all"), "unknown"),
    ],
    ids=lambda value: f"{value.at} {value.reply}" if isinstance(value, Fault) else value,
)
async def test_every_refusal_means_what_its_verb_and_code_say(fault: Fault, kind: str) -> None:
    with Sink(fault) as sink:
        outcomes = await send(sink.url, work("bob@there.test", "cat@there.test"))
    assert kinds(outcomes) == {"d1": kind, "d2": kind}
    assert sink.mails == []


async def test_the_last_recipients_421_keeps_the_first_one_from_being_marked() -> None:
    marks = Marks()
    with Sink(Fault("RCPT", "421 4.3.0 closing", action="drop", recipient="cat@there.test")) as sink:
        async with relay(sink.url) as transport:
            outcomes = await transport.deliver(work("bob@there.test", "cat@there.test"), marks)
    assert (kinds(outcomes), marks.asked) == ({"d1": "retry", "d2": "retry"}, [])


async def test_a_refusal_in_the_middle_of_a_long_text_is_heard() -> None:
    raw = RAW + b"line\r\n" * 4_000_000
    with Sink(Fault("BODY", "552 5.3.4 enough", action="hang")) as sink:
        [outcome] = await send(sink.url, work(raw=raw))
    assert (outcome.kind, outcome.smtp_code, outcome.enhanced) == ("failed", 552, "5.3.4")
    assert sink.mails == []


async def test_a_relay_too_slow_over_its_recipients_is_left() -> None:
    timeouts = replace(PATIENT, envelope=0.2)
    with Sink(Fault("RCPT", delay=0.15)) as sink:
        outcomes = await send(sink.url, work("bob@there.test", "cat@there.test"), timeouts)
    assert (kinds(outcomes), sink.mails) == ({"d1": "retry", "d2": "retry"}, [])


async def test_nobody_listening_is_a_retry_that_says_so() -> None:
    with Sink() as sink:
        url = sink.url
    [outcome] = await send(url, work())
    assert outcome == Outcome(
        "d1",
        "retry",
        text="Nothing was sent: the relay could not be reached (Connection refused) (at connecting).",
    )


async def test_a_probe_says_whether_mail_could_leave_and_names_nobody() -> None:
    with Sink(Fault("EHLO", "550 5.7.1 not you", times=1)) as sink:
        async with relay(sink.url) as transport:
            assert await transport.probe() == "The relay refused this server at EHLO: not you"
            assert await transport.probe() == ""
    assert not any(line.startswith(("MAIL", "RCPT")) for line in sink.commands)


async def test_a_message_over_the_relays_limit_fails_before_anybody_is_named() -> None:
    with Sink(setup=Setup(extensions=("SIZE 50", "8BITMIME"))) as sink:
        [outcome] = await send(sink.url, work())
    assert (outcome.kind, outcome.enhanced) == ("failed", "5.3.4")
    assert not any(line.startswith("MAIL") for line in sink.commands)
