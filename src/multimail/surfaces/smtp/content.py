"""Reading what follows DATA: to CRLF.CRLF and nothing else, bounded in size while it is being read."""

from __future__ import annotations

from asyncio import LimitOverrunError, StreamReader
from collections.abc import Callable
from typing import Final

END: Final = b"\r\n.\r\n"
# A mail up to this size is read in one piece; it also bounds what one connection can make us buffer.
PIECE: Final = 64 * 1024
# How much of an oversized mail is read and thrown away before the connection is closed instead.
PATIENCE: Final = 4


class ContentTooLarge(Exception):
    """The mail exceeds the limit; `drained` says whether it was read to its end, so the dialogue can go on."""

    def __init__(self, *, drained: bool) -> None:
        super().__init__()
        self.drained = drained


class ContentReader(StreamReader):
    """A stream reader that can take back what was read from it."""

    _buffer: bytearray

    def unread(self, data: bytes) -> None:
        """Put `data` in front of everything not read yet."""
        self._buffer[0:0] = data

    def has_line(self) -> bool:
        """Whether the next line can be read without waiting for the peer."""
        return b"\n" in self._buffer


async def read_content(reader: ContentReader, limit: int, heard: Callable[[], None]) -> bytes:
    """The mail, byte for byte, without dot-stuffing; raise `ContentTooLarge` beyond `limit` octets.

    A line end that is not CRLF is content: it ends neither a line nor, with a dot, the mail, so a peer and
    this server cannot disagree about where a mail ends. `heard` is called for each piece that arrives.
    """
    # The line end of the DATA command is the first CRLF of the terminator (RFC 5321 4.1.1.4).
    reader.unread(b"\r\n")
    try:
        wire = await reader.readuntil(END)
    except LimitOverrunError as overrun:
        wire = await _read_pieces(reader, overrun.consumed, limit, heard)
    content = wire[:-3].replace(b"\r\n.", b"\r\n")[2:]
    if len(content) > limit:
        raise ContentTooLarge(drained=True)
    return content


async def _read_pieces(reader: ContentReader, first: int, limit: int, heard: Callable[[], None]) -> bytes:
    """Everything up to and including the terminator, of a mail larger than one piece."""
    # Stuffing makes a mail at most a third longer: a mail of single dots, three octets each, becomes four.
    bound = limit + limit // 3 + len(END) + 1
    pieces: list[bytes] = []
    size = 0
    length = first
    while length:
        piece = await reader.read(length)
        length = 0
        size += len(piece)
        heard()
        if size > bound * PATIENCE:
            raise ContentTooLarge(drained=False)
        if size > bound:
            pieces.clear()
        else:
            pieces.append(piece)
        try:
            pieces.append(await reader.readuntil(END))
        except LimitOverrunError as overrun:
            length = overrun.consumed
    if size > bound:
        raise ContentTooLarge(drained=True)
    return b"".join(pieces)
