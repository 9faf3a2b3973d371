"""Returned mail without a report is understood by its words; who is no mail system is not believed."""

from __future__ import annotations

import pytest

from multimail.mime.bounce_notices import is_certain, read, remarks, says_failed
from multimail.mime.bounce_origin import Origin
from multimail.mime.parse import parse

NOTICE = (
    "From: {sender}\nTo: me@x.example\nSubject: Undeliverable mail\n\n"
    "Your mail to <ann@y.example> could not be delivered.\n550 5.1.1 No such user\n"
)


def test_a_notice_gives_reason_and_recipient() -> None:
    found = read(parse(NOTICE.format(sender="MAILER-DAEMON@y.example").encode()), Origin.DAEMON)
    assert found is not None
    assert (found.reason, found.is_final) == ("no_such_user", True)


def test_a_person_is_never_taken_for_a_mail_system() -> None:
    mail = parse(NOTICE.format(sender="bob@y.example").encode())
    assert read(mail, Origin.PERSON) is None
    assert not is_certain(mail, Origin.PERSON)


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Delivery failed: your parcel", "We could not deliver your parcel. Recipient not found."),
        ("Your order", "Your mail to <ann@y.example> could not be delivered. 550"),
        ("Undeliverable order", "The parcel was returned."),
    ],
)
def test_a_robot_has_to_speak_of_mail_in_subject_and_text(subject: str, text: str) -> None:
    raw = f"From: no-reply@y.example\nTo: me@x.example\nSubject: {subject}\n\n{text}\n"
    assert read(parse(raw.encode()), Origin.ROBOT) is None


def test_a_robot_that_does_is_believed() -> None:
    mail = parse(NOTICE.format(sender="no-reply@y.example").encode())
    assert read(mail, Origin.ROBOT) is not None
    assert is_certain(mail, Origin.ROBOT)


def test_a_delay_is_not_final_and_an_arrival_no_failure() -> None:
    late = parse(
        b"From: Mailer-Daemon@y\nSubject: Warning: message delayed\n\nWe will keep trying. 451 4.4.1 timeout"
    )
    done = parse(
        b"From: Mailer-Daemon@y\nSubject: Delivered: Hi\n\nYour mail was delivered to ann@y.example."
    )
    found, arrived = read(late, Origin.DAEMON), read(done, Origin.DAEMON)
    assert found is not None
    assert arrived is not None
    assert (found.reason, found.is_final, arrived.reason) == ("unreachable", False, "delivered")


def test_words_in_a_file_count_where_the_mail_has_no_other() -> None:
    raw = (
        b"Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: text/plain; name=x.txt\n"
        b"Content-Disposition: attachment; filename=x.txt\n\nMailbox full\n--b--"
    )
    assert "Mailbox full" in remarks(parse(raw))


def test_nothing_is_said_in_an_empty_mail() -> None:
    mail = parse(b"From: MAILER-DAEMON@x\n\n")
    assert not says_failed(mail)
    assert read(mail, Origin.DAEMON) is None


def test_bytes_that_are_no_text_harm_nobody() -> None:
    raw = b"From: \xff\xfe@\xff\nSubject: failure notice \xff\n\n\xff\x00 <\xff@y>:\n \xff 550 user unknown"
    assert read(parse(raw), Origin.DAEMON) is not None


def test_a_return_about_several_is_as_bad_as_the_worst_of_them() -> None:
    raw = (
        "From: Mailer-Daemon@y.example\nSubject: Mail delivery failed\n"
        "X-Failed-Recipients: ann@y.example,\n bob@y.example\n\n"
        "This is a permanent error. The following addresses failed:\n\n"
        "  ann@y.example\n    mailbox is full: retry timeout exceeded\n  bob@y.example\n    {bob}\n"
    )
    worse, same = (
        read(parse(raw.format(bob=said).encode()), Origin.DAEMON) for said in ("Unknown user", "over quota")
    )
    assert worse is not None
    assert worse.reason == "no_such_user"
    assert same is not None
    assert same.reason == "mailbox_full"
