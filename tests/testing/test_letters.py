"""Mail as tests read and write it."""

from __future__ import annotations

import pytest

from multimail.core.times import SECOND
from multimail.testing.letters import Letter, Sent, Wanted

RAW = (
    b"From: Support <support@here.test>\r\nTo: Ann <ann@outside.test>\r\nCc: bob@outside.test\r\n"
    b"Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
    b"--b\r\nContent-Type: text/plain\r\n\r\nHello\r\nAnn\r\n"
    b'--b\r\nContent-Type: text/csv\r\nContent-Disposition: attachment; filename="a.csv"\r\n\r\n1,2\r\n--b--\r\n'
)


@pytest.fixture
def sent() -> Sent:
    return Sent("support@here.test", ("ann@outside.test", "eve@outside.test"), RAW, 90 * SECOND)


def test_a_mail_that_left_says_what_was_in_it(sent: Sent) -> None:
    assert (sent.subject, sent.sender) == ("Grüße", "support@here.test")
    assert sent.to == ["ann@outside.test", "bob@outside.test"]
    assert (sent.text.strip(), sent.html) == ("Hello\nAnn", "")
    assert {name: bytes(content).strip() for name, content in sent.attachments.items()} == {"a.csv": b"1,2"}
    assert sent.headers["Cc"] == "bob@outside.test"
    assert (sent.at.minute, sent.at.second) == (1, 30)


@pytest.mark.parametrize(
    ("wanted", "meets"),
    [
        (Wanted(), True),
        (Wanted(to="EVE@outside.test"), True),
        (Wanted(to="*@outside.test", subject="grü", text="ann", sender="Support@here.test"), True),
        (Wanted(to="bob@outside.test"), False),
        (Wanted(subject="Greetings"), False),
        (Wanted(sender="ann@outside.test"), False),
    ],
)
def test_mails_are_meant_by_envelope_and_words(sent: Sent, wanted: Wanted, meets: bool) -> None:
    assert wanted.meets(sent) is meets


def test_what_is_meant_can_be_read() -> None:
    assert str(Wanted(to="a@b.test", subject="x")) == "to='a@b.test', subject='x'"


def test_a_letter_has_what_mail_has_unless_its_own_headers_say_otherwise() -> None:
    plain = Letter("Ann <ann@outside.test>", ("a@here.test",), "Hi", "Text")
    own = Letter(
        "ann@outside.test", ("a@here.test",), headers={"Message-ID": "<own@outside.test>", "X-A": "1\r\nB: 2"}
    )

    assert plain.envelope_from == "ann@outside.test"
    assert b"Message-ID: <3.60000000@outside.test>" in plain.raw(60 * SECOND, 3)
    assert b"Date: Thu, 01 Jan 1970 00:01:00 +0000" in plain.raw(60 * SECOND, 3)
    assert own.raw(0, 1).count(b"Message-ID") == 1
    assert b"\nB:" not in own.raw(0, 1)


def test_a_letter_may_have_html_and_files() -> None:
    raw = Letter(
        "a@b.test", ("c@d.test",), "Hi", "Text", html="<b>Text</b>", attachments={"a.txt": b"x"}
    ).raw(0, 1)
    read = Sent("a@b.test", ("c@d.test",), raw, 0)

    assert (read.text.strip(), read.html.strip()) == ("Text", "<b>Text</b>")
    assert list(read.attachments) == ["a.txt"]
