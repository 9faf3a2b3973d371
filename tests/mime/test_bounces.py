"""Delivery status notifications are understood, and machines are told from people."""

from __future__ import annotations

import pytest

from multimail.mime.auto_replies import is_automatic
from multimail.mime.bounces import Bounce, BouncedRecipient, detect
from multimail.mime.parse import parse

REPORT = """\
From: MAILER-DAEMON@mx.example.net
To: agent@example.com
Subject: Undelivered Mail
Auto-Submitted: auto-replied
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b

I'm sorry to have to inform you.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net
Original-Envelope-Id: env-1

Original-Recipient: rfc822;ann@example.org
Final-Recipient: rfc822; ann@inside.example.org
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <ann@example.org>:
 no such user

Final-Recipient: rfc822; bob@example.org
Action: delayed
Status: 4.4.1 (connection timed out)

--b
Content-Type: message/rfc822

From: agent@example.com
Message-ID: <original@example.com>
Subject: hello

text
--b--
"""


def test_a_report_says_what_became_of_each_recipient() -> None:
    mail = parse(REPORT.encode())
    assert detect(mail) == Bounce(
        recipients=(
            BouncedRecipient(
                "ann@example.org", "failed", "5.1.1", "550 5.1.1 <ann@example.org>: no such user"
            ),
            BouncedRecipient("bob@example.org", "delayed", "4.4.1"),
        ),
        original_message_id="<original@example.com>",
        envelope_id="env-1",
        reporting_mta="mx.example.net",
    )
    assert mail.text == "I'm sorry to have to inform you."


@pytest.mark.parametrize(
    ("action", "status", "permanent"),
    [
        ("failed", "5.1.1", True),
        ("failed", "", True),
        ("failed", "4.7.1", False),
        ("delayed", "4.4.1", False),
    ],
)
def test_only_a_failure_that_is_not_called_temporary_is_permanent(
    action: str, status: str, permanent: bool
) -> None:
    assert BouncedRecipient("a@b", action, status).is_permanent is permanent


def test_returned_headers_alone_name_the_original() -> None:
    headers_only = REPORT.replace("message/rfc822", "text/rfc822-headers")
    found = detect(parse(headers_only.encode()))
    assert found is not None
    assert found.original_message_id == "<original@example.com>"


def test_without_the_original_the_reply_headers_name_it() -> None:
    cut = REPORT.partition("--b\nContent-Type: message/rfc822")[0]
    found = detect(parse(("References: <first@x> <sent@x>\n" + cut).encode()))
    assert found is not None
    assert found.original_message_id == "<sent@x>"


def test_an_old_notice_names_its_recipients_in_a_header() -> None:
    raw = (
        "From: Mailer-Daemon@x.org\nX-Failed-Recipients: a@b.c\nIn-Reply-To: <m@x>\n\n550 5.1.1 unknown user"
    )
    assert detect(parse(raw.encode())) == Bounce((BouncedRecipient("a@b.c", "failed", "5.1.1"),), "<m@x>")


@pytest.mark.parametrize(
    "raw", [b"Subject: Undelivered Mail\n\n550 5.1.1", b"From: a@b\nX-Failed-Recipients: c@d\n\n"]
)
def test_an_ordinary_mail_is_no_bounce(raw: bytes) -> None:
    assert detect(parse(raw)) is None


def test_a_damaged_report_is_a_bounce_without_recipients() -> None:
    head = b"Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n"
    assert detect(parse(head + b"\xff\x00 :;:\n--b--")) == Bounce(())


@pytest.mark.parametrize(
    "field",
    [
        "Auto-Submitted: auto-generated",
        "Auto-Submitted: auto-replied (vacation)",
        "Precedence: bulk",
        "Precedence: List",
        "List-Id: <news.example.com>",
        "List-Unsubscribe: <mailto:x@y.z>",
        "X-Auto-Response-Suppress: OOF, AutoReply",
        "X-Autoreply: yes",
        "From: MAILER-DAEMON@example.com",
        "From: No Reply <no-reply@example.com>",
    ],
)
def test_a_machine_is_recognised_by_its_header(field: str) -> None:
    assert is_automatic(parse(f"{field}\nSubject: x\n\n".encode()), "someone@example.com")


def test_the_null_sender_and_robots_of_the_envelope_are_machines() -> None:
    person = parse(b"From: ann@example.com\nAuto-Submitted: no\nX-Auto-Response-Suppress: None\n\nhello")
    assert is_automatic(person, "")
    assert is_automatic(person, "bounce+tag=1@lists.example.com")
    assert not is_automatic(person, "ann@example.com")
    assert not is_automatic(person, None)


def test_without_an_envelope_the_return_path_counts() -> None:
    assert is_automatic(parse(b"Return-Path: <>\nFrom: ann@example.com\n\n"), None)


def test_a_report_is_automatic() -> None:
    assert is_automatic(
        parse(REPORT.replace("Auto-Submitted", "X-Was").replace("MAILER-DAEMON", "mx").encode()), "x@y"
    )
