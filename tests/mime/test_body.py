"""Which part is the text and which is a file, and what a file is called."""

from __future__ import annotations

import pytest

from multimail.mime.model import Limits, ParsedMail
from multimail.mime.parse import parse


def multipart(kind: str, *parts: str) -> ParsedMail:
    joined = "".join(f"--b\n{part}\n" for part in parts)
    return parse(f"Content-Type: multipart/{kind}; boundary=b\n\n{joined}--b--\n".encode())


def part(content_type: str, body: str, *fields: str) -> str:
    return "\n".join([f"Content-Type: {content_type}", *fields, "", body])


def test_of_alternatives_the_plain_text_is_read() -> None:
    mail = multipart("alternative", part("text/plain", "plain"), part("text/html", "<p>rich</p>"))
    assert (mail.text, mail.html, mail.attachments) == ("plain", "<p>rich</p>", ())


def test_an_empty_plain_alternative_does_not_hide_the_html() -> None:
    mail = multipart("alternative", part("text/plain", "  "), part("text/html", "<p><b>rich</b></p>"))
    assert mail.text == "**rich**"


def test_a_list_footer_after_html_does_not_replace_the_html() -> None:
    mail = multipart("mixed", part("text/html", "<p>news</p>"), part("text/plain", "-- footer"))
    assert mail.text == "news\n\n-- footer"


def test_a_named_text_after_the_first_is_a_file() -> None:
    mail = multipart(
        "mixed", part("text/plain; name=mail.txt", "body"), part("text/plain; name=notes.txt", "notes")
    )
    assert mail.text == "body"
    assert [each.filename for each in mail.attachments] == ["notes.txt"]


def test_a_leading_text_that_is_sent_as_a_file_is_both() -> None:
    mail = parse(b"Content-Disposition: inline; filename=a.txt\n\ntext")
    assert mail.text == "text"
    assert [(each.filename, each.content, each.inline) for each in mail.attachments] == [
        ("a.txt", b"text", True)
    ]


def test_a_forwarded_message_is_a_file_and_not_text() -> None:
    inner = "From: x@y.z\nSubject: inner\n\ninner text"
    mail = multipart("mixed", part("text/plain", "see below"), part("message/rfc822", inner))
    assert mail.text == "see below"
    assert [(each.filename, each.content) for each in mail.attachments] == [
        ("attachment-1.eml", inner.encode())
    ]


def test_binary_that_claims_to_be_text_is_a_file() -> None:
    mail = parse(b"Content-Type: text/plain; name=x.gif\n\nGIF89a\0\0")
    assert (mail.text, mail.problems) == ("", ("binary_text",))
    assert [each.filename for each in mail.attachments] == ["x.gif"]


@pytest.mark.parametrize(
    ("declared", "safe"),
    [
        ('"../../etc/passwd"', "passwd"),
        (r'"C:\\Users\\x\\a.doc"', "a.doc"),
        ('"a\u202efdp.exe"', "afdp.exe"),
        ('"a\x07b.txt"', "a b.txt"),
        ('".."', "attachment-1.pdf"),
        ('"' + "n" * 300 + '.pdf"', "n" * 196 + ".pdf"),
    ],
)
def test_a_file_name_is_safe_to_save_under(declared: str, safe: str) -> None:
    mail = parse(f"Content-Type: application/pdf; name={declared}\n\nx".encode())
    assert [each.filename for each in mail.attachments] == [safe]


def test_html_without_a_charset_believes_its_meta_element_only_when_it_is_no_utf_8() -> None:
    meta = '<meta charset="windows-1250"><p>'
    assert parse(f"Content-Type: text/html\n\n{meta}Grüße".encode()).text == "Grüße"
    assert parse(f"Content-Type: text/html\n\n{meta}Łódź".encode("cp1250")).text == "Łódź"


def test_text_over_all_parts_ends_at_the_limit() -> None:
    raw = b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nsome text\n" * 5 + b"--b--\n"
    mail = parse(raw, Limits(text=20))
    assert mail.text == "some text\n\nsome text\n\nso"
    assert mail.problems == ("truncated",)
