"""Files of contacts, read in pieces of any size: every row once, and what is wrong with one is nobody else's fault."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from multimail.core.errors import Problem
from multimail.services.contact_readers import LONGEST, rows
from multimail.services.contact_rows import Row, Skip

pytestmark = pytest.mark.anyio


async def pieces(content: bytes, size: int) -> AsyncIterator[bytes]:
    yield b""
    for start in range(0, len(content), size):
        yield content[start : start + size]


async def read(content: str | bytes, form: str = "csv", size: int = 65_536) -> list[str]:
    """Each row as its line with the address, or with the code of why there is none."""
    raw = content.encode() if isinstance(content, str) else content
    found = [one async for one in rows(pieces(raw, size), form, "refuse")]
    return [f"{one.line} {one.address if isinstance(one, Row) else one.code}" for one in found]


async def refused(content: bytes, form: str = "csv") -> str:
    with pytest.raises(Problem) as caught:
        await read(content, form)
    return caught.value.message


@pytest.mark.parametrize("size", [1, 7, 65_536])
@pytest.mark.parametrize(
    "content",
    [
        "email,name\nann@x.example,Ann\n\nbob@x.example,Bob\n",
        "\ufeffemail,name\r\nann@x.example,Ann\r\n\r\nbob@x.example,Bob",
        'email;name\r\nann@x.example;"A ""n"" n; Smith"\r\n\r\nbob@x.example;',
        "sep=|\nemail|name\nann@x.example|Ann\nbob@x.example|Bob",
    ],
)
async def test_a_table_is_read_whatever_stands_between_its_cells(content: str, size: int) -> None:
    first = 3 if content.startswith("sep") else 2

    assert await read(content, size=size) == [f"{first} ann@x.example", "4 bob@x.example"]


async def test_a_cell_of_several_lines_is_one_row_and_lines_are_counted_on() -> None:
    content = 'email,metadata\nann@x.example,"{""a"":\n\n1}"\nbob@x.example,\n'

    assert await read(content) == ["2 ann@x.example", "5 bob@x.example"]


async def test_what_is_too_long_is_passed_over_and_what_is_in_it_is_no_row() -> None:
    inside = "evil@x.example,\n" * (LONGEST // 16 + 1)
    content = f'email,metadata\nann@x.example,"{inside}"\nbob@x.example,\n'

    assert await read(content) == ["2 too_long", f"{LONGEST // 16 + 4} bob@x.example"]


async def test_a_cell_of_ten_megabytes_is_passed_over() -> None:
    content = f'email,metadata\nann@x.example,"{"x" * 10_000_000}"\nbob@x.example,\n'

    assert await read(content) == ["2 too_long", "3 bob@x.example"]
    assert "more than" in await refused(b"email\n" + b"x" * 17_000_000)


async def test_a_quote_that_is_never_closed_hides_the_rest_and_says_so() -> None:
    assert await read('email,name\nann@x.example,\nbob@x.example,"Bob\neve@x.example,\n') == [
        "2 ann@x.example",
        "3 unclosed_quote",
    ]


async def test_a_line_that_is_not_utf_8_is_passed_over() -> None:
    content = b"email,name\nann@x.example,M\xfcller\nbob@x.example,\n"

    assert await read(content) == ["2 invalid_text", "3 bob@x.example"]


async def test_a_file_that_is_none_is_refused_as_a_whole() -> None:
    assert "UTF-8" in await refused("email\nann@x.example".encode("utf-16"))
    for empty in (b"", b"\n\n", b"sep=;\n"):
        assert "names of its columns" in await refused(empty)
    assert "no column email" in await refused(b"ann@x.example,Ann\n")
    assert "no format" in await refused(b"", "xls")


async def test_json_lines_are_rows_of_their_own() -> None:
    lines = [
        '{"email": "ann@x.example"}', "", "{broken", '{"email": "x"}', '{"email": "bob@x.example", "shoe": 1}',
        '{"email": "eve@x.example", "metadata": ' + '{"a":' * 50 + "1" + "}" * 51, '"' + "x" * LONGEST + '"',
        '{"email": "zoe@x.example"}',
    ]  # fmt: skip

    assert await read("\n".join(lines), "jsonl") == [
        "1 ann@x.example", "3 invalid_row", "4 invalid_address", "5 invalid_row", "6 metadata_too_deep",
        "7 too_long", "8 zoe@x.example",
    ]  # fmt: skip
    assert await read(b'{"email": "\xff@x.example"}', "jsonl") == ["1 invalid_text"]


async def test_cards_are_read_one_after_the_other() -> None:
    cards = [
        "BEGIN:VCARD", "VERSION:3.0", "EMAIL:ann@x.example", "EMAIL:ann@y.example", "END:VCARD",
        "between", "begin:vcard", "FN:Nobody", "VERSION:3.0", "end:vcard",
        "BEGIN:VCARD", "EMAIL:lost@x.example", "BEGIN:VCARD", "EMAIL:eve@x.example", "END:VCARD",
        "BEGIN:VCARD", "X-MULTIMAIL-DATA:{broken", "EMAIL:x@x.example", "END:VCARD",
        "BEGIN:VCARD", "PHOTO:" + "x" * LONGEST, "END:VCARD", "BEGIN:VCARD",
    ]  # fmt: skip

    assert await read("\r\n".join(cards), "vcard") == [
        "1 ann@x.example", "1 ann@y.example", "7 no_address", "11 invalid_row", "13 eve@x.example",
        "16 invalid_metadata", "20 too_long", "23 invalid_row",
    ]  # fmt: skip
    assert await read("hello\nthere", "vcard") == ["1 invalid_row"], "no card at all"
    assert await read("\n\n", "vcard") == []
    assert await read(b"BEGIN:VCARD\nFN:M\xfc\nEMAIL:a@x.example\nEND:VCARD", "vcard") == ["1 invalid_text"]


async def test_what_is_read_is_a_row_or_a_skip() -> None:
    found = [one async for one in rows(pieces(b"email\nann@x.example\nx\n", 9), "csv", "refuse")]

    assert [type(one) for one in found] == [Row, Skip]
