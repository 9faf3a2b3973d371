"""Files going out: always as a download, never as something a browser would show or run.

What a file is called and what type it claims to be stood in somebody's mail: neither gets into a header unchecked.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from starlette.responses import Response, StreamingResponse

if TYPE_CHECKING:
    from starlette.requests import Request

    from multimail.services.files import File

_CHUNK: Final = 64 * 1024
_LONGEST_NAME: Final = 200
_MEDIA_TYPE: Final = re.compile(r"[A-Za-z0-9!#$&^_.+-]{1,80}/[A-Za-z0-9!#$&^_.+-]{1,80}", re.ASCII)
_UNSAFE_IN_NAMES: Final = re.compile(r'[\x00-\x1f\x7f-\x9f/\\:*?"<>|]')
_NOT_QUOTABLE: Final = re.compile(r"[^ !#$&\'()+,\-.0-9;=@A-Z\[\]^_`a-z{}~]")
_ATTR_CHAR: Final = "!#$&+-.^_`|~"
"""Beside letters and digits, what an extended value may hold as it is (RFC 8187)."""
_NEVER_SHOWN: Final = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Accept-Ranges": "none",
}


def download(request: Request, file: File) -> Response:
    """The answer to GET and HEAD; 304 when the client has these very bytes. `nosniff` is on every answer of the API."""
    headers = _NEVER_SHOWN | {
        "ETag": f'"{file.sha256}"',
        "Content-Disposition": disposition(file.filename),
    }
    if _is_known(request.headers.get("if-none-match", ""), file.sha256):
        return Response(status_code=304, headers=headers)
    headers |= {"Content-Type": media_type(file.content_type), "Content-Length": str(file.size)}
    if file.content is None:
        return Response(headers=headers)
    return StreamingResponse(_pieces(file.content), headers=headers)


def stream(pieces: AsyncIterator[bytes], content_type: str, filename: str) -> Response:
    """A file that is made while it goes out; its end is not known before."""
    headers = _NEVER_SHOWN | {"Content-Disposition": disposition(filename), "Content-Type": content_type}
    return StreamingResponse(pieces, headers=headers)


def disposition(filename: str) -> str:
    """`attachment` with the name in ASCII for old clients and, where that differs, in full (RFC 6266, 8187)."""
    name = _UNSAFE_IN_NAMES.sub("_", filename).strip(" .")[:_LONGEST_NAME] or "file"
    plain = _NOT_QUOTABLE.sub("_", name)
    if plain == name:
        return f'attachment; filename="{plain}"'
    full = quote(name.encode("utf-8", "replace"), safe=_ATTR_CHAR)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{full}"


def media_type(claimed: str) -> str:
    """The type without parameters, or the one of bytes that nobody knows."""
    return claimed.lower() if _MEDIA_TYPE.fullmatch(claimed) else "application/octet-stream"


def _is_known(if_none_match: str, digest: str) -> bool:
    known = {one.strip().removeprefix("W/") for one in if_none_match.split(",")}
    return bool(known & {"*", f'"{digest}"'})


async def _pieces(content: bytes) -> AsyncIterator[memoryview]:
    """So that a slow client holds one piece in the socket's buffer, not the file again."""
    view = memoryview(content)
    for start in range(0, len(content), _CHUNK):
        yield view[start : start + _CHUNK]
