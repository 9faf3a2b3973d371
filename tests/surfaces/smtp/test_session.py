"""Mail transactions: what becomes of MAIL, RCPT and DATA."""

from __future__ import annotations

import asyncio
import logging

import pytest

from multimail.core import failpoints
from multimail.core.errors import CODES, Problem
from tests.surfaces.smtp.receiving import Post, receiving

pytestmark = pytest.mark.anyio


async def test_an_envelope_is_what_the_peer_said() -> None:
    async with receiving() as post:
        peer = await post.connect()
        reply = await peer.mail(
            b"Subject: hi\r\n\r\n..dot\xff\0\r\n.\r\n", "bob@example.com", "eve@example.com"
        )
        mail = post.intake.only()
        assert reply == "250 2.0.0 Accepted and stored"
        assert (mail.sender, mail.recipients) == ("ann@example.org", ("bob@example.com", "eve@example.com"))
        assert mail.raw == b"Subject: hi\r\n\r\n.dot\xff\0\r\n"
        assert (mail.peer, mail.helo, mail.smtputf8) == ("127.0.0.1", "peer.example.org", False)


async def test_a_mail_is_answered_only_after_it_is_stored() -> None:
    async with receiving() as post:
        post.intake.gate = asyncio.Event()
        peer = await post.connect()
        mail = asyncio.ensure_future(peer.mail(b"x\r\n.\r\n"))
        await post.intake.entered.wait()
        assert not mail.done()
        post.intake.gate.set()
        assert (await mail).startswith("250 ")


@pytest.mark.parametrize("code", CODES)
async def test_each_problem_of_the_intake_is_the_reply_its_row_says(code: str) -> None:
    async with receiving() as post:
        post.intake.failure = Problem(code, "Said so.")
        peer = await post.connect()
        assert await peer.mail(b"x\r\n.\r\n") == f"{CODES[code].smtp} Said so."


async def test_a_full_disk_is_temporary_and_the_connection_goes_on() -> None:
    async with receiving() as post:
        post.intake.failure = Problem("storage_full")
        peer = await post.connect()
        assert (await peer.mail(b"x\r\n.\r\n")).startswith("452 4.3.1 ")
        post.intake.failure = None
        assert (await peer.mail(b"x\r\n.\r\n")).startswith("250 ")


@pytest.mark.parametrize("where", ["recipient", "accept"])
async def test_a_fault_of_ours_is_451_and_stays_in_the_log(
    where: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with receiving() as post:
        fault = RuntimeError("secret detail")
        post.intake.failure = fault
        if where == "recipient":
            post.intake.unknown["bob@example.com"] = fault
        peer = await post.connect()
        replies = await peer.say("MAIL FROM:<ann@example.org>", "RCPT TO:<bob@example.com>")
        if where == "accept":
            await peer.say("DATA")
            await peer.send(b"x\r\n.\r\n")
            replies.append(await peer.reply())
        assert replies[-1] == "451 4.3.0 A fault on this side; please try again later"
        assert "secret detail" in caplog.text
        assert caplog.records[-1].levelno == logging.ERROR


async def test_refused_recipients_do_not_spoil_the_others() -> None:
    async with receiving() as post:
        post.intake.unknown["nobody@example.com"] = Problem("unknown_mailbox", "No such mailbox here.")
        peer = await post.connect()
        replies = await peer.say(
            "MAIL FROM:<>",
            "RCPT TO:<nobody@example.com>",
            "RCPT TO:<bob@example.com>",
            "RCPT TO:<bob@example.com>",
            "DATA",
        )
        await peer.send(b"x\r\n.\r\n")
        assert replies[1] == "550 5.1.1 No such mailbox here."
        assert (await peer.reply()).startswith("250 ")
        assert post.intake.only().recipients == ("bob@example.com",)
        assert post.intake.only().is_notification
        assert [facts.accepted for facts in post.intake.offered] == [0, 0, 1]


async def test_without_an_accepted_recipient_no_content_is_taken() -> None:
    async with receiving() as post:
        post.intake.unknown["nobody@example.com"] = Problem("unknown_mailbox")
        peer = await post.connect()
        replies = await peer.say(
            "MAIL FROM:<ann@example.org>", "RCPT TO:<nobody@example.com>", "DATA", "RSET"
        )
        assert [reply[:9] for reply in replies] == ["250 2.1.0", "550 5.1.1", "503 5.5.1", "250 2.0.0"]


async def test_recipients_beyond_the_limit_are_for_another_transaction() -> None:
    async with receiving(recipients_limit=2) as post:
        peer = await post.connect()
        replies = await peer.say(
            "MAIL FROM:<ann@example.org>", *[f"RCPT TO:<r{n}@example.com>" for n in range(500)]
        )
        assert {reply[:9] for reply in replies[3:]} == {"452 4.5.3"}
        await peer.say("DATA")
        await peer.send(b"x\r\n.\r\n")
        assert (await peer.reply()).startswith("250 ")
        assert post.intake.only().recipients == ("r0@example.com", "r1@example.com")


@pytest.mark.parametrize(
    ("commands", "reply"),
    [
        (["RCPT TO:<bob@example.com>"], "503 5.5.1"),
        (["DATA"], "503 5.5.1"),
        (["MAIL FROM:<ann@example.org>", "DATA"], "503 5.5.1"),
        (["MAIL FROM:<ann@example.org>", "MAIL FROM:<ann@example.org>"], "503 5.5.1"),
        (["MAIL FROM:<ann@example.org>", "RCPT TO:<bob@example.com>", "DATA now"], "501 5.5.4"),
        (["MAIL FROM:<ann@example.org>", "RSET", "RCPT TO:<bob@example.com>"], "503 5.5.1"),
        (["MAIL FROM:<ann@example.org>", "EHLO again", "RCPT TO:<bob@example.com>"], "503 5.5.1"),
        (["MAIL FROM:<ann@example.org> SIZE=99999999"], "552 5.3.4"),
        (["MAIL FROM:<ann@example.org> SIZE=many"], "501 5.5.4"),
        (["MAIL FROM:<ann@example.org> BODY=8BITMIME SMTPUTF8 SIZE=9 AUTH=<>"], "250 2.1.0"),
        (["MAIL FROM:<ann@example.org> BODY=BINARYMIME"], "501 5.5.4"),
        (["MAIL FROM:<ann@example.org> RET=HDRS"], "555 5.5.4"),
        (["MAIL FROM:ann@"], "553 5.1.3"),
        (["MAIL"], "501 5.5.4"),
        (["MAIL FROM:<jürgen@example.org>"], "553 5.6.7"),
        (["MAIL FROM:<ann@example.org>", "RCPT TO:<jürgen@example.org>"], "553 5.6.7"),
        (["MAIL FROM:<ann@example.org>", "RCPT TO:<>"], "553 5.1.3"),
        (["MAIL FROM:<ann@example.org>", "RCPT TO:<bob>"], "553 5.1.3"),
        (["MAIL FROM:<ann@example.org>", "RCPT TO:<postmaster>"], "250 2.1.5"),
    ],
)
async def test_order_and_parameters_are_checked(commands: list[str], reply: str) -> None:
    async with receiving() as post:
        peer = await post.connect()
        assert (await peer.say(*commands))[-1].startswith(reply)


async def test_addresses_and_content_beyond_ascii_arrive_unchanged() -> None:
    async with receiving() as post:
        peer = await post.connect()
        await peer.say(
            "MAIL FROM:<jürgen@exämple.org> BODY=8BITMIME SMTPUTF8", "RCPT TO:<用户@例え.jp>", "DATA"
        )
        await peer.send("Subject: grüße\r\n\r\nπ\r\n.\r\n".encode())
        await peer.reply()
        mail = post.intake.only()
        assert (mail.sender, mail.recipients, mail.smtputf8) == (
            "jürgen@exämple.org",
            ("用户@例え.jp",),
            True,
        )
        assert mail.raw == "Subject: grüße\r\n\r\nπ\r\n".encode()


@pytest.mark.parametrize("almost", ["\n.\n", "\r.\r", "\n.\r\n", "\r.\r\n", "\r\n.\n", "\r\n.\r"])
async def test_a_second_mail_cannot_be_smuggled_into_the_first(almost: str) -> None:
    async with receiving() as post:
        peer = await post.connect()
        hidden = f"hello{almost}MAIL FROM:<boss@example.com>\r\nRCPT TO:<bob@example.com>\r\nDATA\r\nfalse\r\n.\r\n"
        assert (await peer.mail(hidden.encode())).startswith("250 ")
        assert b"boss@example.com" in post.intake.only().raw
        assert await peer.say("NOOP") == ["250 2.0.0 OK"]


async def test_an_oversized_mail_is_refused_and_the_next_one_taken() -> None:
    async with receiving(size_limit=100_000) as post:
        peer = await post.connect()
        assert (await peer.mail(b"x" * 300_000 + b"\r\n.\r\n")).startswith("552 5.3.4 ")
        assert (await peer.mail(b"x" * 99_998 + b"\r\n.\r\n")).startswith("250 ")
        assert len(post.intake.only().raw) == 100_000


async def test_a_mail_that_does_not_end_is_cut_off() -> None:
    async with receiving(size_limit=1_000) as post:
        peer = await post.connect()
        await peer.say("MAIL FROM:<ann@example.org>", "RCPT TO:<bob@example.com>", "DATA")
        peer.writer.write(b"x" * 200_000)
        assert await peer.reply() == "552 5.3.4 The message does not end, goodbye"
        assert post.intake.mails == []


async def test_a_peer_that_leaves_while_its_mail_is_stored_does_not_stop_that() -> None:
    async with receiving() as post:
        post.intake.gate = asyncio.Event()
        peer = await post.connect()
        await peer.say("MAIL FROM:<ann@example.org>", "RCPT TO:<bob@example.com>", "DATA")
        await peer.send(b"x\r\n.\r\n")
        await post.intake.entered.wait()
        await peer.close()
        last = await post.connect()
        stopping = asyncio.ensure_future(post.server.stop())
        await last.hear_end()  # nobody is connected any more
        await asyncio.sleep(0)
        assert not stopping.done()
        post.intake.gate.set()
        await stopping
        assert post.intake.only().raw == b"x\r\n"


async def test_a_peer_that_leaves_inside_its_mail_leaves_nothing() -> None:
    async with receiving() as post:
        peer = await post.connect()
        await peer.say("MAIL FROM:<ann@example.org>", "RCPT TO:<bob@example.com>", "DATA")
        await peer.send(b"half a ma")
        await peer.close()
        await post.server.stop()
        assert post.intake.mails == []


async def points_of_one_mail(post: Post) -> list[str]:
    passed: list[str] = []
    failpoints.arm(passed.append)
    try:
        peer = await post.connect()
        await peer.mail(b"x\r\n.\r\n")
        await peer.say("NOOP")
    finally:
        failpoints.disarm()
    return passed


async def test_a_mail_passes_every_failpoint_of_the_receiver() -> None:
    async with receiving() as post:
        assert await points_of_one_mail(post) == [
            name for name in failpoints.FAILPOINTS if name.startswith("smtp_in.")
        ]
