"""Connections: who is there, how long, how often, in which words."""

from __future__ import annotations

import asyncio
import base64

import pytest

from multimail.surfaces.smtp.connection import _is_loopback
from tests.surfaces.smtp.receiving import PATIENCE, receiving

pytestmark = pytest.mark.anyio


async def test_a_name_comes_before_everything_else() -> None:
    async with receiving() as post:
        peer = await post.connect(greet=False)
        assert [
            reply[:9] for reply in await peer.say("MAIL FROM:<a@b.example>", "DATA", "EHLO", "HELO  ")
        ] == [
            "503 5.5.1",
            "503 5.5.1",
            "501 5.5.4",
            "501 5.5.4",
        ]


async def test_helo_is_enough_for_plain_mail() -> None:
    async with receiving(hostname="mx.example") as post:
        peer = await post.connect(greet=False)
        assert await peer.say("HELO old.example") == ["250 mx.example"]
        assert (await peer.mail(b"x\r\n.\r\n")).startswith("250 ")
        assert post.intake.only().helo == "old.example"


async def test_ehlo_announces_what_the_other_tests_prove() -> None:
    async with receiving(size_limit=7_000) as post:
        peer = await post.connect(greet=False)
        (reply,) = await peer.say("EHLO peer.example")
        features = {line[4:] for line in reply.split("\n")}
        assert features >= {"SIZE 7000", "8BITMIME", "SMTPUTF8", "PIPELINING", "ENHANCEDSTATUSCODES"}


async def test_a_host_name_is_kept_printable() -> None:
    async with receiving() as post:
        peer = await post.connect(greet=False)
        await peer.send(b"EHLO a\x1b[2J\xffb\r\n")
        await peer.reply()
        await peer.mail(b"x\r\n.\r\n")
        assert post.intake.only().helo == "a[2Jb"


@pytest.mark.parametrize(
    ("command", "reply"),
    [
        ("VRFY bob@example.com", "252 2.5.0"),
        ("VRFY", "252 2.5.0"),
        ("EXPN everyone", "502 5.5.1"),
        ("HELP", "214 2.0.0"),
        ("NOOP whatever", "250 2.0.0"),
        ("RSET", "250 2.0.0"),
        ("STARTTLS", "454 4.7.0"),
        ("TURN", "500 5.5.2"),
        ("", "500 5.5.2"),
        ("QUIT", "221 2.0.0"),
        (f"MAIL FROM:<{'a' * 3_000}@example.org>", "500 5.5.2"),
        ("X" * 200_000, "500 5.5.2"),
    ],
)
async def test_other_commands_are_answered_politely(command: str, reply: str) -> None:
    async with receiving() as post:
        peer = await post.connect()
        assert (await peer.say(command))[0].startswith(reply)


async def test_the_replies_to_a_group_of_commands_leave_together() -> None:
    async with receiving() as post:
        peer = await post.connect()
        commands = [
            "MAIL FROM:<a@example.org>",
            "RCPT TO:<bob@example.com>",
            "RCPT TO:<eve@example.com>",
            "DATA",
        ]
        await peer.send("".join(f"{line}\r\n" for line in commands).encode())
        async with asyncio.timeout(PATIENCE):
            heard = await peer.reader.read(65_536)
        assert [line[:3] for line in heard.splitlines()] == [b"250", b"250", b"250", b"354"]


async def test_a_reply_that_waits_for_the_next_is_given_when_the_peer_leaves() -> None:
    async with receiving() as post:
        peer = await post.connect()
        await peer.send(b"NOOP\r\nNOOP\r\nQUIT\r\nNOOP\r\n")
        heard = await peer.hear_end()
        assert [line[:3] for line in heard.splitlines()] == [b"250", b"250", b"221"]


@pytest.mark.parametrize("verb", ["GET", "POST", "PUT", "HEAD", "OPTIONS", "CONNECT"])
async def test_a_peer_that_speaks_http_is_dropped_without_a_word(verb: str) -> None:
    async with receiving() as post:
        peer = await post.connect(greet=False)
        smuggled = "EHLO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<bob@example.com>\r\nDATA\r\nx\r\n.\r\n"
        await peer.send(f"{verb} / HTTP/1.1\r\n\r\n{smuggled}".encode())
        assert await peer.hear_end() == b""
        assert (post.intake.offered, post.intake.mails) == ([], [])


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


PLAIN = encoded("\0dev\0secret")


@pytest.mark.parametrize(
    "lines",
    [
        [f"AUTH PLAIN {PLAIN}"],
        ["AUTH PLAIN", PLAIN],
        ["auth login", encoded("dev"), encoded("secret")],
        [f"AUTH LOGIN {encoded('dev')}", encoded("secret")],
    ],
)
async def test_any_credentials_do_on_loopback(lines: list[str]) -> None:
    async with receiving() as post:
        peer = await post.connect()
        replies = [(await peer.say(line))[0] for line in lines]
        assert replies[-1].startswith("235 2.7.0")
        await peer.mail(b"x\r\n.\r\n")
        assert post.intake.offered[0].authenticated


@pytest.mark.parametrize(
    ("line", "reply"),
    [("AUTH CRAM-MD5", "504 5.5.4"), ("AUTH", "501 5.5.4"), ("AUTH PLAIN ====", "501 5.5.2")],
)
async def test_unusable_credentials_are_refused(line: str, reply: str) -> None:
    async with receiving() as post:
        peer = await post.connect()
        assert (await peer.say(line))[0].startswith(reply)


async def test_sign_in_is_neither_offered_nor_taken_where_it_is_off() -> None:
    async with receiving(any_auth=False) as post:
        peer = await post.connect(greet=False)
        features, refusal = await peer.say("EHLO peer.example", f"AUTH PLAIN {PLAIN}")
        assert "AUTH" not in features
        assert refusal.startswith("502 5.5.1")


@pytest.mark.parametrize(
    ("peer", "expected"),
    [("127.0.0.9", True), ("::1", True), ("192.0.2.1", False), ("fe80::1%eth0", False), ("", False)],
)
def test_loopback_is_told_from_elsewhere(peer: str, *, expected: bool) -> None:
    assert _is_loopback(peer) is expected


async def test_too_many_errors_end_the_connection() -> None:
    async with receiving(faults_limit=3) as post:
        peer = await post.connect()
        replies = await peer.say(*["DATA"] * 4)
        assert [reply[:3] for reply in replies] == ["503", "503", "503", "421"]
        assert await peer.hear_end() == b""


async def test_a_stored_mail_forgives_errors() -> None:
    async with receiving(faults_limit=3) as post:
        peer = await post.connect()
        for _ in range(3):
            await peer.say("DATA", "DATA")
            assert (await peer.mail(b"x\r\n.\r\n")).startswith("250 ")


async def test_idle_chatter_ends_the_connection() -> None:
    async with receiving() as post:
        peer = await post.connect()
        replies = await peer.say(*["NOOP"] * 1_001)
        assert (replies[999][:3], replies[1_000][:9]) == ("250", "421 4.7.0")


async def test_unknown_commands_end_the_connection() -> None:
    async with receiving() as post:
        peer = await post.connect()
        await peer.send(b"Host: example.org\r\n" * 10)
        assert (await peer.hear_end()).count(b"\r\n") == 5


async def test_an_idle_peer_is_sent_away() -> None:
    async with receiving(idle_seconds=0.05) as post:
        peer = await post.connect()
        assert await peer.reply() == "421 4.4.2 Idle for too long, goodbye"
        assert await peer.hear_end() == b""


async def test_a_peer_waiting_for_our_storage_is_not_idle() -> None:
    async with receiving(idle_seconds=0.02) as post:
        post.intake.gate = asyncio.Event()
        asyncio.get_running_loop().call_later(0.1, post.intake.gate.set)
        peer = await post.connect()
        assert (await peer.mail(b"x\r\n.\r\n")).startswith("250 ")


async def test_a_peer_that_does_not_read_is_not_waited_for() -> None:
    async with receiving(idle_seconds=0.2, recipients_limit=1) as post:
        peer = await post.connect()
        peer.writer.transport.pause_reading()  # type: ignore[attr-defined]  # a socket transport has it
        peer.writer.write(b"MAIL FROM:<ann@example.org>\r\n" + b"RCPT TO:<bob@example.com>\r\n" * 500_000)
        with pytest.raises(ConnectionError):
            async with asyncio.timeout(10):
                await peer.writer.drain()
