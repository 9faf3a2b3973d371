"""Reading a posted form: bounded, strictly UTF-8, each field once but for ticks, line ends as the mail's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl

from multimail.core.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

SHORT: Final = 64 * 1024
LONG: Final = 4 * 1024 * 1024
"""A body of the longest permitted, every character percent-encoded, fits."""
_FIELDS: Final = 400
PICK: Final = "pick"
"""The name of the boxes of a list, of which several may be ticked."""
_TYPE: Final = "application/x-www-form-urlencoded"


async def read(request: Request, longest: int, *, any_type: bool = False) -> dict[str, str]:
    """The fields; what was ticked in a list are the words of `pick`. Browsers send line ends as CRLF whatever was
    shown: they become LF again. With `any_type` it is a form whatever the sender calls it.

    Raises `too_large` before more than `longest` bytes were taken in, `invalid` for what is no form.
    """
    if not any_type and media_type(request) != _TYPE:
        raise Problem("invalid", "That is not a form of these pages.")
    body = await _body(request, longest)
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, max_num_fields=_FIELDS, errors="strict"
        )
    except ValueError:
        raise unreadable() from None
    return once(pairs)


def media_type(request: Request) -> str:
    """What the browser says that it posts."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def unreadable() -> Problem:
    """What came is no form."""
    return Problem("invalid", "The form could not be read.")


def once(pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Each field by its name. `invalid` if one that is no tick was sent twice."""
    picked = [value for name, value in pairs if name == PICK]
    others = [(name, value) for name, value in pairs if name != PICK]
    fields = {name: value.replace("\r\n", "\n").replace("\r", "\n") for name, value in others}
    if len(fields) != len(others):
        raise Problem("invalid", "A field of the form was sent twice.")
    return fields | ({PICK: " ".join(picked)} if picked else {})


async def _body(request: Request, longest: int) -> bytes:
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > longest:
            raise Problem("too_large", f"The form has more than {longest // 1024:,} KB.")
        chunks.append(chunk)
    return b"".join(chunks)
