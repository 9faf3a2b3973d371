"""Looking through a raw mail: every encoding undone, no bytes too strange."""

from __future__ import annotations

import base64
import quopri
from email.header import Header

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multimail.mime import uncovered

TEXT = "Grüße an Jané Quux"


def holds(raw: bytes) -> bool:
    return any(TEXT in text for text in uncovered.texts(raw))


@pytest.mark.parametrize(
    "raw",
    [
        TEXT.encode(),
        TEXT.encode("latin-1"),
        TEXT.encode("utf-16"),
        b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(TEXT.encode()) + b"\r\n--x--",
        base64.encodebytes(("x" * 100 + TEXT).encode()).replace(b"\n", b"\r\n"),
        quopri.encodestring(TEXT.encode()),
        f"Subject: {Header(TEXT, 'utf-8').encode()}\r\n".encode(),
        f"Subject: {Header(TEXT, 'iso-8859-1').encode()}\r\n".encode(),
        base64.encodebytes(b"Subject: x\r\n\r\n" + base64.encodebytes(TEXT.encode())),
    ],
)
def test_text_is_read_in_every_encoding(raw: bytes) -> None:
    assert holds(raw)


def test_what_is_not_there_is_not_read() -> None:
    assert not holds(base64.encodebytes(b"nothing of the kind"))


@given(st.binary(max_size=300))
def test_any_bytes_can_be_looked_through(raw: bytes) -> None:
    assert all(isinstance(text, str) for text in uncovered.texts(raw))
