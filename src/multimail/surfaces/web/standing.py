"""What every page says about the moment, by itself: how much waits and what is frozen. Open pages fetch it anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from multimail.surfaces.web.routes import PageRoute

if TYPE_CHECKING:
    from starlette.responses import Response

    from multimail.surfaces.web.site import Visit


async def show(visit: Visit) -> Response:
    """The two parts of the layout that change while nobody does anything."""
    return await visit.page("standing.html")


PAGES: Final = (PageRoute("/live/standing", show),)
