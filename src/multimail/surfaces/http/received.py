"""Request bodies that are bytes: read in chunks, never more of them in memory than the limit."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from multimail.core.errors import Problem
from multimail.mime import params

if TYPE_CHECKING:
    from starlette.requests import Request

_FORMS: Final = frozenset({"multipart/form-data", "application/x-www-form-urlencoded"})
_LONGEST_NUMBER: Final = 15


@dataclass(frozen=True, slots=True)
class Bytes:
    """A body that was read to its end, with its digest in hexadecimal."""

    content: bytearray
    sha256: str


async def read_bytes(request: Request, limit: int) -> Bytes:
    """The whole body. `too_large` as soon as it is known to be, before the rest is read."""
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and (len(declared) > _LONGEST_NUMBER or int(declared) > limit):
        raise _too_large(limit)
    content, digest = bytearray(), sha256()
    async for chunk in request.stream():
        if len(content) + len(chunk) > limit:
            content.clear()
            raise _too_large(limit)
        content += chunk
        digest.update(chunk)
    return Bytes(content, digest.hexdigest())


def media_type(request: Request) -> str:
    """The type that the client named, in lower case without parameters; empty when it named none that is one."""
    return params.media_type(params.read(request.headers.get("content-type", ""), set()).value, set())


def refuse_forms(request: Request) -> None:
    """A form wraps the bytes, and what a client sends when it names no type is called a form by it."""
    if media_type(request) in _FORMS:
        raise Problem(
            "invalid",
            "The body is to be the file itself, not a form.",
            field="content-type",
            advice="With curl: --data-binary @name.pdf -H 'Content-Type: application/pdf'.",
        )


def file_name(request: Request) -> str:
    """What Content-Disposition calls the file (RFC 6266), without folders, else what the query does."""
    raw = request.headers.get("content-disposition", "").encode("latin-1").decode("utf-8", "surrogateescape")
    named = params.read(raw, set()).get("filename") or request.query_params.get("filename", "")
    return named.replace("\\", "/").rpartition("/")[2]


def _too_large(limit: int) -> Problem:
    return Problem(
        "too_large",
        f"The body is larger than {limit:,} bytes.",
        field="body",
        advice="Send a smaller file, or a link to it.",
    )
