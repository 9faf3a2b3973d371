"""Bytes become text by the declared charset, then UTF-8, then a guess; dangerous codecs are out of reach."""

from __future__ import annotations

import pytest

from multimail.mime.charset import codec_of, decode, is_binary

GERMAN = "Die Köche müßten für die Gäste größere Töpfe wählen, sagte der Müller über Nacht. " * 4


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("UTF-8", "utf-8"),
        ('"utf8"', "utf-8"),
        ("charset=us-ascii", "ascii"),
        ("ISO-8859-1", "cp1252"),
        ("gb2312", "gb18030"),
        ("ks_c_5601-1987", "cp949"),
        ("utf-8*en", "utf-8"),
        ("fakescii-7", None),
        ("", None),
    ],
)
def test_a_charset_name_is_read_as_browsers_read_it(name: str, codec: str | None) -> None:
    assert codec_of(name) == codec


@pytest.mark.parametrize(
    "name", ["unicode_escape", "punycode", "idna", "zlib", "rot13", "raw_unicode_escape", "undefined"]
)
def test_codecs_that_are_no_charset_are_unknown(name: str) -> None:
    problems: set[str] = set()
    assert decode(b"a\\u0041", name, problems) == "a\\u0041"
    assert problems == {"unknown_charset"}


def test_the_declared_charset_is_used_without_a_remark() -> None:
    problems: set[str] = set()
    assert decode("Grüße €".encode("cp1252"), "iso-8859-1", problems) == "Grüße €"
    assert decode("日本語".encode("iso-2022-jp"), "ISO-2022-JP", problems) == "日本語"
    assert problems == set()


def test_utf_8_under_a_wrong_name_is_recognised() -> None:
    problems: set[str] = set()
    assert decode("naïve ∑".encode(), "us-ascii", problems) == "naïve ∑"
    assert problems == {"bad_charset"}


def test_a_single_damaged_character_does_not_change_the_charset() -> None:
    data = ("ä" * 40).encode() + b"\xff" + "ö".encode()
    assert decode(data, "utf-8", set()) == "ä" * 40 + "\ufffdö"


def test_long_text_in_an_unnamed_charset_is_guessed() -> None:
    problems: set[str] = set()
    assert decode(GERMAN.encode("latin-1"), "", problems) == GERMAN
    assert problems == {"bad_charset", "guessed_charset"}


def test_a_few_bytes_are_not_enough_to_guess_from() -> None:
    assert decode(b"caf\xe9", "", set()) == "café"


def test_text_never_holds_what_no_store_takes() -> None:
    assert decode(b"a\0b", "ascii", set()) == "a\ufffdb"
    decode(b"+2AA-", "utf-7", set()).encode("utf-8")


def test_nul_makes_text_binary_except_in_wide_charsets() -> None:
    assert is_binary(b"GIF89a\0\0", "us-ascii")
    assert not is_binary("text".encode("utf-16-le"), "utf-16le")
    assert not is_binary(b"text", "")
