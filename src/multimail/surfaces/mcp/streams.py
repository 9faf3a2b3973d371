"""Open streams end when the key they were opened with does; calls find that out by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import anyio

from multimail.core.times import seconds_until

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from multimail.services.context import Services

_GRACE: Final = 0.25
"""Seconds for a response to close by itself what it holds."""
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
        ear = Ear(receive)
        async with anyio.create_task_group() as tasks:

            async def watch() -> None:
                await self._key_is_over(scope["user"].access_token.client_id)
                ear.over.set()
                # It closes what it holds as if its client had gone; what does not listen is cut off.
                await anyio.sleep(_GRACE)
                tasks.cancel_scope.cancel()

            tasks.start_soon(watch)
            await self._app(scope, ear.receive, stream.send)
            tasks.cancel_scope.cancel()
        await stream.end()

    async def _key_is_over(self, principal_id: str) -> None:
        store = self._services.store
        while True:
            version = store.version()
            stored = store.instant(lambda tx: tx.principals.get(principal_id))
            now = self._services.clock.now()
            if stored is None or not stored.valid_at(now):
                return
            await store.changed(version, seconds_until(stored.expires_at, now, _LOOK_AGAIN))


class Ear:
    """What a response hears of its client; once `over` is set, that the client has gone."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self.over = anyio.Event()

    async def receive(self) -> Message:
        heard: Message = {"type": "http.disconnect"}

        async def listen() -> None:
            nonlocal heard
            heard = await self._receive()
            race.cancel_scope.cancel()

        async with anyio.create_task_group() as race:
            race.start_soon(listen)
            await self.over.wait()
            race.cancel_scope.cancel()
        return heard


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
