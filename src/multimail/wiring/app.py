"""The one HTTP application of a resident: which routes it has, and who gets to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

import multimail
from multimail.surfaces.http.auth import KeyAuthentication
from multimail.surfaces.http.guard import HostGuard, Names

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.requests import Request
    from starlette.routing import BaseRoute
    from starlette.types import ASGIApp

    from multimail.services.context import Services

HEALTH: Final = "/health"


def application(
    services: Services,
    allowed: Names,
    routes: Sequence[BaseRoute],
    is_page: Callable[[str], bool],
    base_url: str = "",
) -> ASGIApp:
    """All routes behind the guard of names and the check of keys.

    The health of the server is for everyone; pages look after themselves who may see them.
    """
    app = Starlette(routes=[Route(HEALTH, _health), *routes])

    def is_exempt(path: str) -> bool:
        return path == HEALTH or is_page(path)

    known = KeyAuthentication(app, services, is_exempt, base_url)
    return HostGuard(known, allowed, base_url)


async def _health(request: Request) -> JSONResponse:
    return JSONResponse({"status": "ok", "version": multimail.__version__})
