"""Bodies that are bytes: bounded while they come in, named by their headers."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import pytest
from starlette.requests import Request

from multimail.core.errors import Problem
from multimail.surfaces.http import received

pytestmark = pytest.mark.anyio


def asked(*chunks: bytes, query: str = "", **headers: str) -> tuple[Request, list[bytes]]:
    """A request, and the chunks that nobody has read yet."""
    left = list(chunks)

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": left.pop(0), "more_body": bool(left)}

    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/",
        "headers": raw,
        "query_string": query.encode(),
    }
    return Request(scope, receive), left


async def test_a_body_is_read_whole_with_its_digest() -> None:
    request, _ = asked(b"ab", b"", b"c")
    body = await received.read_bytes(request, 3)

    assert (bytes(body.content), body.sha256) == (b"abc", sha256(b"abc").hexdigest())


async def test_a_body_that_is_too_large_is_refused_before_the_rest_is_read() -> None:
    request, left = asked(b"ab", b"cd", b"ef")
    with pytest.raises(Problem) as caught:
        await received.read_bytes(request, 3)

    assert (caught.value.code, left) == ("too_large", [b"ef"])


@pytest.mark.parametrize("declared", ["4", "9" * 5_000])
async def test_a_body_that_says_it_is_too_large_is_not_read_at_all(declared: str) -> None:
    request, left = asked(b"ab", content_length=declared)
    with pytest.raises(Problem, match="too_large"):
        await received.read_bytes(request, 3)

    assert left == [b"ab"]


@pytest.mark.parametrize(
    ("headers", "query", "name"),
    [
        ({"content_disposition": 'attachment; filename="a b.pdf"'}, "", "a b.pdf"),
        ({"content_disposition": "attachment; filename=x; filename*=utf-8''Gr%C3%BC.txt"}, "", "Grü.txt"),
        ({"content_disposition": 'attachment; filename="Grü.txt"'}, "", "Grü.txt"),
        ({"content_disposition": 'attachment; filename="../../etc/passwd"'}, "", "passwd"),
        ({}, "filename=..%5Cx.txt", "x.txt"),
        ({"content_disposition": "inline"}, "filename=y.txt", "y.txt"),
        ({}, "", ""),
    ],
)
async def test_a_file_is_named_by_its_header_or_by_the_query(
    headers: dict[str, str], query: str, name: str
) -> None:
    request, _ = asked(b"", query=query, **headers)

    assert received.file_name(request) == name


@pytest.mark.parametrize(
    ("given", "kind"), [("Application/PDF; x=y", "application/pdf"), ("", ""), ("nonsense", "")]
)
async def test_a_type_is_taken_without_its_parameters(given: str, kind: str) -> None:
    request, _ = asked(b"", content_type=given)

    assert received.media_type(request) == kind


@pytest.mark.parametrize("form", ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded"])
async def test_a_form_is_not_taken_for_a_file(form: str) -> None:
    request, _ = asked(b"", content_type=form)
    with pytest.raises(Problem) as caught:
        received.refuse_forms(request)

    assert (caught.value.code, caught.value.field) == ("invalid", "content-type")
