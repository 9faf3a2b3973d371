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
_DIGITS: Final = 18
_PAGING: Final = frozenset({"cursor", "limit", "max_bytes", "include_interactions", "counts"})


def after(request: Request, *ids: str) -> str:
    """The cursor of the page behind the row with the first of these ids."""
    text = _mark(request) + ",".join(ids)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def after_moment(request: Request, row_id: str, at: int | None) -> str:
    """The cursor of the page behind this row, in a list by time; None for rows without one."""
    return after(request, row_id, str(at) if at is not None else "")


def last_moment(request: Request, prefix: str) -> tuple[str, int | None]:
    """Id and time in such a cursor; an empty id without one."""
    if not (cursor := getattr(request, "cursor", None)):
        return "", None
    row_id, _, at = _inside(request, cursor).partition(",")
    if prefix_of(row_id) != prefix or not (at == "" or at.isdecimal()) or len(at) > _DIGITS:
        raise refused()
    return row_id, int(at) if at else None


def last_id(request: Request, prefix: str) -> str:
    """The id in the request's cursor, empty without one; `invalid_cursor` for any but this list's own."""
    found = ids(request, prefix, 1)
    return found[0] if found else ""


def ids(request: Request, prefix: str, count: int) -> tuple[str, ...]:
    """So many ids in the request's cursor, or none without one."""
    cursor: str | None = getattr(request, "cursor", None)
    if not cursor:
        return ()
    found = tuple(_inside(request, cursor).split(","))
    if len(found) != count or {prefix_of(one) for one in found} != {prefix}:
        raise refused()
    return found


def _inside(request: Request, cursor: str) -> str:
    """What a cursor of this list says."""
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode(
            "ascii"
        )
    except (binascii.Error, ValueError):
        text = ""
    if not text or text[:_MARK] != _mark(request):
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
