"""The doors on HTTP: streamable HTTP for both protocol eras at /mcp, the older SSE at /sse and /messages/.

Who calls is settled before a request gets here: `state["principal_id"]` of the ASGI scope names the principal,
and a request without it is refused. Cookies mean nothing here.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from mcp.server import Server
from mcp.server.auth.middleware.auth_context import AuthContextMiddleware, get_access_token
from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser, RequireAuthMiddleware
from mcp.server.auth.provider import AccessToken
from mcp.server.sse import SseServerTransport
from mcp.server.streamable_http_manager import StreamableHTTPASGIApp, StreamableHTTPSessionManager
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from multimail.core.model import Scope
from multimail.surfaces.mcp.server import Options, build
from multimail.surfaces.mcp.streams import EndsWithTheKey

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Send
    from starlette.types import Scope as AsgiScope

    from multimail.services.context import Services

MAX_BODY: Final = 96 * 1024 * 1024
"""An attachment beyond the limit of a mail has to get in to be told so by name; beyond this it is a bare 413."""


@dataclass(frozen=True, slots=True)
class HttpDoors:
    """The routes, and `run()`, which the lifespan of the app that has them must enter, once."""

    routes: list[BaseRoute]
    run: Callable[[], AbstractAsyncContextManager[None]]


def doors(services: Services, options: Options) -> HttpDoors:
    """Routes for the one app of the process; Host, Origin and keys are checked around it, not here."""
    server = build(HttpDoor(services), options)
    manager = StreamableHTTPSessionManager(server, max_request_body_size=MAX_BODY)
    sse = SseServerTransport("/messages/", max_request_body_size=MAX_BODY)

    def kept(app: ASGIApp) -> ASGIApp:
        return AsPrincipal(RequireAuthMiddleware(AuthContextMiddleware(EndsWithTheKey(app, services)), []))

    routes: list[BaseRoute] = [
        Route("/mcp", endpoint=kept(StreamableHTTPASGIApp(manager))),
        Route("/sse", endpoint=kept(SseStream(server, sse)), methods=["GET"]),
        Mount("/messages/", app=kept(sse.handle_post_message)),
    ]
    return HttpDoors(routes, manager.run)


class HttpDoor:
    """Every message carries its principal: a session is only ever used by the one that opened it."""

    surface = "mcp:http"

    def __init__(self, services: Services) -> None:
        self._services = services

    def principal_id(self) -> str:
        token = get_access_token()
        return token.client_id if token is not None else ""

    async def services(self) -> Services:
        return self._services

    async def scopes(self) -> frozenset[Scope]:
        principal_id = self.principal_id()
        stored = self._services.store.instant(lambda tx: tx.principals.get(principal_id))
        return stored.principal.scopes if stored is not None else frozenset()


class AsPrincipal:
    """Tells the SDK who calls, in its own terms: sessions and sealed questions are bound to it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        principal_id = scope.get("state", {}).get("principal_id")
        if principal_id:
            token = AccessToken(token="", client_id=principal_id, subject=principal_id, scopes=[])
            scope = {**scope, "user": AuthenticatedUser(token)}
        await self._app(scope, receive, send)


class SseStream:
    """The GET of the older transport: it carries all answers and lasts as long as the client listens."""

    def __init__(self, server: Server[Any], transport: SseServerTransport) -> None:
        self._server = server
        self._transport = transport

    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        if scope["method"] == "HEAD":
            await Response(media_type="text/event-stream")(scope, receive, send)
            return
        async with self._transport.connect_sse(scope, receive, send) as (incoming, outgoing):
            await self._server.run(incoming, outgoing, self._server.create_initialization_options())
