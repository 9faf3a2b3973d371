"""The MCP doors on HTTP, which are opened once somebody with a key comes to them.

What they are made of is a third of a resident's start and of its memory, and most hosts come over standard input, to
processes of their own.
"""

from __future__ import annotations

import asyncio
import importlib
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Final, Self

from starlette.routing import BaseRoute, Match, Router

from multimail.wiring.apart import apart

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from multimail.services.context import Services
    from multimail.surfaces.mcp.http import HttpDoors

_HEAVY: Final = "multimail.surfaces.mcp.http"
_PATHS: Final = frozenset({"/mcp", "/sse"})
_MESSAGES: Final = "/messages/"


class LateDoors(BaseRoute):
    """The route to all of them. Whoever comes first waits for them, and nobody else does.

    To be entered before the first request and left after the last.
    """

    def __init__(self, services: Services, ask_seconds: float, state_keys: tuple[bytes, ...]) -> None:
        self._services = services
        self._ask_seconds = ask_seconds
        self._state_keys = state_keys
        self._opening: asyncio.Task[ASGIApp] | None = None
        self._held = AsyncExitStack()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_reason: object) -> None:
        if self._opening is not None:
            await asyncio.wait({self._opening})
        await self._held.aclose()

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Any method: the doors' own routes say which they take."""
        ours = scope["type"] == "http" and (scope["path"] in _PATHS or scope["path"].startswith(_MESSAGES))
        return (Match.FULL if ours else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._opening is None:
            self._opening = asyncio.create_task(self._open(), name="doors")
        # One who goes away does not take the doors from the others.
        app = await asyncio.shield(self._opening)
        await app(scope, receive, send)

    async def _open(self) -> ASGIApp:
        try:
            # In a thread: mail comes in meanwhile.
            await asyncio.to_thread(importlib.import_module, _HEAVY)
            doors = self._built()
            await self._held.enter_async_context(apart(doors.run()))
        except BaseException:
            # Nothing may be wrong but a lack of descriptors or memory: the next who comes has another try.
            self._opening = None
            raise
        return Router(routes=doors.routes)

    def _built(self) -> HttpDoors:
        from multimail.surfaces.mcp.http import doors  # noqa: PLC0415 - loaded for those who come, see above
        from multimail.surfaces.mcp.server import Options  # noqa: PLC0415

        return doors(self._services, Options(self._ask_seconds, self._state_keys))
