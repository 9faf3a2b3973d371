"""Header values become one line of text, however their encoded words are broken."""

from __future__ import annotations

import pytest

from multimail.mime.words import decoded


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("plain", "plain"),
        ("=?utf-8?q?Gr=C3=BC=C3=9Fe?= an alle", "Grüße an alle"),
        ("=?UTF-8?B?R3LDvMOf?= =?UTF-8?B?ZQ==?=", "Grüße"),
        ("=?utf-8?B?R3LD?= =?utf-8?B?vMOfZQ==?=", "Grüße"),
        ("=?iso-8859-1?Q?Andr=E9?=!", "André!"),
        ("=?utf-8?Q?What's_up??= later", "What's up? later"),
        ("=?UTF-8? Q?a?=", "a"),
        ("=?utf-8?x?YQ==?=", "=?utf-8?x?YQ==?="),
        ("=?utf-8?B?***?= rest", "rest"),
        ("a =?utf-8?Q?b?= =?iso-8859-1?Q?c?= d", "a bc d"),
        ("Grüße", "Grüße"),
    ],
)
def test_a_value_reads_as_its_sender_meant_it(value: str, text: str) -> None:
    assert decoded(value, set()) == text


def test_a_word_within_a_word_is_decoded_once_more_and_no_further() -> None:
    once = "=?utf-8?Q?=3D=3Futf-8=3FQ=3FCaller=5F=3F=3D?="
    assert decoded(once, set()) == "Caller"


def test_raw_bytes_are_read_in_the_charset_of_the_mail() -> None:
    value = "日本".encode("shift_jis").decode("utf-8", "surrogateescape")
    assert decoded(value, set(), "shift_jis") == "日本"


def test_raw_bytes_without_any_charset_are_western() -> None:
    problems: set[str] = set()
    assert decoded("caf\udce9", problems) == "café"
    assert problems == {"guessed_charset"}


def test_a_line_break_hidden_in_a_word_makes_no_header() -> None:
    problems: set[str] = set()
    assert decoded("=?utf-8?Q?Hi=0D=0ABcc:_x@example.com?=", problems) == "Hi Bcc: x@example.com"
    assert "header_injection" in problems


def test_control_characters_become_blanks_and_are_noted() -> None:
    problems: set[str] = set()
    assert decoded("a\x1b[31mb\x00c", problems) == "a [31mb c"
    assert problems == {"control_characters"}


def test_reversed_reading_direction_is_noted() -> None:
    problems: set[str] = set()
    decoded("invoice\u202efdp.exe", problems)
    assert problems == {"bidi_override"}
