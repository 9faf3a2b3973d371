"""The older SSE transport: one long GET carries all answers, messages come as POSTs beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mcp.server import Server
from mcp.server.sse import SseServerTransport

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send


class SseStream:
    """The GET of a connection, as an ASGI application: it lasts as long as the client listens."""

    def __init__(self, server: Server[Any], transport: SseServerTransport) -> None:
        self._server = server
        self._transport = transport

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with self._transport.connect_sse(scope, receive, send) as (incoming, outgoing):
            await self._server.run(incoming, outgoing, self._server.create_initialization_options())
