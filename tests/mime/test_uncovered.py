"""Looking through a raw mail: every encoding undone, no bytes too strange."""

from __future__ import annotations

import base64
import gzip
import io
import quopri
import zipfile
import zlib
from email.header import Header

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multimail.mime import uncovered

TEXT = "Grüße an Jané Quux"


def zipped(name: str, text: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, text)
    return file.getvalue()


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
        base64.encodebytes(zipped("people.csv", TEXT)),
        base64.encodebytes(zipped(f"{TEXT}.txt", "")),
        b"--x\r\nContent-Transfer-Encoding: binary\r\n\r\n" + zipped("a", TEXT) + b"\r\n--x--\r\n",
        base64.encodebytes(gzip.compress(TEXT.encode(), mtime=0)),
        b"%PDF-1.7\n<< /Filter /FlateDecode >>\nstream\n" + zlib.compress(TEXT.encode()) + b"\nendstream",
        b"Gr&uuml;&#223;e an <b>Jan&eacute;</b> Quux",
        b"Gr&uuml;&#223;e an<br>Jan&eacute; Quux",
    ],
)
def test_text_is_read_in_every_encoding(raw: bytes) -> None:
    assert holds(raw)


def test_an_archive_that_is_broken_or_without_end_is_looked_through_as_far_as_it_goes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(uncovered, "_LONGEST", 1_000)

    assert holds(zipped("a", TEXT + "x" * 100_000))
    assert not holds(zipped("a", "x" * 100_000 + TEXT))
    assert not holds(zipped("a", TEXT)[:28])
    assert not holds(gzip.compress(TEXT.encode())[:12])
    assert not holds(b"\x1f\x8b\x08 no gzip")


def test_what_is_not_there_is_not_read() -> None:
    assert not holds(base64.encodebytes(b"nothing of the kind"))


@given(st.binary(max_size=300))
def test_any_bytes_can_be_looked_through(raw: bytes) -> None:
    assert all(isinstance(text, str) for text in uncovered.texts(raw))
