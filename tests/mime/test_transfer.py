"""Transfer encodings are undone leniently: damage costs as little content as possible."""

from __future__ import annotations

import base64

import pytest

from multimail.mime.transfer import from_base64, undone


@pytest.mark.parametrize("encoding", ["", "7bit", "8BIT", "binary"])
def test_identity_encodings_change_nothing(encoding: str) -> None:
    assert undone(b"a=20b", encoding, True, set()) == b"a=20b"


def test_quoted_printable_keeps_what_is_no_escape() -> None:
    assert undone(b"a=20b=\r\nc ref=od x=", "Quoted-Printable", True, set()) == b"a bc ref=od x"


@pytest.mark.parametrize(
    ("data", "content"),
    [
        (b"aGVs\r\nbG8=", b"hello"),
        (b"aGVsbG8", b"hello"),
        (b"aG*VsbG8=", b"hello"),
        (b"aGVsbG8hA", b"hello!"),
        (b"aGVsbG8=aGVsbG8=", b"hellohello"),
        (b"", b""),
        (b"=", b""),
    ],
)
def test_damaged_base64_gives_what_is_left(data: bytes, content: bytes) -> None:
    assert from_base64(data, set()) == content


def test_sound_base64_is_no_problem_and_damage_is() -> None:
    problems: set[str] = set()
    from_base64(base64.encodebytes(bytes(range(256))), problems)
    assert problems == set()
    from_base64(b"aG*VsbG8=", problems)
    assert problems == {"bad_base64"}


def test_readable_text_that_claims_to_be_base64_stays_readable() -> None:
    problems: set[str] = set()
    assert undone(b"Dear all, see below.", "base64", True, problems) == b"Dear all, see below."
    assert problems == {"bad_base64"}


def test_an_unknown_encoding_leaves_the_bytes_and_says_so() -> None:
    problems: set[str] = set()
    assert undone(b"abc", "base9000", False, problems) == b"abc"
    assert problems == {"unknown_encoding"}
