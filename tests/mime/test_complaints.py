"""Feedback reports are read, and told from reports about authentication."""

from __future__ import annotations

import pytest

from multimail.mime.complaints import detect
from multimail.mime.parse import parse


def report(fields: str, returned: str = "Message-ID: <m@x>\n") -> bytes:
    return (
        "From: fbl@provider.example\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\n\n"
        f"--b\nContent-Type: message/feedback-report\n\n{fields}\n"
        f"--b\nContent-Type: message/rfc822\n\n{returned}\nHi\n--b--"
    ).encode()


def test_a_report_gives_what_a_mark_could_stand_in() -> None:
    raw = report(
        "Feedback-Type: abuse\nUser-Agent: P/1\nOriginal-Mail-From: <a+b@x.example>\n",
        "Return-Path: <r@x.example>\nMessage-ID: <m@x>\nList-Unsubscribe: <https://x.example/u/t>,\n <mailto:a@x>\n",
    )
    found = detect(parse(raw))
    assert found is not None
    assert (found.feedback_type, found.original_message_id, found.user_agent) == ("abuse", "<m@x>", "P/1")
    assert found.senders == ("a+b@x.example", "r@x.example")
    assert len(found.links) == 1
    assert "https://x.example/u/t" in found.links[0]


@pytest.mark.parametrize(
    ("kind", "against"), [("abuse", True), ("fraud", True), ("not-spam", False), ("", True)]
)
def test_all_but_one_kind_is_against_the_mail(kind: str, against: bool) -> None:
    found = detect(parse(report(f"Feedback-Type: {kind}\n")))
    assert found is not None
    assert found.is_against is against


@pytest.mark.parametrize("kind", ["auth-failure", "dmarc"])
def test_a_report_about_authentication_is_no_complaint(kind: str) -> None:
    raw = report(f"Feedback-Type: {kind}\n")
    assert detect(parse(raw)) is None
    assert detect(parse(b"Subject: complaint about message from 192.0.2.9\n" + raw)) is None


def test_one_provider_sends_nothing_but_the_mail() -> None:
    head = (
        b"From: staff@h.example\nSubject: complaint about message from 192.0.2.9\n"
        b"Content-Type: multipart/mixed; boundary=b\n\n"
    )
    found = detect(
        parse(head + b"--b\nContent-Type: message/rfc822\n\nReturn-Path: <k@x.example>\n\nHi\n--b--")
    )
    assert found is not None
    assert found.senders == ("k@x.example",)


def test_a_person_who_sends_our_mail_back_has_written_a_mail() -> None:
    head = b"Subject: Complaint about message from 3 March\nContent-Type: multipart/mixed; boundary=b\n\n"
    returned = b"--b\nContent-Type: message/rfc822\n\nReturn-Path: <k@x.example>\n\nHi\n--b--"
    assert detect(parse(head + returned)) is None


def test_other_mail_is_no_complaint() -> None:
    assert detect(parse(b"Subject: complaint about message from you\n\nI complain.")) is None
