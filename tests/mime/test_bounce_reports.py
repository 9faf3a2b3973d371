"""Reports are read as RFC 3464 defines them, as far as they keep to it."""

from __future__ import annotations

import pytest

from multimail.mime import bounce_reports
from multimail.mime.bounce_reports import Bounce, BouncedRecipient, report_of
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
    assert report_of(mail) == Bounce(
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
    found = report_of(parse(headers_only.encode()))
    assert found is not None
    assert found.original_message_id == "<original@example.com>"


def test_without_the_original_the_reply_headers_name_it() -> None:
    cut = REPORT.partition("--b\nContent-Type: message/rfc822")[0]
    found = report_of(parse(("References: <first@x> <sent@x>\n" + cut).encode()))
    assert found is not None
    assert found.original_message_id == "<sent@x>"


def test_a_damaged_report_has_no_recipients() -> None:
    head = b"Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n"
    assert report_of(parse(head + b"\xff\x00 :;:\n--b--")) == Bounce(())


def test_a_mail_without_a_status_part_is_no_report() -> None:
    assert report_of(parse(b"Subject: Undelivered Mail\n\n550 5.1.1")) is None


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ("Final-Recipient: rfc822; a@b\nStatus: 5.1.1", BouncedRecipient("a@b", "failed", "5.1.1")),
        ("Final-Recipient: rfc822; a@b\nAction: Failure\nStatus: 5.0.0", BouncedRecipient("a@b", "failed", "5.0.0")),
        ("Final-Recipient: rfc822; a@b\nAction: relay", BouncedRecipient("a@b", "relayed", "")),
        ("Final-Recipient: a@b\nAction: failed\nDiagnostic-Code: 550 5.2.1 off",
         BouncedRecipient("a@b", "failed", "5.2.1", "550 5.2.1 off")),
        ("Action: delayed\nStatus: 4.4.1", BouncedRecipient("", "delayed", "4.4.1")),
    ],
)  # fmt: skip
def test_what_reports_leave_out_is_read_from_the_rest(group: str, expected: BouncedRecipient) -> None:
    raw = f"Content-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\n{group}\n"
    found = report_of(parse(raw.encode()))
    assert found is not None
    assert found.recipients == (expected,)


def test_a_header_without_end_is_read_up_to_a_bound() -> None:
    endless = "X-A: b\n" * (bounce_reports.HEADER_SIZE // 7 + 1)
    mail = parse(REPORT.replace("From: agent@example.com\nMess", f"Subject: x\n{endless}Mess").encode())
    assert bounce_reports.returned_id(mail) == ""
    assert bounce_reports.returned_id(parse(REPORT.encode())) == "<original@example.com>"
