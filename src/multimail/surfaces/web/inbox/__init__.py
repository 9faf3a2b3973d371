"""The inbox in the browser: lists and search, mail from every side, writing, deleting."""

from __future__ import annotations

from typing import Final

from multimail.surfaces.web.inbox import acting, compose, files, listing, opening
from multimail.surfaces.web.routes import PageRoute

PAGES: Final[tuple[PageRoute, ...]] = (
    *listing.PAGES,
    *acting.PAGES,
    *opening.PAGES,
    *files.PAGES,
    *compose.PAGES,
)
