"""Open streams end when the key they were opened with does; calls find that out by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import anyio

from multimail.core.times import seconds_until

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from multimail.services.context import Services

_LOOK_AGAIN: Final = 5.0
"""Seconds after which a key is looked at again although nothing was written and it has not expired."""


class EndsWithTheKey:
    """Ends a GET, which is a stream of answers, once the principal is revoked or expired."""

    def __init__(self, app: ASGIApp, services: Services) -> None:
        self._app = app
        self._services = services

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        stream = Stream(send)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._watch, scope["user"].access_token.client_id, tasks.cancel_scope)
            await self._app(scope, receive, stream.send)
            tasks.cancel_scope.cancel()
        await stream.end()

    async def _watch(self, principal_id: str, stream: anyio.CancelScope) -> None:
        store = self._services.store
        while True:
            version = store.version()
            stored = store.instant(lambda tx: tx.principals.get(principal_id))
            now = self._services.clock.now()
            if stored is None or not stored.valid_at(now):
                stream.cancel()
                return
            await store.changed(version, seconds_until(stored.expires_at, now, _LOOK_AGAIN))


class Stream:
    """A response that can be ended from outside without the server taking that for a fault."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._begun = False
        self._ended = False

    async def send(self, message: Message) -> None:
        self._begun = self._begun or message["type"] == "http.response.start"
        self._ended = message["type"] == "http.response.body" and not message.get("more_body", False)
        await self._send(message)

    async def end(self) -> None:
        """Close what was left open."""
        if self._begun and not self._ended:
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})
