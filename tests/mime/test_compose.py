"""Outgoing mail: what a standard parser reads from the bytes is what was asked for, every time the same bytes."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multimail.core.addresses import Address
from multimail.core.errors import Problem
from multimail.mime.compose import (
    MAX_HEADERS,
    Attachment,
    Outgoing,
    compose,
    finalise,
    needs_smtputf8,
    validate_headers,
)

NOW = 1_767_225_600_000_000
LATER = NOW + 3_600_000_000
MAIL = Outgoing(
    sender=Address("desk@example.org", "Desk"),
    to=(Address("anna@example.org", "Anna Berg"),),
    subject="Your booking",
    body="Hello **Anna**,\n\nsee [the terms](https://example.org/terms).",
    message_id="<1@example.org>",
    date=NOW,
)
PLAIN_TEXT = "Hello **Anna**,\n\nsee the terms (https://example.org/terms).\n"


def read(raw: bytes) -> EmailMessage:
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    assert not any(part.defects for part in message.walk())
    assert not any(b"\r" in line or b"\n" in line or len(line) > 998 for line in raw.split(b"\r\n"))
    return message


def text_of(message: EmailMessage, kind: str = "plain") -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def test_a_mail_has_both_alternatives_and_its_headers() -> None:
    message = read(compose(MAIL))

    assert message.items() == [
        ("Date", "Thu, 01 Jan 2026 00:00:00 +0000"),
        ("From", "Desk <desk@example.org>"),
        ("To", "Anna Berg <anna@example.org>"),
        ("Subject", "Your booking"),
        ("Message-ID", "<1@example.org>"),
        ("MIME-Version", "1.0"),
        ("Content-Type", message["Content-Type"]),
    ]
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    assert text_of(message) == PLAIN_TEXT
    assert "<strong>Anna</strong>" in text_of(message, "html")


def test_equal_mails_are_equal_bytes_and_other_mails_have_other_boundaries() -> None:
    other = read(compose(replace(MAIL, body="Other")))

    assert compose(MAIL) == compose(replace(MAIL))
    assert other.get_boundary() != read(compose(MAIL)).get_boundary()


def test_every_header_that_was_asked_for_is_there() -> None:
    mail = replace(
        MAIL,
        cc=(Address("c@example.org"), Address("d@example.org", "Dörte")),
        reply_to=(Address("reply@example.org"),),
        in_reply_to="<0@example.org>",
        references=("<a@example.org>", "not an id", "<0@example.org>"),
        headers=(("X-Campaign", "spring ü"), ("List-Id", "<news.example.org>")),
        list_unsubscribe="mailto:u@example.org?subject=unsubscribe",
        auto_submitted="auto-generated",
    )

    message = read(compose(mail))

    assert message["Cc"] == "c@example.org, Dörte <d@example.org>"
    assert message["Reply-To"] == "reply@example.org"
    assert message["In-Reply-To"] == "<0@example.org>"
    assert message["References"] == "<a@example.org> <0@example.org>"
    assert message["X-Campaign"] == "spring ü"
    assert message["List-Id"] == "<news.example.org>"
    assert message["List-Unsubscribe"] == "<mailto:u@example.org?subject=unsubscribe>"
    assert message["Auto-Submitted"] == "auto-generated"


def test_the_callers_own_unsubscribe_header_wins() -> None:
    own = ("list-unsubscribe", "<https://example.org/u>")

    message = read(compose(replace(MAIL, headers=(own,), list_unsubscribe="mailto:u@example.org")))

    assert message.get_all("List-Unsubscribe") == ["<https://example.org/u>"]


def test_one_post_to_the_link_is_enough_and_the_header_says_so() -> None:
    link = f"https://example.org/u/{'t' * 72}"

    message = read(compose(replace(MAIL, unsubscribe_link=link, list_unsubscribe="mailto:u@example.org")))

    assert message.get_all("List-Unsubscribe") == [f"<{link}>, <mailto:u@example.org>"]
    assert message.get_all("List-Unsubscribe-Post") == ["List-Unsubscribe=One-Click"]


@pytest.mark.parametrize("name", ["List-Unsubscribe", "List-Unsubscribe-Post"])
def test_of_the_callers_own_unsubscribe_headers_none_is_doubled(name: str) -> None:
    mail = replace(
        MAIL, headers=((name.lower(), "<https://example.org/u>"),), unsubscribe_link="https://x.org/"
    )

    message = read(compose(mail))

    assert message.get_all(name) == ["<https://example.org/u>"]
    assert ("List-Unsubscribe-Post" in message) == (name == "List-Unsubscribe-Post")


def test_blind_copies_alone_are_undisclosed() -> None:
    assert read(compose(replace(MAIL, to=())))["To"] == "undisclosed-recipients:;"


def test_a_footer_stands_below_both_alternatives() -> None:
    message = read(compose(replace(MAIL, footer="**Desk** GmbH")))

    assert text_of(message) == PLAIN_TEXT + "\n-- \n**Desk** GmbH\n"
    assert "<hr>\n<p><strong>Desk</strong> GmbH</p>\n</body>" in text_of(message, "html")


@pytest.mark.parametrize(
    ("kind", "content", "arrives_as"),
    [
        ("application/pdf", bytes(range(256)) * 20, "application/pdf"),
        ("text/csv; charset=utf-8", b"a;b\n\xc3\xa4", "text/csv"),
        ("IMAGE/PNG", b"", "image/png"),
        ("nonsense", b"x", "application/octet-stream"),
        ("text/plain\r\nX: y", b"x", "application/octet-stream"),
        ("text/plain; name=x; charset=y", b"x", "application/octet-stream"),
        ("multipart/mixed", b"x", "application/octet-stream"),
        ("message/rfc822", "Subject: ä\r\n\r\nx".encode(), "application/octet-stream"),
    ],
)
def test_a_file_arrives_byte_for_byte(kind: str, content: bytes, arrives_as: str) -> None:
    message = read(compose(replace(MAIL, attachments=(Attachment("Über sicht.bin", kind, content),))))

    (part,) = message.iter_attachments()
    assert (part.get_content_type(), part.get_filename()) == (arrives_as, "Über sicht.bin")
    assert part.get_payload(decode=True) == content
    assert text_of(message) == PLAIN_TEXT


def test_an_attached_mail_is_not_encoded() -> None:
    inner = compose(replace(MAIL, message_id="<inner@example.org>", body="inside"))

    message = read(compose(replace(MAIL, attachments=(Attachment("mail.eml", "message/rfc822", inner),))))

    (part,) = message.iter_attachments()
    assert part.get_content()["Message-ID"] == "<inner@example.org>"


def test_only_addresses_outside_ascii_need_smtputf8() -> None:
    mail = replace(MAIL, subject="Grüße", to=(Address("a@xn--mnchen-3ya.de", "Jörg"),))
    utf8 = replace(mail, cc=(Address("jörg@example.org"),))

    assert not needs_smtputf8(compose(mail))
    assert compose(mail).isascii()
    assert needs_smtputf8(compose(utf8))
    assert "Cc: jörg@example.org\r\n".encode() in compose(utf8)


@pytest.mark.parametrize(
    "change",
    [
        {"subject": "a\r\nBcc: x@y.org"},
        {"sender": Address("desk@example.org", "a\nb")},
        {"to": (Address("a@b.org\r\nBcc: x@y.org"),)},
        {"message_id": "<a>\r\nBcc: x@y.org"},
        {"headers": (("X-A", "b\r\nBcc: x@y.org"),)},
        {"headers": (("X-A: b\r\nBcc", "x@y.org"),)},
        {"list_unsubscribe": "mailto:a\r\nBcc: x@y.org"},
        {"auto_submitted": "no\r\nBcc: x@y.org"},
        {"attachments": (Attachment("a\r\nb", "text/plain", b""),)},
    ],
)
def test_no_value_adds_a_header(change: dict[str, Any]) -> None:
    with pytest.raises(Problem) as refusal:
        compose(replace(MAIL, **change))

    assert refusal.value.code == "header_injection"


TEXTS = st.text(st.characters(codec="utf-8"), max_size=120)


@given(subject=TEXTS, name=TEXTS, filename=TEXTS, body=TEXTS)
def test_any_text_gives_a_readable_mail_or_a_problem(
    subject: str, name: str, filename: str, body: str
) -> None:
    sender = Address("desk@example.org", name)
    mail = replace(
        MAIL, subject=subject, sender=sender, body=body, attachments=(Attachment(filename, "a/b", b"x"),)
    )
    if {"\r", "\n", "\0"} & set(subject + name + filename):
        with pytest.raises(Problem, match="header_injection"):
            compose(mail)
        return

    message = message_from_bytes(compose(mail), policy=policy.compat32)

    assert message.keys() == ["Date", "From", "To", "Subject", "Message-ID", "MIME-Version", "Content-Type"]
    assert len(list(message.walk())) == 5


def test_finalising_changes_the_date_and_nothing_else() -> None:
    raw = compose(replace(MAIL, body="Date: in the body"))

    late = finalise(raw, LATER)

    assert late == raw.replace(
        b"Date: Thu, 01 Jan 2026 00:00:00 +0000", b"Date: Thu, 01 Jan 2026 01:00:00 +0000"
    )
    assert late != raw
    assert finalise(late, NOW) == raw


@pytest.mark.parametrize(
    ("raw", "final"),
    [
        (b"A: b\r\ndate: x\r\n\ty\r\nC: d\r\n\r\nbody", b"A: b\r\n%sC: d\r\n\r\nbody"),
        (b"A: b\r\n\r\nDate: x\r\n", b"%sA: b\r\n\r\nDate: x\r\n"),
        (b"X-Date: x\r\n", b"%sX-Date: x\r\n"),
    ],
)
def test_the_date_line_is_found_wherever_it_stands(raw: bytes, final: bytes) -> None:
    assert finalise(raw, NOW) == final % b"Date: Thu, 01 Jan 2026 00:00:00 +0000\r\n"


def test_a_callers_headers_are_kept_as_given() -> None:
    given = [
        ("X-Campaign-ID", " ü 42 "),
        ("List-Help", "<mailto:h@x.org>"),
        ("precedence", "bulk"),
        ("Importance", "high"),
    ]

    assert validate_headers(given) == tuple((name, value.strip()) for name, value in given)
    assert validate_headers([]) == ()


@pytest.mark.parametrize(
    ("headers", "code", "field"),
    [
        ([("Bcc", "a@b.org")], "header_not_allowed", "headers.Bcc"),
        ([("X-MultiMail-Trust", "1")], "header_not_allowed", "headers.X-MultiMail-Trust"),
        ([("X-", "1")], "header_not_allowed", "headers.X-"),
        ([("X-A b", "1")], "header_not_allowed", "headers.X-A b"),
        ([("X-A", "1"), ("x-a", "2")], "header_not_allowed", "headers.x-a"),
        ([("Precedencex", "bulk")], "header_not_allowed", "headers.Precedencex"),
        ([(f"X-{n}", "1") for n in range(MAX_HEADERS + 1)], "header_not_allowed", "headers"),
        ([("X-A", "b\r\nBcc: c")], "header_injection", "headers.X-A"),
        ([("X-A\r\nBcc", "b")], "header_injection", "headers"),
        ([("X-A", " ")], "invalid", "headers.X-A"),
        ([("X-A", "x" * 5000)], "invalid", "headers.X-A"),
        ([("Precedence", "bulk mail")], "invalid", "headers.Precedence"),
        ([("List-Unsubscribe", "<https://ü.org>")], "invalid", "headers.List-Unsubscribe"),
        ([("List-Unsubscribe", "no")], "invalid", "headers.List-Unsubscribe"),
        ([("List-Unsubscribe", "<javascript:u()>, <>")], "invalid", "headers.List-Unsubscribe"),
        ([("list-unsubscribe-post", "No")], "invalid", "headers.list-unsubscribe-post"),
        ([("List-Unsubscribe", f"<https://x.org/{'u' * 900}>")], "invalid", "headers.List-Unsubscribe"),
    ],
)
def test_other_headers_are_refused(headers: list[tuple[str, str]], code: str, field: str) -> None:
    with pytest.raises(Problem) as refusal:
        validate_headers(headers)

    assert (refusal.value.code, refusal.value.field) == (code, field)
