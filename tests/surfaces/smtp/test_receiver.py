"""The receiver as ordinary mail programs use it."""

from __future__ import annotations

import asyncio
import smtplib
from email.message import EmailMessage

import aiosmtplib
import pytest

from multimail.core.errors import Problem
from tests.surfaces.smtp.receiving import receiving

pytestmark = pytest.mark.anyio


def letter(subject: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "ann@example.org", "bob@example.com", subject
    message.set_content(".\n..\nlong " + "line " * 400 + "\n")
    message.add_attachment(
        bytes(range(256)) * 100, maintype="application", subtype="octet-stream", filename="a.bin"
    )
    return message


async def test_smtplib_sends_several_mails_over_one_connection() -> None:
    def send(port: int) -> None:
        with smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
            client.login("developer", "anything")
            for number in range(3):
                client.send_message(letter(f"number {number}"))

    async with receiving() as post:
        await asyncio.to_thread(send, post.server.port)
        subjects = [
            f"Subject: number {number}".encode() in mail.raw for number, mail in enumerate(post.intake.mails)
        ]
        assert subjects == [True, True, True]


async def test_smtplib_is_told_which_recipient_was_refused() -> None:
    def send(port: int) -> dict[str, tuple[int, bytes]]:
        with smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
            return client.send_message(letter("x"), to_addrs=["bob@example.com", "nobody@example.com"])

    async with receiving() as post:
        post.intake.unknown["nobody@example.com"] = Problem("unknown_mailbox", "No such mailbox here.")
        refused = await asyncio.to_thread(send, post.server.port)
        assert refused == {"nobody@example.com": (550, b"5.1.1 No such mailbox here.")}


async def test_aiosmtplib_sends_addresses_beyond_ascii() -> None:
    async with receiving() as post:
        async with aiosmtplib.SMTP(hostname="127.0.0.1", port=post.server.port, start_tls=False) as client:
            text = "Subject: grüße\n\nhi\n".encode()
            await client.sendmail("jürgen@exämple.org", ["bob@example.com"], text, mail_options=["SMTPUTF8"])
        mail = post.intake.only()
        assert (mail.sender, mail.smtputf8) == ("jürgen@exämple.org", True)


async def test_two_mails_and_the_goodbye_in_one_burst_are_answered_in_order() -> None:
    async with receiving() as post:
        peer = await post.connect()
        await peer.say("MAIL FROM:<ann@example.org>", "RCPT TO:<bob@example.com>", "DATA")
        group = b"MAIL FROM:<eve@example.org>\r\nRCPT TO:<bob@example.com>\r\nDATA\r\n"
        await peer.send(b"first\r\n.\r\n" + group)
        assert [(await peer.reply())[:3] for _ in range(4)] == ["250", "250", "250", "354"]
        await peer.send(b"second\r\n.\r\nQUIT\r\n")
        assert [(await peer.reply())[:3] for _ in range(2)] == ["250", "221"]
        assert [mail.raw for mail in post.intake.mails] == [b"first\r\n", b"second\r\n"]
