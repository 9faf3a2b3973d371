"""What is read from a posted form, and what is not even read."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

import pytest
from starlette.requests import Request

from multimail.contract.fields import MAX_BODY
from multimail.core.errors import Problem
from multimail.surfaces.web import forms

pytestmark = pytest.mark.anyio

TYPE = "application/x-www-form-urlencoded"


async def read(*chunks: bytes, content_type: str = TYPE, longest: int = forms.SHORT) -> dict[str, str]:
    parts = iter(chunks)

    async def receive() -> dict[str, Any]:
        body = next(parts, None)
        return {"type": "http.request", "body": body or b"", "more_body": body is not None}

    headers = [(b"content-type", content_type.encode())]
    return await forms.read(Request({"type": "http", "headers": headers}, receive), longest)


async def code(*chunks: bytes, content_type: str = TYPE, longest: int = forms.SHORT) -> str:
    with pytest.raises(Problem) as caught:
        await read(*chunks, content_type=content_type, longest=longest)
    return caught.value.code


async def test_line_ends_become_the_mails_own() -> None:
    assert await read(b"body=a%0D%0Ab%0Dc%0Ad", b"&note=") == {"body": "a\nb\nc\nd", "note": ""}


async def test_letters_of_all_kinds_arrive() -> None:
    given = {"body": "Grüße 🐝 + & = %41", "subject": "日本"}

    assert await read(urlencode(given).encode(), content_type=f"{TYPE}; charset=UTF-8") == given


async def test_what_was_ticked_in_a_list_comes_together() -> None:
    assert await read(b"pick=msg_1&do=read&pick=msg_2") == {"pick": "msg_1 msg_2", "do": "read"}


@pytest.mark.parametrize(
    "body",
    [b"body=%FF", b"body=\xff", b"a=1&a=2", b"&".join(b"a%d=" % number for number in range(401))],
    ids=["not UTF-8", "not ASCII", "twice", "too many"],
)
async def test_what_no_page_of_ours_sends_is_refused(body: bytes) -> None:
    assert await code(body) == "invalid"


@pytest.mark.parametrize(
    "content_type", ["", "text/plain", "multipart/form-data; boundary=x", "application/json"]
)
async def test_other_types_are_refused(content_type: str) -> None:
    assert await code(b"a=1", content_type=content_type) == "invalid"


async def test_no_more_is_taken_in_than_a_form_may_have() -> None:
    taken = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal taken
        while True:
            taken += 1
            yield b"x" * 1000

    class Endless(Request):
        def stream(self) -> Any:
            return body()

    with pytest.raises(Problem, match="too_large"):
        await forms.read(
            Endless({"type": "http", "headers": [(b"content-type", TYPE.encode())]}), forms.SHORT
        )
    assert taken == forms.SHORT // 1000 + 1


async def test_the_longest_body_fits_in_the_widest_letters() -> None:
    body = "🐝" * MAX_BODY

    assert (await read(urlencode({"body": body}).encode(), longest=forms.LONG))["body"] == body
