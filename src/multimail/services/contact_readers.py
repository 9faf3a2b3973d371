"""Files of contacts, read as they come: bytes to rows, one after the other, never more of them in memory than one.

Whatever cannot be read is passed over by its line and a code; only what makes the whole file unreadable raises.
"""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Final

from multimail.core.errors import Problem
from multimail.mime import vcards
from multimail.services.contact_rows import Row, Said, Skip, checked, of_object, strict_json
from multimail.services.contact_table import Table, closes, separator

LONGEST: Final = 1_048_576
"""Bytes of one row; what is longer is passed over without being kept."""
_LONGEST_LINE: Final = 16 * LONGEST
_MARK: Final = b"\xef\xbb\xbf"
Items = AsyncIterator[Row | Skip]
Line = tuple[int, bytes]
"""Its number, from 1 on."""


def rows(source: AsyncIterator[bytes], form: str, others: str) -> Items:
    """The rows of a file. Raises `invalid` for a form that there is not."""
    read = _FORMS.get(form)
    if read is None:
        raise Problem(
            "invalid", f"There is no format {form[:20]!a}.", field="format", advice="csv, vcard or jsonl"
        )
    return read(_lines(source), others)


async def _lines(source: AsyncIterator[bytes]) -> AsyncIterator[Line]:
    """The lines without their ends. Raises `too_large` for one that nobody can mean, `invalid` for UTF-16."""
    number, kept = 1, bytearray()
    async for chunk in source:
        if number == 1 and not kept:
            _refuse_utf16(chunk)
        *ends, rest = chunk.split(b"\n")
        for end in ends:
            yield number, _line(number, kept + end)
            number, kept = number + 1, bytearray()
        kept += rest
        if len(kept) > _LONGEST_LINE:
            raise Problem("too_large", f"Line {number} has more than {_LONGEST_LINE:,} bytes.", field="body")
    if kept:
        yield number, _line(number, kept)


def _line(number: int, line: bytearray) -> bytes:
    whole = bytes(line).removesuffix(b"\r")
    return whole.removeprefix(_MARK) if number == 1 else whole


def _refuse_utf16(chunk: bytes) -> None:
    if chunk.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in chunk[:4]:
        raise Problem(
            "invalid",
            "The file is not UTF-8.",
            field="body",
            advice="Save it as “CSV UTF-8” or as UTF-8 text.",
        )


async def _jsonl(lines: AsyncIterator[Line], others: str) -> Items:
    async for number, line in lines:
        if len(line) > LONGEST:
            yield Skip(number, "too_long")
        elif line.strip():
            yield _json_row(number, line)


def _json_row(number: int, line: bytes) -> Row | Skip:
    try:
        return of_object(number, strict_json(line))
    except UnicodeDecodeError:
        return Skip(number, "invalid_text")
    except ValueError:
        return Skip(number, "invalid_row")


async def _csv(lines: AsyncIterator[Line], others: str) -> Items:
    """The first row names the columns."""
    told, header = ",", None
    async for _, line in lines:
        header = _decoded(line) or ""
        if not header.lower().startswith("sep="):
            break
        told, header = header[4:5] or ",", None
    if header is None or not header.strip():
        raise _no_header()
    delimiter = separator(header, told)
    table = Table.of(_cells(header, delimiter), others)
    async for number, text in _records(lines, delimiter):
        if isinstance(text, Skip):
            yield text
        elif text.strip():
            yield table.row(number, _cells(text, delimiter))


async def _records(lines: AsyncIterator[Line], delimiter: str) -> AsyncIterator[tuple[int, str | Skip]]:
    """Lines that belong together, because a quoted cell goes on in the next."""
    begun, parts, size, fault = 0, list[str](), 0, ""
    quoted = False
    async for number, line in lines:
        begun = begun or number
        text, size = _decoded(line), size + len(line) + 1
        fault = fault or ("too_long" if size > LONGEST else "invalid_text" if text is None else "")
        quoted = not closes(line.decode("latin-1") if text is None else text, delimiter, quoted)
        if fault:
            parts.clear()
        else:
            parts.append(text or "")
        if not quoted:
            yield begun, Skip(begun, fault) if fault else "\n".join(parts)
            begun, parts, size, fault = 0, [], 0, ""
    if begun:
        # The file ends within a quoted cell: nobody knows where that should have ended.
        yield begun, Skip(begun, "unclosed_quote")


def _decoded(line: bytes) -> str | None:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _cells(text: str, delimiter: str) -> list[str]:
    if csv.field_size_limit() < LONGEST:
        csv.field_size_limit(LONGEST)
    return next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])


def _no_header() -> Problem:
    return Problem(
        "invalid", "The file does not begin with the names of its columns.", field="body",
        advice="The first line of a CSV file is like: email,name,tags,metadata",
    )  # fmt: skip


async def _vcard(lines: AsyncIterator[Line], others: str) -> Items:
    """Cards one after the other; what stands between them is nothing, but a file in which no card stands is none."""
    begun, parts, size = 0, list[str](), 0
    without = 0
    async for number, line in lines:
        word = line.strip().upper()
        without = without or (number if word else 0)
        if word == b"BEGIN:VCARD":
            if begun:
                yield Skip(begun, "invalid_row")
            begun, parts, size, without = number, [], 0, -1
        if begun and (size := size + len(line)) <= LONGEST:
            parts.append(line.decode("utf-8", "replace"))
        if begun and word == b"END:VCARD":
            for row in _people(begun, "\r\n".join(parts)) if size <= LONGEST else (Skip(begun, "too_long"),):
                yield row
            begun = 0
    if begun or without > 0:
        yield Skip(begun or without, "invalid_row")


def _people(number: int, text: str) -> Iterator[Row | Skip]:
    card = None if "\ufffd" in text else vcards.read(text)
    if card is None:
        yield Skip(number, "invalid_text" if "\ufffd" in text else "invalid_row")
        return
    try:
        data = strict_json(card.data) if card.data else dict(card.details)
    except ValueError:
        yield Skip(number, "invalid_metadata")
        return
    for address in card.addresses or ("",):
        yield checked(Said(number, address, card.name, list(card.tags), data))


_FORMS: Final[dict[str, Callable[[AsyncIterator[Line], str], Items]]] = {
    "csv": _csv,
    "jsonl": _jsonl,
    "vcard": _vcard,
}
