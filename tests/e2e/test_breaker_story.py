"""Mail that comes back hours later, as a mail: what proves to be ours stops the campaign, what is forged does not."""

from __future__ import annotations

import smtplib
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from tests.support.office import Office, office
from tests.support.program import LIMIT_S

NEWS: Final = "news@here.test"
TAG: Final = "spring"
FIRST, REST, BACK = 60, 15, 4
_REPORT: Final = """\
From: MAILER-DAEMON@out.test
To: {to}
Subject: Undelivered Mail Returned to Sender
Message-ID: <{number}@out.test>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

Nobody here by that name.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.out.test

Final-Recipient: rfc822; {recipient}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 nobody

--b
Content-Type: message/rfc822

Message-ID: {message_id}
From: {mailbox}
To: {recipient}

--b--
"""


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path) as made:
        made.mailbox(NEWS, default_mode="autonomous")
        made.call("set_breakers", throttle_bounces=5.0)
        yield made


def send(here: Office, people: range) -> None:
    for person in people:
        here.call(
            "send_email",
            mailbox=NEWS,
            to=[f"p{person}@out.test"],
            subject=f"No. {person}",
            body="Hi.",
            tags=[TAG],
        )


def come_back(here: Office, number: int, to: str) -> None:
    """A report about a mail that arrived, from the null sender, to whom it says it was from."""
    mail = here.sink.mails[number]
    report = _REPORT.format(
        to=to,
        number=f"{number}.{len(to)}",
        recipient=mail.recipients[0],
        message_id=mail.message_id,
        mailbox=NEWS,
    )
    with smtplib.SMTP("127.0.0.1", here.place.smtp_port, timeout=LIMIT_S) as client:
        assert client.sendmail("", [to], report.replace("\n", "\r\n").encode()) == {}


def campaign(here: Office) -> dict[str, Any]:
    found: dict[str, Any] = here.call("campaign_stats", tag=TAG)["campaigns"][0]
    return found


def until(here: Office, **wanted: Any) -> dict[str, Any]:
    end = time.monotonic() + LIMIT_S
    while (found := campaign(here)) | wanted != found:
        assert time.monotonic() < end, f"{found} is not {wanted}"
        time.sleep(0.02)
    return found


def test_returns_that_prove_to_be_ours_stop_the_rest_until_the_operator_resumes(here: Office) -> None:
    send(here, range(FIRST))
    here.sink.wait_for(FIRST, LIMIT_S)
    until(here, sent=FIRST)

    # Forged: they name real mails and recipients, and came to the mailbox.
    for number in range(30, 30 + 2 * BACK):
        come_back(here, number, NEWS)
    # Real: to the envelope sender that only that mail had; one of them twice.
    for number in (*range(BACK), 0):
        come_back(here, number, here.sink.mails[number].sender)
    found = until(here, state="paused")

    assert (found["bounced"], found["delivered"]) == (BACK, FIRST - BACK)
    send(here, range(FIRST, FIRST + REST))
    until(here, waiting=REST)
    assert len(here.sink.mails) == FIRST
    told = [
        one["event"]
        for one in here.call("list_events", kinds=["sending.*"], after="evt_00000000000000")["events"]
    ]
    assert told == ["sending.warned", "sending.warned", "sending.paused", "sending.paused"]

    assert here.call("resume_sending", campaign=TAG)["resumed"] == REST
    here.sink.wait_for(FIRST + REST, LIMIT_S)
    until(here, sent=FIRST + REST, waiting=0, state="normal")
    assert set(Counter(mail.recipients for mail in here.sink.mails).values()) == {1}
