"""Byte for byte: what is handed over is what arrives, and nothing in it can end it early."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP
from hypothesis import given
from hypothesis import strategies as st

from multimail.adapters.transport.body import CHUNK, canonical, dot_stuffed
from tests.adapters.transport.mailing import RAW, Marks, kinds, relay, send, work
from tests.support.sink import Fault, Sink

TRICKY = [
    RAW + b".\r\n..\r\n.x\r\n...y\r\n. \r\n",
    b".starts: with a dot\r\n\r\n\r\n",
    RAW + b"ends with a dot\r\n.\r\n",
    RAW + b"no line end.\r\n.",
    RAW + b"\r\n\r\n\r\n",
    RAW + b"." * 3_000 + b"\r\n",
    RAW + (b"." + b"z" * 76 + b"\r\n") * 2_000,
    RAW + b"x" * (CHUNK - len(RAW) - 1) + b"\r\n.\r\n..\r\n",
    RAW + b"\xff\xfe 8-bit \x80\r\n\x00\x01\r\n",
]


@pytest.mark.anyio
@pytest.mark.parametrize("raw", TRICKY, ids=range(len(TRICKY)))
async def test_a_text_arrives_byte_for_byte(raw: bytes) -> None:
    with Sink() as sink:
        await send(sink.url, work(raw=raw))
    assert [mail.raw for mail in sink.mails] == [raw if raw.endswith(b"\r\n") else raw + b"\r\n"]


class Keeping:
    """An aiosmtpd handler: another implementation's idea of where a text ends."""

    def __init__(self) -> None:
        self.contents: list[bytes] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.contents.append(envelope.original_content)
        return "250 2.0.0 OK"


@pytest.mark.anyio
async def test_another_server_reads_the_same_bytes() -> None:
    handler = Keeping()
    texts = [raw for raw in TRICKY if raw.isascii() and max(map(len, raw.split(b"\r\n"))) <= 998]
    assert len(texts) > 5
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(handler), "127.0.0.1", 0)
    async with server, relay(f"smtp+insecure://127.0.0.1:{server.sockets[0].getsockname()[1]}") as transport:
        for raw in texts:
            assert kinds(await transport.deliver(work(raw=raw), Marks())) == {"d1": "sent"}
    assert handler.contents == [canonical(raw) for raw in texts]


@pytest.mark.anyio
@pytest.mark.parametrize("end", [b"\n.\n", b"\r.\r", b"\n.\r\n", b"\r\n.\n", b"\r\n.\r", b"\r\r\n.\r\r\n"])
async def test_no_line_end_of_any_kind_smuggles_a_second_mail(end: bytes) -> None:
    raw = RAW + b"first" + end + b"MAIL FROM:<evil@there.test>\r\nRCPT TO:<victim@there.test>\r\nDATA\r\n"
    with Sink() as sink:
        await send(sink.url, work(raw=raw))
    [mail] = sink.mails
    assert mail.raw == canonical(raw)
    assert b"\r\n.\r\n" not in mail.wire
    assert not any("evil" in line for line in sink.commands)


@given(st.lists(st.sampled_from([b"\r", b"\n", b"\r\n", b".", b"a", b"\x00", b"\xff"])).map(b"".join))
def test_any_bytes_become_whole_lines_that_never_end_the_text(raw: bytes) -> None:
    text = canonical(raw)
    assert text.endswith(b"\r\n") or not raw
    assert text.count(b"\r") == text.count(b"\n") == text.count(b"\r\n")
    assert text.replace(b"\r\n", b"").translate(None, b"\r\n") == raw.translate(None, b"\r\n")
    stuffed = dot_stuffed(text)
    lines = stuffed.split(b"\r\n")
    assert b"." not in lines
    assert b"\r\n".join(line.removeprefix(b".") for line in lines) == text


@pytest.mark.anyio
async def test_the_dot_of_a_long_text_is_not_written_before_the_text_has_left() -> None:
    # 20 MB fit no socket buffer: had the dot been given away with them, the outcome would be unknown.
    raw = RAW + b"line\r\n" * 3_500_000
    with Sink(Fault("BODY", body_bytes=100_000, action="drop")) as sink:
        [outcome] = await send(sink.url, work(raw=raw))
    assert (outcome.kind, sink.mails) == ("retry", [])
    assert outcome.text == "Nothing was sent: the relay closed the connection (at the message's text)."
