"""Bytes to text: the declared character set, then UTF-8, then a guess; never an error.

Names are mapped as browsers map them (latin-1 means windows-1252). Only character sets are ever looked up:
Python's other codecs (`unicode_escape`, `punycode`, `zlib` …) are out of reach of a mail.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache
from typing import Final

ALIASES: Final[dict[str, str]] = {
    "ansi": "cp1252",
    "ascii": "ascii",
    "big5": "big5hkscs",
    "euc-kr": "cp949",
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gbk": "gb18030",
    "iso-8859-1": "cp1252",
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-9": "cp1254",
    "ks_c_5601-1987": "cp949",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "shift-jis": "cp932",
    "shift_jis": "cp932",
    "sjis": "cp932",
    "tis-620": "cp874",
    "unicode-1-1-utf-7": "utf-7",
    "us-ascii": "ascii",
    "utf8mb4": "utf-8",
    "windows-31j": "cp932",
    "windows-874": "cp874",
    "x-gbk": "gb18030",
    "x-sjis": "cp932",
}
CHARSET_CODEC: Final = re.compile(
    r"(ascii|utf|iso8859|cp\d|koi8|mac|gb|big5|euc|shift|iso2022|hz$|johab|ptcp154|tis|kz|hp)"
)
NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:()-]{0,39}")
UNDECLARED: Final = frozenset(
    {"", "unknown", "unknown-8bit", "x-unknown", "default", "8bit", "binary", "none"}
)
PLAIN: Final = frozenset({"ascii", "utf-8", "cp1252"})
ASCII_BYTES: Final = bytes(range(128))
GUESS_SAMPLE: Final = 4096
GUESS_LEAST: Final = 24
SCRUB: Final = re.compile("[\ud800-\udfff\x00]")


@lru_cache(maxsize=256)
def codec_of(name: str) -> str | None:
    """The Python codec for a charset name as it stands in a mail, None when there is none."""
    cleaned = name.strip().strip("\"'").lower().removeprefix("charset=").strip("\"' ")
    found = NAME.match(cleaned.partition("*")[0])
    if found is None:
        return None
    label = found.group()
    if label in ALIASES:
        return ALIASES[label]
    try:
        codec = codecs.lookup(label).name
    except (LookupError, ValueError):
        return None
    return codec if CHARSET_CODEC.match(codec) else None


def decode(data: bytes, declared: str, problems: set[str]) -> str:
    """Text of `data`; what was wrong is added to `problems`. The result holds no NUL and no surrogate."""
    name = declared[:80]
    codec = codec_of(name)
    if codec is None and name.strip().lower() not in UNDECLARED:
        problems.add("unknown_charset")
    if codec in PLAIN or codec is None:
        if data.isascii():
            return scrubbed(data.decode("ascii"))
        codec = codec or "utf-8"
    try:
        text = data.decode(codec)
        # What decodes strictly as one of these holds no surrogate, and looking for one costs.
        return text.replace("\0", "\ufffd") if codec in PLAIN else scrubbed(text)
    except (UnicodeError, LookupError, ValueError):
        return scrubbed(_recovered(data, codec, problems))


def scrubbed(text: str) -> str:
    """`text` without the characters no store or encoder takes: NUL and lone surrogates become U+FFFD."""
    if text.isascii() and "\0" not in text:
        return text
    return SCRUB.sub("\ufffd", text)


def _recovered(data: bytes, codec: str, problems: set[str]) -> str:
    if codec == "cp1252":
        return data.decode("latin-1")
    problems.add("bad_charset")
    if codec != "utf-8":
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            pass
    if codec != "ascii":
        text = data.decode(codec, "replace")
        high = len(data.translate(None, ASCII_BYTES))
        if text.count("\ufffd") * 10 <= high:
            return text
    return guessed(data, problems)


def guessed(data: bytes, problems: set[str]) -> str:
    """Text in the most probable character set; too little data to tell is read as windows-1252."""
    problems.add("guessed_charset")
    sample = data[:GUESS_SAMPLE]
    codec = "cp1252"
    if len(data) >= GUESS_LEAST:
        from charset_normalizer import from_bytes  # noqa: PLC0415 - 40 ms that a process rarely needs

        match = from_bytes(sample).best()
        if match is not None and codec_of(match.encoding):
            codec = match.encoding
    try:
        return data.decode(codec)
    except (UnicodeError, LookupError):
        fallback = "latin-1" if codec == "cp1252" else codec
        return data.decode(fallback, "replace")


def is_binary(data: bytes, declared: str) -> bool:
    """Whether bytes that claim to be text cannot be: they hold NUL although the charset never does."""
    if b"\0" not in data[:8192]:
        return False
    codec = codec_of(declared[:80]) or ""
    return not codec.startswith(("utf-16", "utf-32"))
