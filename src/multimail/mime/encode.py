"""Values to header lines and bodies that pass any mail server: ASCII, folded, no line over 998 octets.

Header text outside printable ASCII becomes encoded words (RFC 2047), parameters follow RFC 2231. Only
addresses that need SMTPUTF8 stay as UTF-8 (RFC 6532). Equal values give equal lines.
"""

from __future__ import annotations

import re
from base64 import b64encode
from binascii import b2a_qp
from collections.abc import Iterable, Iterator
from email.utils import format_datetime
from typing import Final
from urllib.parse import quote

from multimail.core.addresses import Address, parse_address
from multimail.core.own_link import SLOT
from multimail.core.text import header_safe
from multimail.core.times import Micros, to_datetime
from multimail.mime.slot import unbroken

LINE: Final = 78
LONGEST_LINE: Final = 998
LONGEST_TOKEN: Final = 900
_WORD: Final = 75
_WORD_FRAME: Final = len("=?utf-8?q?") + len("?=")
_BASE64_LINE: Final = 76

_SHOWN: Final = re.compile(r"[!-~](?:[ -~]*[!-~])?")
_ATOMS: Final = re.compile(r"[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~]+(?: [A-Za-z0-9!#$%&'*+\-/=?^_`{|}~]+)*")
# Quotes within quotes are where parsers differ: names with them are encoded.
_QUOTABLE: Final = re.compile(r"[ !#-\[\]-~]{1,70}")
_PIECES: Final = re.compile(r" *[^ ]+")
_MESSAGE_ID: Final = re.compile(rf"<[!-;=?-~]{{1,{LONGEST_TOKEN}}}>")
# Angle brackets are left out as well: some parsers take them for quotes.
_SIMPLE_VALUE: Final = re.compile(r"[!#-;=?-\[\]-~](?:[ !#-;=?-\[\]-~]{0,58}[!#-;=?-\[\]-~])?")
_Q_PLAIN: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/ "
_Q: Final = tuple(
    "_" if byte == 0x20 else chr(byte) if byte in _Q_PLAIN else f"={byte:02X}" for byte in range(256)
)
_ASCII: Final = bytes(range(128))


def unstructured(name: str, value: str) -> str:
    """A header line of free text."""
    header_safe(value, name)
    plain = _SHOWN.fullmatch(value) and "=?" not in value
    if (plain and len(name) + len(value) + 2 <= LINE) or not value:
        return f"{name}: {value}\r\n"
    if plain and max(map(len, value.split(" "))) <= LONGEST_TOKEN:
        return structured(name, value)
    return f"{name}: {_words(value, len(name) + 2)}\r\n"


def structured(name: str, value: str) -> str:
    """A header line whose printable ASCII value must stay as it is; folded at spaces only."""
    header_safe(value, name)
    lines, line = [], f"{name}:"
    for piece in _PIECES.findall(" " + value):
        if len(line) + len(piece) > LINE and line[-1] != ":":
            lines.append(line)
            line = ""
        line += piece
    return "\r\n".join([*lines, line]) + "\r\n"


def mailboxes(name: str, addresses: Iterable[Address]) -> str:
    """An address header. Raises `invalid_address` for what would not be one address there."""
    lines, line = [], f"{name}:"
    for position, address in enumerate(addresses):
        piece = " " + _mailbox(address, name)
        if position:
            line += ","
        if len(line) + len(piece.partition("\r\n")[0]) > LINE and position:
            lines.append(line)
            line = ""
        line += piece
        *full, line = line.split("\r\n")
        lines += full
    return "\r\n".join([*lines, line]) + "\r\n"


def message_ids(name: str, ids: Iterable[str]) -> str:
    """A header of Message-IDs, one to a line; nothing when none of them is usable."""
    usable = [one for one in ids if is_message_id(one)]
    return f"{name}: " + "\r\n ".join(usable) + "\r\n" if usable else ""


def is_message_id(text: str) -> bool:
    """Whether the text can stand in a Message-ID header without being encoded, `<` and `>` included."""
    return _MESSAGE_ID.fullmatch(text) is not None


def parameter(name: str, value: str) -> str:
    """A parameter with its leading semicolon on a line of its own (RFC 2231 section 4.1 where it is long)."""
    header_safe(value, name)
    if _SIMPLE_VALUE.fullmatch(value) and "=?" not in value:
        return f';\r\n {name}="{value}"'
    encoded = [quote(char, safe="", errors="replace") for char in value]
    if sum(map(len, encoded)) <= LINE - len(name) - 12:
        return f";\r\n {name}*=utf-8''{''.join(encoded)}"
    chunks = list(_packed(encoded, 50, 50))
    lines = [f"{name}*{number}*={'' if number else _CHARSET}{chunk}" for number, chunk in enumerate(chunks)]
    return "".join(f";\r\n {line}" for line in lines)


def date(at: Micros) -> str:
    """The Date header line, in UTC."""
    return f"Date: {format_datetime(to_datetime(at))}\r\n"


def text_part(subtype: str, text: str) -> bytes:
    """A text part with its header, in the first of 7bit, quoted-printable and base64 that is fit for it.

    A slot for a recipient's own token stays findable as it is: such a text is never base64.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    body = text.replace("\n", "\r\n")
    if not body.endswith("\r\n"):
        body += "\r\n"
    encoding, data = _transfer(body)
    head = f'Content-Type: text/{subtype}; charset="utf-8"\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n'
    return head.encode("ascii") + data


def base64_lines(content: bytes) -> bytes:
    """Base64 in lines of 76 characters, each with CRLF."""
    encoded = b64encode(content)
    lines = [encoded[start : start + _BASE64_LINE] for start in range(0, len(encoded), _BASE64_LINE)]
    return b"\r\n".join([*lines, b""])


def is_seven_bit(data: bytes) -> bool:
    """Whether the bytes travel as they are: ASCII without NUL, CRLF line ends, no long line (RFC 2045 2.7)."""
    return (
        data.isascii()
        and b"\0" not in data
        and data.count(b"\r\n") == data.count(b"\r") == data.count(b"\n")
        and max(map(len, data.split(b"\r\n"))) <= LONGEST_LINE
    )


_CHARSET: Final = "utf-8''"


def _transfer(body: str) -> tuple[str, bytes]:
    data = body.encode("utf-8", "replace")
    if is_seven_bit(data):
        return "7bit", data
    if SLOT in body:
        return "quoted-printable", unbroken(b2a_qp(data))
    if len(data.translate(None, _ASCII)) * 6 > len(data):
        return "base64", base64_lines(data)
    return "quoted-printable", b2a_qp(data)


def _mailbox(address: Address, field: str) -> str:
    spec = parse_address(header_safe(address.address, field), field=field).address
    name = header_safe(address.name, field).strip()
    if not name:
        return spec
    if _ATOMS.fullmatch(name) and "=?" not in name and len(name) <= LINE - 8:
        phrase = name
    elif _QUOTABLE.fullmatch(name) and "=?" not in name:
        phrase = f'"{name}"'
    else:
        phrase = _words(name, len("Reply-To: "))
    last = len(phrase.rpartition("\r\n")[2])
    return f"{phrase} <{spec}>" if last + len(spec) + 3 <= LINE else f"{phrase}\r\n <{spec}>"


def _words(text: str, taken: int) -> str:
    """Encoded words joined by folds; `taken` is how much of the first line is used already.

    Q for text that is mostly ASCII, else B, whichever is shorter; no character is cut in two.
    """
    data = text.encode("utf-8", "replace")
    room = _WORD - _WORD_FRAME
    first = max(room - taken, 12)
    characters = [char.encode("utf-8", "replace") for char in text]
    if len(data) + 2 * len(data.translate(None, _Q_PLAIN)) <= len(data) * 4 // 3:
        encoded = ["".join([_Q[byte] for byte in char]) for char in characters]
        return "\r\n ".join(f"=?utf-8?q?{chunk}?=" for chunk in _packed(encoded, first, room))
    chunks = _packed([char.decode("latin-1") for char in characters], first // 4 * 3, room // 4 * 3)
    return "\r\n ".join(f"=?utf-8?b?{b64encode(chunk.encode('latin-1')).decode()}?=" for chunk in chunks)


def _packed(units: Iterable[str], first: int, rest: int) -> Iterator[str]:
    """Whole units joined into chunks no longer than the first, then the other limit."""
    chunk: list[str] = []
    length, limit = 0, first
    for unit in units:
        if length + len(unit) > limit and chunk:
            yield "".join(chunk)
            chunk, length, limit = [], 0, rest
        chunk.append(unit)
        length += len(unit)
    yield "".join(chunk)
