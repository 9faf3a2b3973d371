"""The listening server: starting, many peers, stopping."""

from __future__ import annotations

import asyncio
import logging

import pytest

from multimail.core.errors import Problem
from multimail.surfaces.smtp.receiver import ReceiverSettings
from multimail.surfaces.smtp.server import SmtpServer
from tests.surfaces.smtp.receiving import Recorder, receiving

pytestmark = pytest.mark.anyio


async def test_a_busy_port_is_named() -> None:
    async with receiving() as post:
        other = SmtpServer(Recorder(), ReceiverSettings(port=post.server.port))
        with pytest.raises(Problem, match=f"Port {post.server.port} on 127.0.0.1") as caught:
            await other.start()
        assert caught.value.code == "port_busy"


async def test_an_address_that_is_not_ours_is_a_setting_to_change() -> None:
    with pytest.raises(Problem) as caught:
        await SmtpServer(Recorder(), ReceiverSettings(host="192.0.2.1", port=0)).start()
    assert caught.value.code == "invalid_setting"


async def test_the_port_that_was_taken_can_be_read() -> None:
    server = SmtpServer(Recorder(), ReceiverSettings(port=0))
    assert server.port == 0
    await server.start()
    assert server.port > 0
    await server.stop()


async def test_the_dialogue_is_not_logged() -> None:
    async with receiving():
        assert logging.getLogger("mail.log").disabled


async def test_sixty_peers_at_once_are_served() -> None:
    async with receiving() as post:
        post.intake.gate = asyncio.Event()
        peers = [await post.connect() for _ in range(60)]
        mails = [asyncio.ensure_future(peer.mail(b"%d\r\n.\r\n" % n)) for n, peer in enumerate(peers)]
        await post.intake.entered.wait()
        post.intake.gate.set()
        assert {reply[:3] for reply in await asyncio.gather(*mails)} == {"250"}
        assert sorted(int(mail.raw) for mail in post.intake.mails) == list(range(60))


async def test_connections_beyond_the_limit_are_turned_away() -> None:
    async with receiving(connections_limit=2) as post:
        first, _ = [await post.connect() for _ in range(2)]
        reader, writer = await asyncio.open_connection("127.0.0.1", post.server.port)
        assert (await reader.read()).startswith(b"421 4.3.2 Too many connections")
        writer.close()
        await first.say("QUIT")
        assert await first.hear_end() == b""
        assert (await (await post.connect()).mail(b"x\r\n.\r\n")).startswith("250 ")


async def test_stopping_says_goodbye_to_idle_peers_and_refuses_new_ones() -> None:
    async with receiving() as post:
        peer, port = await post.connect(), post.server.port
        await peer.say("MAIL FROM:<ann@example.org>")
        await post.server.stop()
        assert await peer.reply() == "421 4.3.2 Shutting down, try again later"
        with pytest.raises(ConnectionError):
            await asyncio.open_connection("127.0.0.1", port)


async def test_stopping_waits_for_the_mail_that_is_coming_in() -> None:
    async with receiving() as post:
        peer = await post.connect()
        await peer.say("MAIL FROM:<ann@example.org>", "RCPT TO:<bob@example.com>", "DATA")
        stopping = asyncio.ensure_future(post.server.stop())
        await asyncio.sleep(0)
        await peer.send(b"x\r\n.\r\n")
        assert [(await peer.reply())[:3], (await peer.reply())[:3]] == ["250", "421"]
        await stopping
        assert post.intake.only().raw == b"x\r\n"


async def test_stopping_does_not_wait_for_ever() -> None:
    async with receiving() as post:
        peer = await post.connect()
        await peer.say("MAIL FROM:<ann@example.org>", "RCPT TO:<bob@example.com>", "DATA")
        await post.server.stop(grace=0.01)
        assert await peer.hear_end() == b""


async def test_stopping_twice_or_before_the_start_is_harmless() -> None:
    server = SmtpServer(Recorder(), ReceiverSettings(port=0))
    await server.stop()
    await server.start()
    await server.stop()
    await server.stop()
