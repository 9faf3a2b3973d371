"""What is said in MAIL and RCPT, and what is never said because the relay cannot take it."""

from __future__ import annotations

import pytest

from tests.adapters.transport.mailing import RAW, kinds, send, work
from tests.support.sink import Setup, Sink

pytestmark = pytest.mark.anyio

PLAIN = Setup(extensions=("SIZE 0", "8BITMIME"))
UTF8_RAW = RAW.replace(b"Subject: Hi", "Subject: Grüße".encode())


async def test_mail_names_size_and_nothing_that_is_not_needed() -> None:
    with Sink() as sink:
        await send(sink.url, work(raw=b".dots: are not counted twice\r\n\r\n.\r\n"))
    assert sink.commands[1:3] == ["MAIL FROM:<ann@here.test> SIZE=35", "RCPT TO:<bob@there.test>"]


async def test_a_relay_without_extensions_is_told_no_parameters() -> None:
    with Sink(setup=Setup(extensions=())) as sink:
        await send(sink.url, work())
    assert sink.commands[1] == "MAIL FROM:<ann@here.test>"


async def test_the_null_sender_is_empty_brackets() -> None:
    with Sink() as sink:
        assert kinds(await send(sink.url, work(sender=""))) == {"d1": "sent"}
    assert sink.commands[1].startswith("MAIL FROM:<> ")


async def test_8_bit_content_is_announced() -> None:
    with Sink() as sink:
        await send(sink.url, work(raw=RAW + b"\xe9\r\n"))
    assert sink.mails[0].options == (f"SIZE={len(RAW) + 3}", "BODY=8BITMIME")


async def test_utf8_addresses_and_headers_go_out_as_utf8() -> None:
    over = work("jürgen@there.test", "bob@there.test", sender="änn@here.test", raw=UTF8_RAW, smtputf8=True)
    with Sink() as sink:
        assert kinds(await send(sink.url, over)) == {"d1": "sent", "d2": "sent"}
    [mail] = sink.mails
    assert (mail.sender, mail.recipients) == ("änn@here.test", ("jürgen@there.test", "bob@there.test"))
    assert (mail.options[-1], mail.raw) == ("SMTPUTF8", UTF8_RAW)


async def test_a_message_that_needs_utf8_fails_where_the_relay_has_none() -> None:
    with Sink(setup=PLAIN) as sink:
        [outcome] = await send(sink.url, work(raw=UTF8_RAW, smtputf8=True))
    assert (outcome.kind, outcome.enhanced) == ("failed", "5.6.7")
    assert outcome.text == "The message needs SMTPUTF8, which the relay does not offer."
    assert not any(line.startswith("MAIL") for line in sink.commands)


async def test_only_the_address_that_needs_utf8_fails_where_the_relay_has_none() -> None:
    with Sink(setup=PLAIN) as sink:
        outcomes = await send(sink.url, work("jürgen@there.test", "bob@there.test"))
    assert kinds(outcomes) == {"d1": "failed", "d2": "sent"}
    assert sink.mails[0].recipients == ("bob@there.test",)
    assert "SMTPUTF8" not in sink.mails[0].options


async def test_8_bit_content_fails_where_the_relay_takes_none() -> None:
    with Sink(setup=Setup(extensions=())) as sink:
        [outcome] = await send(sink.url, work(raw=RAW + b"\xe9\r\n"))
    assert (outcome.kind, outcome.enhanced, sink.mails) == ("failed", "5.6.3", [])


@pytest.mark.parametrize(
    "address",
    [
        "bob@there.test> NOTIFY=NEVER",
        "bob@there.test>\r\nRCPT TO:<eve@there.test",
        "bob@there.test\nDATA",
        "bob there@there.test",
        "<bob@there.test>",
        "bob",
        "bob@@there.test",
        '"bob"eve"@there.test',
        "bob@there.test\x00",
        "bob@there\u2028.test",
        "",
    ],
)
async def test_an_address_never_becomes_a_second_command_or_parameter(address: str) -> None:
    with Sink() as sink:
        outcomes = await send(sink.url, work(address, "cat@there.test"))
    assert kinds(outcomes) == {"d1": "failed", "d2": "sent"}
    assert [line for line in sink.commands if line.startswith("RCPT")] == ["RCPT TO:<cat@there.test>"]


async def test_a_bad_envelope_sender_lets_nothing_go() -> None:
    with Sink() as sink:
        [outcome] = await send(sink.url, work(sender="ann@here.test> SIZE=1"))
    assert (outcome.kind, outcome.enhanced, sink.mails) == ("failed", "5.1.7", [])


@pytest.mark.parametrize(
    "address", ['"a b"@there.test', "o'neil+x=y@there.test", "bob@[127.0.0.1]", '"<\\">"@there.test']
)
async def test_an_unusual_address_is_named_as_it_is(address: str) -> None:
    with Sink() as sink:
        assert kinds(await send(sink.url, work(address))) == {"d1": "sent"}
    assert f"RCPT TO:<{address}>" in sink.commands


async def test_nobody_to_send_to_is_no_mail() -> None:
    from multimail.ports.transport import HandOver

    with Sink() as sink:
        assert await send(sink.url, HandOver("ann@here.test", (), RAW)) == ()
    assert sink.mails == []
