"""Forms that bring files: fields and files arrive as they were chosen, and no more of them than is permitted."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.requests import Request

from multimail.core.errors import Problem
from multimail.surfaces.web import form_files
from multimail.surfaces.web.form_files import File

pytestmark = pytest.mark.anyio

LIMIT = 4_000


def part(head: str, content: bytes = b"") -> bytes:
    return f"--x\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + content + b"\r\n"


async def read(
    body: bytes, *, longest: int = LIMIT, most: int = LIMIT, at_once: int = 7, boundary: str = "x"
) -> tuple[dict[str, str], tuple[File, ...]]:
    """Read it in small pieces, as a slow line brings it."""
    pieces = [body[start : start + at_once] for start in range(0, len(body), at_once)]

    async def receive() -> dict[str, Any]:
        piece = pieces.pop(0) if pieces else b""
        return {"type": "http.request", "body": piece, "more_body": bool(pieces)}

    headers = [(b"content-type", f"multipart/form-data; boundary={boundary}".encode())]
    return await form_files.read(Request({"type": "http", "headers": headers}, receive), longest, most)


async def test_fields_and_files_arrive_whole() -> None:
    body = (
        part('name="body"', "Grüße\r\n--y".encode()) + part('name="pick"', b"a") + part('name="pick"', b"b")
    )
    body += part(
        'name="file"; filename="plan %22B%22 für.pdf"\r\nContent-Type: Application/PDF; x=1', b"\0\r\n--\xff"
    )
    fields, [file] = await read(body + b"--x--\r\n")

    assert fields == {"body": "Grüße\n--y", "pick": "a b"}
    assert (file.filename, file.content_type) == ("plan %22B%22 für.pdf", "application/pdf")
    assert bytes(file.content) == b"\0\r\n--\xff"


async def test_a_box_in_which_no_file_was_chosen_brings_none() -> None:
    body = part('name="file"; filename=""\r\nContent-Type: application/octet-stream') + b"--x--\r\n"

    assert await read(body) == ({}, ())


async def test_folders_are_no_part_of_a_files_name() -> None:
    body = part('name="file"; filename="../../etc/passwd"', b"1") + b"--x--\r\n"

    assert [one.filename for one in (await read(body))[1]] == ["passwd"]


async def test_the_form_survives_a_file_that_is_too_large() -> None:
    body = part('name="body"', b"My words") + part('name="file"; filename="a"', b"y" * 10)
    body += part('name="file"; filename="b"', b"z" * 3_991) + part('name="subject"', b"S") + b"--x--\r\n"
    fields, files = await read(body)

    assert fields == {"body": "My words", "subject": "S"}
    assert [(one.too_large, len(one.content)) for one in files] == [(False, 10), (True, 0)]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (part('name="a"', b"1"), "invalid"),
        (b"a=1&b=2", "invalid"),
        (part('name="a"', b"\xff") + b"--x--\r\n", "invalid"),
        (part('name="a"') * 2 + b"--x--\r\n", "invalid"),
        (part('name="pick"') * 401 + b"--x--\r\n", "invalid"),
        (part('name="file"; filename="a"') * 51 + b"--x--\r\n", "too_large"),
        (part('name="a"', b"y" * 4_001) + b"--x--\r\n", "too_large"),
        (part('name="file"; filename="a"', b"y" * 45_000) + b"--x--\r\n", "too_large"),
    ],
    ids=[
        "cut off",
        "no parts",
        "not UTF-8",
        "twice",
        "too many",
        "too many files",
        "too long",
        "far too large",
    ],
)
async def test_what_no_page_of_ours_sends_is_refused(body: bytes, code: str) -> None:
    with pytest.raises(Problem) as caught:
        await read(body, at_once=500)

    assert caught.value.code == code


@pytest.mark.parametrize("boundary", ["", "y" * 300])
async def test_a_boundary_that_none_can_have_is_refused(boundary: str) -> None:
    with pytest.raises(Problem) as caught:
        await read(part('name="a"', b"1"), boundary=boundary)

    assert caught.value.code == "invalid"
