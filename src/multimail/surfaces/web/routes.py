"""What a page is to the server: a path, a function of one visit, and how much a form may bring."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from multimail.surfaces.web import forms

if TYPE_CHECKING:
    from starlette.responses import Response

    from multimail.surfaces.web.site import Visit

Page: TypeAlias = Callable[["Visit"], Awaitable["Response"]]

ROOMS: Final = (
    "account", "audit", "compose", "docs", "figures", "freeze", "history", "inbox", "live", "mail", "people",
    "reputation",     "review", "settings", "sign-in", "sign-out", "static", "style", "unfreeze",
)  # fmt: skip
"""The first part of every path that belongs to the pages."""
LINKS: Final = ("u",)
"""The first part of what links in mail lead to: open to whoever has such a link."""
_OWN: Final = re.compile(rf"/(?:{'|'.join(ROOMS)})(?:[/?][\w./?=&%~:+@-]*)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class PageRoute:
    """GET shows and never decides; POST decides and then sends the browser on. `longest` is a form's size in bytes,
    without the files that it may bring if `files`."""

    path: str
    page: Page
    method: str = "GET"
    longest: int = forms.SHORT
    files: bool = False


def is_page(path: str) -> bool:
    """Whether a path belongs to the pages, which look after themselves who may see them."""
    return path == "/" or (path.startswith("/") and path.split("/")[1] in {*ROOMS, *LINKS})


def is_own(path: str) -> bool:
    """Whether a browser may be sent there after signing in: a page of ours, and nothing that looks like elsewhere."""
    return _OWN.fullmatch(path) is not None and ".." not in path and "//" not in path
