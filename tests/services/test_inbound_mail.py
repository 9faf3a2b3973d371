"""Reading an arriving mail: any bytes give values that can be stored, and the same mail is known again."""

from __future__ import annotations

import json
import zlib
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multimail.mime import quoting
from multimail.services.inbound_mail import Arrival, content_hash, read, storable
from tests.support.letters import ANN, BOB, CAT, envelope, letter

HEADERS = [
    "From: ",
    "To: ",
    "Subject: ",
    "Message-ID: <",
    "References: <",
    "Reply-To: ",
    "Content-Type: ",
    "\r\n",
]


def arrived(raw: bytes, sender: str = ANN) -> Arrival:
    return read(envelope(raw, sender=sender))


@given(st.lists(st.sampled_from(HEADERS).map(str.encode) | st.binary(max_size=40), max_size=12).map(b"".join))
def test_whatever_comes_can_be_stored(raw: bytes) -> None:
    found = arrived(raw)
    texts = json.dumps(
        [found.header_id, found.ancestors, found.sender, found.sender_name, found.subject, found.text]
        + [found.preview, found.reply_to, [asdict(one) for one in found.attachments]]
        + [[one.address, one.name] for one in found.recipients],
        ensure_ascii=False,
    )
    assert texts.encode()
    assert "\0" not in found.text + found.subject + found.header_id
    assert zlib.decompress(found.packed) == raw


def test_text_without_surrogates_and_nul_is_left_alone() -> None:
    assert storable("Grüße \U0001f4e7") == "Grüße \U0001f4e7"
    assert storable("a\0b\udcffc").startswith("a\u2400b")


@pytest.mark.parametrize(
    "trace",
    [
        b"Received: from a by b;\r\n\tMon, 2 Mar 2026 11:00:00 +0000\r\n",
        b"Return-Path: <ann@example.org>\r\n",
        b"ARC-Seal: i=1; a=rsa-sha256;\r\n b=abc\r\n",
        b"received-SPF: pass\r\nX-Received: by 2002:a05\r\n",
        b"RECEIVED : a\r\n\tb\r\n \tc\r\nDelivered-To: d\r\nArc-Seal: e\r\n",
    ],
)
def test_trace_headers_make_no_other_mail(trace: bytes) -> None:
    raw = letter(Message_ID="<m@x>")

    assert content_hash(trace + raw) == content_hash(raw)


@pytest.mark.parametrize(
    "change",
    [
        (b"Hello", b"Hallo"),
        (b"A question", b"A  question"),
        (b"\r\n\r\n", b"\r\n\r\nReceived: x\r\n"),
        (b"Subject:", b"Received-By: x\r\nSubject:"),
    ],
)
def test_anything_else_does(change: tuple[bytes, bytes]) -> None:
    raw = letter(Message_ID="<m@x>")

    assert content_hash(raw.replace(*change)) != content_hash(raw)


def test_ancestors_are_named_nearest_first_and_once() -> None:
    found = arrived(letter(References="<a@x> <b@x> <c@x>", In_Reply_To="<c@x>"))

    assert found.ancestors == ("<c@x>", "<b@x>", "<a@x>")
    assert (found.header_refs, found.in_reply_to) == ("<a@x> <b@x> <c@x>", "<c@x>")


def test_people_are_author_and_visible_recipients() -> None:
    found = arrived(letter(From=ANN.upper(), To=f"{BOB}, {BOB}", Cc=ANN, Bcc=CAT))

    assert found.people == {ANN, BOB}
    assert [(one.address, one.kind) for one in found.recipients] == [(BOB, "to"), (ANN, "cc"), (CAT, "bcc")]


@pytest.mark.parametrize(
    ("headers", "sender"),
    [({"From": None, "Sender": BOB}, BOB), ({"From": None}, ANN), ({"From": f"{CAT}, {BOB}"}, CAT)],
    ids=["Sender", "envelope", "first author"],
)
def test_the_author_is_whoever_is_named_first(headers: dict[str, str | None], sender: str) -> None:
    assert arrived(letter("Hello.", **headers)).author == sender


def test_a_mail_with_neither_message_id_nor_date_cannot_be_known_again() -> None:
    assert arrived(letter(Message_ID=None, Date=None)).identity is None
    assert arrived(letter(Message_ID=None)).identity is not None


@pytest.mark.parametrize("quoted", ["", "> old\r\n" * 50], ids=["short quote", "long quote first"])
def test_preview_and_opt_out_are_read_from_the_opening_only(quoted: str) -> None:
    body = quoted + "Unsubscribe me, please.\r\n" + "And more of it, line by line.\r\n" * 200
    found = arrived(letter(body))

    assert found.unsubscribes
    assert found.preview == quoting.preview(found.text)


def test_only_the_null_sender_returns_mail() -> None:
    report = letter("", Content_Type="message/delivery-status")

    assert arrived(report, sender="").bounce is not None
    assert arrived(report).bounce is None


def test_a_mail_is_empty_when_it_has_neither_header_nor_content() -> None:
    assert [arrived(raw).is_empty for raw in (b"", b"\r\n", b"x", b"Subject: x\r\n\r\n")] == [
        True,
        True,
        False,
        False,
    ]


def test_every_server_it_passed_through_is_a_hop() -> None:
    trace = b"Received: from a by b\r\nreceived: from b by c\r\nX-Received: no\r\n"

    assert arrived(trace + letter("text")).hops == 2


def test_attachments_are_counted_from_one() -> None:
    body = "--b\r\n\r\ntext\r\n--b\r\nContent-Disposition: attachment; filename=a.txt\r\n\r\nx\r\n--b--"
    found = arrived(letter(body, Content_Type="multipart/mixed; boundary=b"))

    assert [(one.position, one.filename) for one in found.attachments] == [(1, "a.txt")]
    assert found.digest != arrived(letter(body)).digest
