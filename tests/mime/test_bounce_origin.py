"""Who wrote a mail: mail systems are told from robots, and both from people."""

from __future__ import annotations

import pytest

from multimail.mime.bounce_origin import Origin, origin_of
from multimail.mime.parse import parse


@pytest.mark.parametrize(
    ("head", "origin"),
    [
        ("From: MAILER-DAEMON@x.example", Origin.DAEMON),
        ("From: MAILER-DAEMON <>", Origin.DAEMON),
        ("From: Mail Delivery Subsystem <m@x.example>", Origin.DAEMON),
        ("From: a@x.example\nX-Failed-Recipients: b@y.example", Origin.DAEMON),
        ("Return-Path: <>\nFrom: postmaster@x.example", Origin.DAEMON),
        ("Return-Path: <>\nFrom: support@x.example\nSubject: Undeliverable: Hi", Origin.DAEMON),
        ("Return-Path: <>\nSubject: x", Origin.DAEMON),
        ("Auto-Submitted: auto-replied\nFrom: System Administrator <it@x.example>", Origin.DAEMON),
        ("From: postmaster@x.example\nSubject: Notice", Origin.MAIL_SYSTEM),
        ("From: smtp_gateway@x.example", Origin.MAIL_SYSTEM),
        ("From: no-reply@x.example", Origin.ROBOT),
        ("Auto-Submitted: auto-generated\nFrom: jira@x.example", Origin.ROBOT),
        ("Return-Path: <>\nFrom: ann@x.example", Origin.ROBOT),
        ("From: ann@x.example\nSubject: Undeliverable: Hi", Origin.PERSON),
        ("From: admin@x.example", Origin.PERSON),
        ("From: postmaster@x.example\nSubject: Re: Undeliverable", Origin.PERSON),
        ("From: postmaster@x.example\nSubject: Is it you?", Origin.PERSON),
        ("From: noreply@x.example\nList-Id: <n.x.example>", Origin.PERSON),
        ("From: Mail Delivery System <n@x.example>\nList-Id: <n.x.example>", Origin.PERSON),
    ],
)
def test_a_header_says_who_wrote_a_mail(head: str, origin: Origin) -> None:
    assert origin_of(parse(f"{head}\n\nSomething.".encode()), None) is origin


@pytest.mark.parametrize(
    "text", ["Dear colleagues, stop.", "Hi, look.", "It fails. I saw it.", "Best.\nKind regards"]
)
def test_people_write_from_role_addresses(text: str) -> None:
    mail = parse(f"From: postmaster@x.example\nSubject: Mail\n\n{text}".encode())
    assert origin_of(mail, None) in {Origin.PERSON, Origin.MAIL_SYSTEM}
    greeted = parse(b"From: postmaster@x.example\nSubject: Mail\n\nDear all, your server is broken.")
    assert origin_of(greeted, None) is Origin.PERSON


def test_the_envelope_counts_more_than_what_the_header_says_of_it() -> None:
    mail = parse(b"Return-Path: <>\nFrom: ann@x.example\nSubject: Hi\n\n")
    assert origin_of(mail, "ann@x.example") is Origin.PERSON
    assert origin_of(mail, "MAILER-DAEMON@x.example") is Origin.ROBOT
