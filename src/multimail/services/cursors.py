"""Cursors of paged lists: the id of the last row and a mark of the list it belongs to. Some hold a second id: that of
the newest row there was when the first page was read."""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import Final

from multimail.contract.shapes import Request
from multimail.core.errors import Problem
from multimail.core.ids import prefix_of

_MARK: Final = 8
_PAGING: Final = frozenset({"cursor", "limit", "max_bytes", "include_interactions", "counts"})


def after(request: Request, *ids: str) -> str:
    """The cursor of the page behind the row with the first of these ids."""
    text = _mark(request) + ",".join(ids)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def last_id(request: Request, prefix: str) -> str:
    """The id in the request's cursor, empty without one; `invalid_cursor` for any but this list's own."""
    found = ids(request, prefix, 1)
    return found[0] if found else ""


def ids(request: Request, prefix: str, count: int) -> tuple[str, ...]:
    """So many ids in the request's cursor, or none without one."""
    cursor: str | None = getattr(request, "cursor", None)
    if not cursor:
        return ()
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode(
            "ascii"
        )
    except (binascii.Error, ValueError):
        text = ""
    found = tuple(text[_MARK:].split(","))
    if text[:_MARK] != _mark(request) or len(found) != count or {prefix_of(one) for one in found} != {prefix}:
        raise refused()
    return found


def refused() -> Problem:
    """The cursor is of no use here."""
    return Problem(
        "invalid_cursor",
        "The cursor belongs to another list or is damaged.",
        field="cursor",
        advice="Leave it out to start from the beginning, and change no filter between pages.",
    )


def _mark(request: Request) -> str:
    content = request.model_dump_json(exclude=set(_PAGING))
    return hashlib.sha256(f"{type(request).__name__}{content}".encode()).hexdigest()[:_MARK]
