"""How a list goes on: the next page's cursor, and an end even where a server gives one cursor twice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Protocol, TypeVar

from multimail.client.results import Rows

T = TypeVar("T")

PAGE: Final = 100
"""Rows of a page where the caller names no number: a list without a limit would come whole."""


class Page(Protocol[T]):
    """An answer that holds rows and says whether there are more."""

    @property
    def items(self) -> Rows[T]: ...

    @property
    def cursor(self) -> str | None: ...


def first(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of the first page."""
    return {"limit": PAGE, **arguments}


def following(cursor: str | None, seen: set[str]) -> str | None:
    """The cursor of the next page, None at the end."""
    if not cursor or cursor in seen:
        return None
    seen.add(cursor)
    return cursor
