"""A whole mail as values: each header has its field, and damage is named."""

from __future__ import annotations

import pytest

from multimail.mime.model import Limits, Mailbox
from multimail.mime.parse import attachment, parse

MAIL = """\
Return-Path: <ann@example.com>
Message-ID: <3@example.com>
In-Reply-To: <2@example.com>
References: <1@example.com>
 <2@example.com>
From: Ann <ann@example.com>
Sender: secretary@example.com
Reply-To: office@example.com
To: Bob <bob@example.org>
To: carl@example.org
Cc: =?utf-8?Q?J=C3=B6rg?= <joerg@example.net>
Bcc: dora@example.net
Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=
Date: Thu, 18 Oct 2012 22:48:39 -0700
List-Id: News <news.example.com>
List-Unsubscribe: <mailto:leave@example.com>
Auto-Submitted: Auto-Replied
Precedence: Bulk

Hello
"""


def test_every_header_has_its_field() -> None:
    mail = parse(MAIL.replace("\n", "\r\n").encode())
    assert mail.message_id == "<3@example.com>"
    assert mail.in_reply_to == ("<2@example.com>",)
    assert mail.references == ("<1@example.com>", "<2@example.com>")
    assert mail.from_ == (Mailbox("ann@example.com", "Ann"),)
    assert mail.sender == Mailbox("secretary@example.com")
    assert mail.reply_to == (Mailbox("office@example.com"),)
    assert mail.to == (Mailbox("bob@example.org", "Bob"), Mailbox("carl@example.org"))
    assert mail.cc == (Mailbox("joerg@example.net", "Jörg"),)
    assert mail.bcc == (Mailbox("dora@example.net"),)
    assert (mail.subject, mail.text, mail.html) == ("Grüße", "Hello", "")
    assert mail.date == 1350625719_000_000
    assert (mail.list_id, mail.list_unsubscribe) == ("News <news.example.com>", "<mailto:leave@example.com>")
    assert (mail.auto_submitted, mail.precedence) == ("auto-replied", "bulk")
    assert (mail.return_path, mail.problems) == ("ann@example.com", ())
    assert mail.headers[1] == ("Message-ID", "<3@example.com>")


def test_an_empty_mail_is_an_empty_value() -> None:
    mail = parse(b"")
    assert (mail.subject, mail.from_, mail.text, mail.date, mail.return_path) == ("", (), "", None, None)
    assert mail.problems == ()


def test_the_null_return_path_is_told_from_a_missing_one() -> None:
    assert parse(b"Return-Path: <>\n\n").return_path == ""


def test_of_two_authors_headers_the_first_counts_and_it_is_noted() -> None:
    mail = parse(b"From: real@example.com\nFrom: other@example.com\n\n")
    assert mail.from_ == (Mailbox("real@example.com"),)
    assert mail.problems == ("duplicate_header",)


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (b"Date: soon\n\n", "bad_date"),
        (b"Message-ID: none\n\n", "bad_message_id"),
        (b"To: Ann Example\n\n", "bad_address"),
        (b"Subject: a\x07\n\n", "control_characters"),
    ],
)
def test_damage_is_named(raw: bytes, problem: str) -> None:
    assert parse(raw).problems == (problem,)


def test_raw_headers_are_read_in_the_charset_of_the_body() -> None:
    raw = "Subject: 你好\nContent-Type: text/plain; charset=gbk\n\n再见".encode("gbk")
    mail = parse(raw)
    assert (mail.subject, mail.text, mail.problems) == ("你好", "再见", ())


def test_a_header_is_found_by_its_name_in_any_case() -> None:
    mail = parse(b"X-Thing: one\nx-thing: two\n\n")
    assert (mail.header("X-THING"), mail.header("absent")) == ("one", "")


def test_a_mail_with_bare_carriage_returns_is_read() -> None:
    mail = parse(b"Subject: old\r\rone\rtwo")
    assert (mail.subject, mail.text) == ("old", "one\ntwo")


def test_a_mail_larger_than_the_limit_is_cut() -> None:
    mail = parse(b"Subject: x\n\n" + b"y" * 100, Limits(size=20))
    assert (mail.text, mail.problems) == ("y" * 8, ("truncated",))


def test_an_attachment_is_found_by_its_position_alone() -> None:
    raw = b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\ntext\n" + b"".join(
        b"--b\nContent-Type: image/png; name=%d.png\n\n%d\n" % (number, number) for number in range(3)
    )
    found = attachment(raw, 1)
    assert found == parse(raw).attachments[1]
    assert found is not None
    assert (found.filename, found.content, found.position) == ("1.png", b"1", 1)
    assert attachment(raw, 3) is None
