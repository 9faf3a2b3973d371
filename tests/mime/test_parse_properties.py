"""No bytes raise, and whatever comes out is bounded, storable and consistent."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multimail.mime import auto_replies, bounces, hidden, quoting, unsubscribe
from multimail.mime.html import to_markdown
from multimail.mime.mailboxes import read
from multimail.mime.model import PROBLEMS, Limits, ParsedMail
from multimail.mime.parse import attachment, parse
from tests.mime.enmime_table import names, raw

MAILS = {name: raw(name) for name in names()}
HEADERS = (
    "From To Cc Bcc Sender Reply-To Subject Date Message-ID In-Reply-To References Return-Path List-Id Precedence"
    " Content-Type Content-Disposition Content-Transfer-Encoding Content-ID Auto-Submitted X-Failed-Recipients"
).split()
FRAGMENTS = [
    b"a@b.c", b"<", b">", b'"', b"\\", b",", b";", b":", b"(", b")", b"@", b" ", b"\t", b"\r\n ", b"\n", b"\r",
    b"\x00", b"\xff", b"\xc3\xa9", b"=?utf-8?Q?", b"=?utf-8?B?", b"=E2=80", b"w6k", b"?=", b"=?", b"=", b"*0*=", b"*=",
    b"utf-8''", b"%E2%82", b"charset=", b"boundary=b", b"name=", b"filename", b"text/html", b"multipart/mixed",
    b"multipart/alternative", b"message/rfc822", b"attachment", b"base64", b"quoted-printable", b"utf-7", b"utf-16",
    b"iso-2022-jp", b"Mon, 1 Jan 2026 10:00:00 +9999", b"-99999999999", b"[IPv6:", b"]", b"\n\n", b"\n--b\n",
    b"\n--b--\n",
]  # fmt: skip
TAGS = [
    "<p>", "</p>", "<div style='display:none'>", "</div>", "<b>", "<table>", "<td", ">", "<!--", "-->", "\n",
    '<a href="', '"', "&#0;", "&nbsp;", "<style>.x{", "}</style>", "<img src=x alt='", "'", "x", "<font color=white>",
    "<svg>", "]]>", "<script>",
]  # fmt: skip

values = st.lists(st.sampled_from(FRAGMENTS) | st.binary(max_size=6), max_size=14).map(b"".join)
fields = st.builds(lambda name, value: name.encode() + b": " + value, st.sampled_from(HEADERS), values)
structured = st.builds(
    lambda head, body: b"\n".join(head) + b"\n\n" + body,
    st.lists(fields, max_size=10),
    values.map(lambda v: v * 3),
)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A real mail with pieces removed, doubled, replaced or put elsewhere."""
    data = MAILS[draw(st.sampled_from(sorted(MAILS)))][:6_000]
    for _ in range(draw(st.integers(1, 5))):
        start = draw(st.integers(0, len(data)))
        end = draw(st.integers(start, min(len(data), start + 60)))
        piece = draw(
            st.sampled_from([b"", data[start:end] * 2, data[start:end][::-1]]) | st.sampled_from(FRAGMENTS)
        )
        data = data[:start] + piece + data[end:]
    return data


def check(data: bytes, limits: Limits | None = None) -> ParsedMail:
    """Everything a reader of the value relies on."""
    limits = limits or Limits()
    mail = parse(data, limits)
    json.dumps(asdict(replace(mail, attachments=()))).encode()
    repr(mail.attachments).encode()
    assert f"{mail.text}{mail.html}{mail.headers}{mail.subject}".encode()
    assert set(mail.problems) <= set(PROBLEMS)
    assert "\n" not in mail.subject
    assert "\0" not in mail.text
    assert [each.position for each in mail.attachments] == list(range(len(mail.attachments)))
    assert all(each.filename and "/" not in each.filename for each in mail.attachments)
    for each in mail.attachments[:4]:
        assert attachment(data, each.position, limits) == each
    every = (*mail.from_, *mail.to, *mail.cc, *mail.bcc, *mail.reply_to)
    assert all(each.address and each.address == each.address.strip() for each in every)
    assert all(each[0] == "<" and each[-1] == ">" for each in (*mail.references, *mail.in_reply_to))
    bounces.detect(mail)
    auto_replies.is_automatic(mail, None)
    unsubscribe.says_unsubscribe(mail.subject, mail.text)
    assert len(quoting.preview(mail.text)) <= 200
    return mail


@given(st.binary(max_size=3_000))
def test_random_bytes_are_a_mail(data: bytes) -> None:
    check(data)


@given(mutated())
def test_a_damaged_mail_is_a_mail(data: bytes) -> None:
    check(data)


@given(structured)
def test_any_headers_make_a_mail(data: bytes) -> None:
    check(data)


@given(structured)
def test_small_limits_hold(data: bytes) -> None:
    mail = check(
        data, Limits(depth=1, parts=2, header_size=60, header_count=3, addresses=1, references=2, text=10)
    )
    assert len(mail.headers) <= 3
    assert len(mail.to) <= 1
    assert len(mail.references) <= 2
    assert len(mail.html) <= 12


@given(st.lists(st.sampled_from(TAGS), max_size=40).map("".join))
def test_any_html_becomes_text_and_is_searched_for_hidden_text(html: str) -> None:
    to_markdown(html, set()).encode()
    repr(hidden.hidden_text(html)).encode()


@given(values)
def test_any_address_list_gives_addresses_that_read_back_as_themselves(value: bytes) -> None:
    for each in read(value.decode("utf-8", "surrogateescape"), set(), 50):
        assert [again.address for again in read(f"<{each.address}>", set(), 50)] == [each.address]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"Content-Type: multipart/mixed; boundary=b\n\n--b\n" * 10_000, "too_many_parts"),
        (b"To: " + b"<" * 1_000_000 + b"\n\n", "too_many_headers"),
        (b"Subject: " + b"=?a?q?x" * 15_000 + b"?=\n\n", "truncated"),
        (b"References: " + b"<a@b" * 30_000 + b"\n\n", ""),
        (b"Content-Type: a/b;" + b' x="\\"' * 20_000 + b"\n\n", ""),
        (b"X: y;\n" + b"x=y;\n" * 100_000 + b"\n", "too_many_headers"),
        (b"Content-Type: text/html\n\n" + b"<div>" * 1_000_000, "truncated"),
        (b"Content-Type: text/html\n\n" + b"<div>" * 500 + b"<!--" * 200_000, "truncated"),
        (b"Content-Type: text/html\n\n" + b"![](a" * 100_000, ""),
        (b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--bx\n" * 200_000, "missing_boundary"),
        (b"Content-Type: a/b\nContent-Transfer-Encoding: base64\n\n" + b"A=" * 300_000, "bad_base64"),
        (b"\n" + bytes(range(128, 256)) * 8_000, "guessed_charset"),
    ],
)
def test_what_is_made_to_be_slow_is_read_at_once(data: bytes, problem: str) -> None:
    """Each took minutes or gigabytes with a naive pattern somewhere; the suite's own time-out is the bound."""
    mail = check(data)
    hidden.hidden_text(mail.html)
    assert not problem or problem in mail.problems
