"""Header lines and bodies: they fold, they fit, and a standard parser reads back exactly what was written."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import getaddresses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multimail.core.addresses import Address
from multimail.core.errors import Problem
from multimail.mime import encode

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0"), max_size=300)
PRINTABLE = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]) | st.just(" "), max_size=200)
ANNA = "anna@example.org"


def parsed(header: str, body: bytes = b"\r\n") -> EmailMessage:
    message = message_from_bytes(header.encode() + body, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def assert_fits(header: str, limit: int = encode.LINE) -> None:
    assert header.endswith("\r\n")
    lines = header[:-2].split("\r\n")
    assert all(line and len(line.encode()) <= limit for line in lines)
    assert all(line[0] in " \t" and line.strip() for line in lines[1:])


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("", "Subject: \r\n"),
        ("Hello", "Subject: Hello\r\n"),
        ("Grüße aus der alten Stadt", "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe_aus_der_alten_Stadt?=\r\n"),
        ("日本語", "Subject: =?utf-8?b?5pel5pys6Kqe?=\r\n"),
        ("=?utf-8?q?x?=", "Subject: =?utf-8?b?PT91dGYtOD9xP3g/PQ==?=\r\n"),
        ("\ud800", "Subject: =?utf-8?b?Pw==?=\r\n"),
        ("word " * 15 + "end", "Subject: " + "word " * 13 + "word\r\n word end\r\n"),
    ],
)
def test_free_text_is_plain_where_it_can_be(value: str, line: str) -> None:
    assert encode.unstructured("Subject", value) == line


@given(TEXT | PRINTABLE)
def test_any_subject_survives(value: str) -> None:
    line = encode.unstructured("Subject", value)

    line.encode("ascii")
    assert len(line.split("\r\n")) == 2 or "\r\n " in line
    expected = value if value.strip() and value == value.strip() else None
    assert expected is None or parsed(line)["Subject"] == value


@given(PRINTABLE)
def test_printable_subjects_stay_below_78_columns(value: str) -> None:
    longest_word = max(map(len, value.split(" ")))

    assert_fits(encode.unstructured("Subject", f"a{value}z"), max(encode.LINE, longest_word + 12))


def test_a_word_longer_than_a_line_may_be_is_cut_by_encoding() -> None:
    line = encode.unstructured("X-Long", "x" * 5000)

    assert_fits(line)
    assert parsed(line)["X-Long"] == "x" * 5000


def test_a_structured_value_is_only_folded() -> None:
    urls = f"<mailto:u@example.org>, <https://example.org/{'u' * 100}?a=?b>"

    line = encode.structured("List-Unsubscribe", urls)

    assert line == f"List-Unsubscribe: <mailto:u@example.org>,\r\n <https://example.org/{'u' * 100}?a=?b>\r\n"


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("", ANNA),
        ("Anna Berg", f"Anna Berg <{ANNA}>"),
        ("Berg, Anna", f'"Berg, Anna" <{ANNA}>'),
        ('A "B" \\', f"=?utf-8?b?QSAiQiIgXA==?= <{ANNA}>"),
        ("Jörg Baumann", f"=?utf-8?q?J=C3=B6rg_Baumann?= <{ANNA}>"),
        ("a@b.org", f'"a@b.org" <{ANNA}>'),
        ("=?utf-8?q?x?=", f"=?utf-8?b?PT91dGYtOD9xP3g/PQ==?= <{ANNA}>"),
    ],
)
def test_a_name_is_written_so_that_it_stays_a_name(name: str, written: str) -> None:
    assert encode.mailboxes("To", [Address(ANNA, name)]) == f"To: {written}\r\n"


@given(st.lists(PRINTABLE, min_size=1, max_size=6))
def test_any_names_survive_in_an_address_header(names: list[str]) -> None:
    line = encode.mailboxes(
        "Cc", [Address(f"a{number}@example.org", name) for number, name in enumerate(names)]
    )

    assert_fits(line, 100)
    found = getaddresses([line.removeprefix("Cc: ").replace("\r\n", "")])
    assert [address for _, address in found] == [f"a{number}@example.org" for number in range(len(names))]
    assert [str(make_header(decode_header(name))) for name, _ in found] == [name.strip() for name in names]


def test_many_recipients_fold_between_addresses() -> None:
    line = encode.mailboxes("To", [Address(f"recipient{number}@example.org") for number in range(50)])

    assert_fits(line)
    assert len(parsed(line)["To"].addresses) == 50


def test_an_international_address_stays_utf8() -> None:
    assert encode.mailboxes("To", [Address("jörg@xn--mnchen-3ya.de")]) == "To: jörg@xn--mnchen-3ya.de\r\n"


def test_a_long_address_after_a_name_goes_to_the_next_line() -> None:
    long = f"{'a' * 60}@example.org"

    assert encode.mailboxes("From", [Address(long, "Anna Berg")]) == f"From: Anna Berg\r\n <{long}>\r\n"


@pytest.mark.parametrize("address", ["a@b.org, c@d.org", "a@b.org>", "", "a b@c.org"])
def test_what_is_not_one_address_is_refused(address: str) -> None:
    with pytest.raises(Problem) as refusal:
        encode.mailboxes("To", [Address(address)])

    assert refusal.value.code == "invalid_address"


@pytest.mark.parametrize("bad", ["a\r\nBcc: x@y.org", "a\nb", "a\0"])
def test_no_value_starts_another_line(bad: str) -> None:
    for write in (encode.unstructured, encode.structured, encode.parameter):
        with pytest.raises(Problem, match="header_injection"):
            write("X-Test", bad)
    for address in (Address(bad), Address(ANNA, bad)):
        with pytest.raises(Problem, match="header_injection"):
            encode.mailboxes("To", [address])


def test_message_ids_stand_one_to_a_line_and_unusable_ones_are_left_out() -> None:
    ids = ["<a@x>", "no id", "<b c@x>", "<ü@x>", f"<{'x' * 950}>", "<d@x>"]

    assert encode.message_ids("References", ids) == "References: <a@x>\r\n <d@x>\r\n"
    assert encode.message_ids("In-Reply-To", [""]) == ""


@pytest.mark.parametrize(
    ("filename", "written"),
    [
        ("report.pdf", ';\r\n filename="report.pdf"'),
        ("two words; x.pdf", ';\r\n filename="two words; x.pdf"'),
        ('a"b\\c', ";\r\n filename*=utf-8''a%22b%5Cc"),
        ("<a>", ";\r\n filename*=utf-8''%3Ca%3E"),
        ("Übersicht.pdf", ";\r\n filename*=utf-8''%C3%9Cbersicht.pdf"),
        ("", ";\r\n filename*=utf-8''"),
    ],
)
def test_a_file_name_is_quoted_or_percent_encoded(filename: str, written: str) -> None:
    assert encode.parameter("filename", filename) == written


@given(TEXT.filter(bool))
def test_any_file_name_survives(filename: str) -> None:
    header = f"Content-Disposition: attachment{encode.parameter('filename', filename)}\r\n"

    assert_fits(header)
    assert (
        message_from_bytes(header.encode() + b"\r\n", policy=policy.compat32).get_filename()
        == filename.strip()
    )


@given(st.text(st.characters(codec="utf-8"), max_size=400) | st.text("aä\r\n =.", max_size=400))
def test_any_text_survives_in_seven_bits(text: str) -> None:
    part = encode.text_part("plain", text)

    assert encode.is_seven_bit(part)
    message = message_from_bytes(part, policy=policy.default)
    assert isinstance(message, EmailMessage)
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    content = message.get_payload(decode=True)
    assert isinstance(content, bytes)
    assert content.decode() == (lines if lines.endswith("\n") else lines + "\n").replace("\n", "\r\n")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("plain", "7bit"),
        ("x" * 998, "7bit"),
        ("x" * 999, "quoted-printable"),
        ("Grüße an alle, die kommen", "quoted-printable"),
        ("Приве́т", "base64"),
        ("a\0b", "quoted-printable"),
        ("\ud800", "7bit"),
    ],
)
def test_the_encoding_fits_the_text(text: str, encoding: str) -> None:
    assert f"Content-Transfer-Encoding: {encoding}\r\n".encode() in encode.text_part("plain", text)


@pytest.mark.parametrize("data", [b"\xff", b"a\0", b"a\nb", b"a\rb", b"x" * 999])
def test_what_cannot_travel_as_it_is(data: bytes) -> None:
    assert not encode.is_seven_bit(data)


def test_the_date_is_in_utc() -> None:
    assert encode.date(1_767_225_600_999_999) == "Date: Thu, 01 Jan 2026 00:00:00 +0000\r\n"
