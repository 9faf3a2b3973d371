"""Cursors of paged lists: the id of the last row and a mark of the list it belongs to."""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import Final

from multimail.contract.shapes import Request
from multimail.core.errors import Problem
from multimail.core.ids import prefix_of

_MARK: Final = 8
_PAGING: Final = frozenset({"cursor", "limit", "max_bytes", "include_interactions"})


def after(request: Request, last_id: str) -> str:
    """The cursor of the page behind the row with this id."""
    text = f"{_mark(request)}{last_id}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def last_id(request: Request, prefix: str) -> str:
    """The id in the request's cursor, empty without one; `invalid_cursor` for any but this list's own."""
    cursor: str | None = getattr(request, "cursor", None)
    if not cursor:
        return ""
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode(
            "ascii"
        )
    except (binascii.Error, ValueError):
        text = ""
    if text[:_MARK] != _mark(request) or prefix_of(text[_MARK:]) != prefix:
        raise refused()
    return text[_MARK:]


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
