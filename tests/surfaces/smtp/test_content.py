"""Where a mail ends, and what of it arrives."""

from __future__ import annotations

import asyncio
import re
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multimail.surfaces.smtp.content import ContentReader, ContentTooLarge, read_content

LIMIT = 100_000
# Bytes that make trouble, more often than chance would bring them.
BODIES = st.lists(
    st.sampled_from([b"\r", b"\n", b".", b"\r\n", b"\0", b"\xff", b"word"]) | st.binary(), max_size=60
)


def stuffed(body: bytes) -> bytes:
    return b"".join(b"." + line if line.startswith(b".") else line for line in re.split(rb"(?<=\r\n)", body))


def ended(body: bytes) -> bytes:
    return body if not body or body.endswith(b"\r\n") else body + b"\r\n"


def read(chunks: list[bytes], limit: int = LIMIT, piece: int = 64) -> tuple[bytes, bytes]:
    """The mail, and what is left in the stream behind it."""

    async def run() -> tuple[bytes, bytes]:
        reader = ContentReader(limit=piece)
        reading = asyncio.ensure_future(read_content(reader, limit, lambda: None))
        for chunk in chunks:
            reader.feed_data(chunk)
            await asyncio.sleep(0)
        reader.feed_eof()
        return await reading, await reader.read()

    return asyncio.run(run())


@given(BODIES.map(b"".join), st.integers(1, 200), st.sampled_from([b"", b"MAIL FROM:<>\r\n"]))
def test_every_byte_arrives_however_it_is_cut_and_what_follows_stays(
    body: bytes, cut: int, follows: bytes
) -> None:
    wire = stuffed(ended(body)) + b".\r\n" + follows
    chunks = [wire[at : at + cut] for at in range(0, len(wire), cut)]
    assert read(chunks) == (ended(body), follows)


@pytest.mark.parametrize("piece", [64, 1 << 16])
@pytest.mark.parametrize(
    ("wire", "content"),
    [
        (b".\r\n", b""),
        (b"\r\n.\r\n", b"\r\n"),
        (b"..\r\n.\r\n", b".\r\n"),
        (b".one dot too few\r\n.\r\n", b"one dot too few\r\n"),
        (b"a\r\n..\r\n..\r\n.\r\n", b"a\r\n.\r\n.\r\n"),
        (b"a\n..b\r\n.\r\n", b"a\n..b\r\n"),
        (b"x" * 5_000 + b"\r\n.\r\n", b"x" * 5_000 + b"\r\n"),
    ],
)
def test_only_dots_behind_crlf_are_unstuffed(wire: bytes, content: bytes, piece: int) -> None:
    assert read([wire], piece=piece) == (content, b"")


@pytest.mark.parametrize(
    "almost", [b"\n.\n", b"\r.\r", b"\n.\r\n", b"\r\n.\n", b"\r\n.\r", b"\r.\r\n", b"\n.\r", b"\0.\0"]
)
def test_only_crlf_dot_crlf_ends_a_mail(almost: bytes) -> None:
    # A dot behind a real line end is a stuffed one, and the content goes on.
    expected = b"a" + almost.replace(b"\r\n.", b"\r\n") + b"still the same mail\r\n"
    assert read([b"a" + almost + b"still the same mail\r\n.\r\n"]) == (expected, b"")


@pytest.mark.parametrize("piece", [16, 1 << 16])
def test_the_limit_counts_the_mail_and_not_its_stuffing(piece: int) -> None:
    body = b".\r\n" * 100
    assert read([stuffed(body) + b".\r\n"], limit=300, piece=piece)[0] == body
    with pytest.raises(ContentTooLarge) as caught:
        read([stuffed(body) + b".\r\n"], limit=299, piece=piece)
    assert caught.value.drained


def test_an_oversized_mail_is_read_to_its_end_without_being_kept() -> None:
    piece = b"x" * 10_000
    tracemalloc.start()
    try:
        with pytest.raises(ContentTooLarge) as caught:
            read([piece] * 60 + [b"\r\n.\r\n"], limit=150_000)
        assert tracemalloc.get_traced_memory()[1] < 300_000
    finally:
        tracemalloc.stop()
    assert caught.value.drained


def test_a_mail_without_end_is_given_up() -> None:
    with pytest.raises(ContentTooLarge) as caught:
        read([b"x" * 100] * 100, limit=300)
    assert not caught.value.drained


def test_each_piece_of_a_long_mail_is_a_sign_of_life() -> None:
    async def run() -> int:
        signs: list[None] = []
        reader = ContentReader(limit=100)
        reading = asyncio.ensure_future(read_content(reader, LIMIT, lambda: signs.append(None)))
        for _ in range(5):
            reader.feed_data(b"x" * 200)
            await asyncio.sleep(0)
        reader.feed_data(b"\r\n.\r\n")
        await reading
        return len(signs)

    assert asyncio.run(run()) >= 5
