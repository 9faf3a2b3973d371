"""Who calls over HTTP: a key in a header becomes a principal, before any route runs.

Every path needs a key unless it is exempt. Routes read `request.state.principal_id`; it is there only when a
valid key came with this very request. Cookies are not looked at, and keys are not where links in mail lead.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from multimail.core.errors import Problem
from multimail.services.credentials import principal_of_key
from multimail.surfaces.http.guard import OF_MAIL
from multimail.surfaces.http.problems import CHALLENGE
from multimail.surfaces.http.refusals import refusal

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import ASGIApp, Receive, Scope, Send

    from multimail.services.context import Services


class KeyAuthentication:
    """Takes `Authorization: Bearer …` or `X-API-Key`; answers 401 to a wrong key everywhere, exempt paths too."""

    def __init__(
        self, app: ASGIApp, services: Services, exempt: Callable[[str], bool], base_url: str = ""
    ) -> None:
        """`base_url` is how this server is reached, for the links in what it refuses."""
        self._app = app
        self._base_url = base_url
        self._services = services
        self._exempt = exempt

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        keys = [] if scope["path"].startswith(OF_MAIL) else presented(scope)
        principal_id = self._principal_id(keys[0]) if len(keys) == 1 else None
        if principal_id is None and (keys or not self._exempt(scope["path"])):
            refused = _unauthenticated(scope, self._base_url, given=bool(keys))
            await refused(scope, receive, send)
            return
        state = {key: value for key, value in scope.get("state", {}).items() if key != "principal_id"}
        if principal_id is not None:
            state["principal_id"] = principal_id
        await self._app({**scope, "state": state}, receive, send)

    def _principal_id(self, key: str) -> str | None:
        try:
            return principal_of_key(self._services, key)
        except Problem:
            return None


def presented(scope: Scope) -> list[str]:
    """Every different key in the headers; more than one is as good as none."""
    found: dict[str, None] = {}
    for name, raw in scope["headers"]:
        value = raw.decode("latin-1").strip()
        if name == b"authorization":
            scheme, _, credentials = value.partition(" ")
            found[credentials.strip() if scheme.lower() == "bearer" else ""] = None
        elif name == b"x-api-key":
            found[value] = None
    return list(found)


def _unauthenticated(scope: Scope, base_url: str, *, given: bool) -> Response:
    problem = Problem("unauthenticated", advice="Send your key as Authorization: Bearer or X-API-Key.")
    response = refusal(scope, problem, base_url)
    response.headers["WWW-Authenticate"] = CHALLENGE + (', error="invalid_token"' if given else "")
    return response
