"""A body has one reading or none: media type, size, UTF-8, one object, no name twice, no number that is none."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from starlette.requests import ClientDisconnect, Request

from multimail.core.errors import Problem
from multimail.surfaces.http.bodies import DEEPEST, is_deeper, parse, read_object

pytestmark = pytest.mark.anyio
JSON = ("content-type", "application/json")


def request(parts: Iterable[bytes], *headers: tuple[str, str], ends: bool = True) -> Request:
    messages: list[dict[str, Any]] = [
        {"type": "http.request", "body": part, "more_body": True} for part in parts
    ]
    messages.append({"type": "http.request", "body": b""} if ends else {"type": "http.disconnect"})
    arriving = iter(messages)

    async def receive() -> dict[str, Any]:
        return next(arriving)

    raw = [(name.encode(), value.encode()) for name, value in headers]
    return Request({"type": "http", "method": "POST", "path": "/", "headers": raw}, receive)


async def refused(parts: Iterable[bytes], *headers: tuple[str, str], most: int = 100) -> Problem:
    with pytest.raises(Problem) as caught:
        await read_object(request(parts, *headers), most)
    return caught.value


@pytest.mark.parametrize(
    "media_type",
    [
        "application/json",
        "Application/JSON",
        "application/json; charset=UTF-8",
        'application/json;charset="utf-8"',
    ],
)
async def test_an_object_in_json_is_read(media_type: str) -> None:
    found = await read_object(request([b'{"a": ', b'"\xc3\xa9"}'], ("content-type", media_type)), 100)

    assert found == {"a": "é"}


@pytest.mark.parametrize(
    "headers",
    [
        (),
        (("content-type", ""),),
        (("content-type", "text/plain"),),
        (("content-type", "application/x-www-form-urlencoded"),),
        (("content-type", "application/json; charset=latin-1"),),
        (JSON, ("content-encoding", "gzip")),
    ],
)
async def test_another_media_type_is_refused(headers: tuple[tuple[str, str], ...]) -> None:
    assert (await refused([b"{}"], *headers)).code == "unsupported_media_type"


async def test_nothing_at_all_has_no_arguments() -> None:
    assert await read_object(request([]), 100) == {}


async def test_a_body_that_says_its_size_is_refused_unread() -> None:
    unread: Iterable[bytes] = iter(())

    problem = await refused(unread, JSON, ("content-length", "101"))

    assert (problem.code, problem.row.http) == ("too_large", 413)


async def test_a_body_without_an_end_is_refused_where_the_limit_is() -> None:
    given = iter([b"x" * 60] * 9)
    sent = request(given, JSON)

    with pytest.raises(Problem, match="too_large"):
        await read_object(sent, 100)


async def test_who_goes_away_while_sending_is_not_answered() -> None:
    with pytest.raises(ClientDisconnect):
        await read_object(request([b"{"], JSON, ends=False), 100)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "not JSON"),
        (b'{"a": 1', "not JSON"),
        (b"{'a': 1}", "not JSON"),
        (b'{"a": 1} {}', "not JSON"),
        (b"[]", "not a JSON object"),
        (b"null", "not a JSON object"),
        (b'"{}"', "not a JSON object"),
        (b'{"a": "\xff"}', "not UTF-8"),
        ('{"a": 1}'.encode("utf-16"), "not UTF-8"),
        (b'{"a": 1, "b": 2, "a": 1}', "twice"),
        (b'{"a": {"b": 1, "b": 2}}', "twice"),
        (b'{"a": NaN}', "NaN"),
        (b'{"a": -Infinity}', "Infinity"),
        (b'{"a": 1e999}', "larger"),
        (b'{"a": ' + b"9" * 5000 + b"}", "not JSON"),
        (b'{"a": ' * 70 + b"1" + b"}" * 70, "deeply"),
        (b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "deeply"),
    ],
)
def test_what_has_no_one_reading_is_malformed(body: bytes, words: str) -> None:
    with pytest.raises(Problem) as caught:
        parse(body)

    assert (caught.value.code, caught.value.row.http) == ("malformed", 400)
    assert words in caught.value.message
    assert caught.value.advice


def test_a_name_that_stands_twice_is_told() -> None:
    with pytest.raises(Problem) as caught:
        parse(b'{"to": "ann@example.org", "to": "bob@example.org"}')

    assert caught.value.field == "to"


def test_half_a_character_becomes_the_replacement_character() -> None:
    assert parse(rb'{"a\ud83d": ["\ud83d\ude00 \uDE00", {"b": 1}]}') == {"a\ufffd": ["😀 \ufffd", {"b": 1}]}


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert parse(b"\xef\xbb\xbf{}") == {}


def test_depth_counts_lists_and_objects_in_one_another() -> None:
    value: Any = [1]
    for _ in range(DEEPEST - 1):
        value = {"a": [], "b": value}

    assert not is_deeper(value, DEEPEST)
    assert is_deeper([value], DEEPEST)
