"""The log as server-sent events: in order, without a gap, from where the client left off.

A stream costs a task and no thread. It ends at once when its key is over, when the server ends and when the client
goes; the client comes back with the id of the last event it saw.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import anyio
from starlette.responses import Response, StreamingResponse

from multimail.contract.events import EventList, FollowEvents
from multimail.contract.registry import operation
from multimail.core.errors import Problem
from multimail.services import tail
from multimail.services.context import Caller
from multimail.surfaces.http.answers import encode
from multimail.surfaces.http.arguments import from_query
from multimail.surfaces.http.endpoint import SURFACE, Api

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import Receive, Scope, Send

    from multimail.contract.streams import Stream
    from multimail.services.tail import Listener, Tail

MEDIA_TYPE: Final = "text/event-stream"
HEARTBEAT: Final = 15.0
"""Seconds after which a comment says that the stream is alive."""
_RETRY: Final = b"retry: 2000\n\n"
_MOST: Final = 1_000
_LAST_WORDS: Final = 0.2
"""Seconds for the end of a stream to go out to a client that does not read."""
_HEADERS: Final = {"X-Accel-Buffering": "no", "Content-Type": MEDIA_TYPE}
_LOG: Final = logging.getLogger(__name__)


async def follow(
    ends: Tail, api: Api, stream: Stream, request: Request, heartbeat: float = HEARTBEAT
) -> Response:
    """The stream that the query and `Last-Event-ID` ask for; whatever is wrong is said before it begins."""
    caller = Caller(request.scope["state"]["principal_id"], SURFACE)
    asked = FollowEvents.parse(_arguments(request))
    position = await tail.begin(api.services, caller, stream, asked)
    if request.method == "HEAD":
        return Response(headers=_HEADERS)
    if len(ends) >= _MOST:
        raise Problem("busy", f"{_MOST} streams of events are open already.", advice="Use list_events.")
    reading = partial(tail.read_on, api.services, caller, stream, asked)
    return EventStream(Source(reading, position, heartbeat), ends, caller.principal_id, api.ending)


def _arguments(request: Request) -> dict[str, Any]:
    """A browser that comes back asks for the address it was given once, so its header is the later word."""
    given = from_query(request, operation("list_events"))
    last = request.headers.get("last-event-id")
    if last:
        given = {name: value for name, value in given.items() if name not in _PLACES} | {"after": last}
    return given


_PLACES: Final = ("after", *FollowEvents.ALIASES["after"])


class Source:
    """Pages of the log, one after the other."""

    def __init__(
        self, reading: Callable[[int], Awaitable[tuple[EventList, int]]], position: int, heartbeat: float
    ) -> None:
        self._reading = reading
        self._position = position
        self._heartbeat = heartbeat

    async def tell(self, write: Callable[[bytes], Awaitable[None]], listener: Listener) -> None:
        """Write what there is and whatever comes, until the key is over or something is wrong."""
        await write(_RETRY)
        while True:
            listener.grown.clear()
            page, self._position = await self._reading(self._position)
            if page.events:
                await write(b"".join(map(_frame, page.events)))
            if not page.more and not await _grown(listener, self._heartbeat):
                await write(b": alive\n\n")


async def _grown(listener: Listener, seconds: float) -> bool:
    try:
        await asyncio.wait_for(listener.grown.wait(), seconds)
    except TimeoutError:
        return False
    return True


def _frame(body: dict[str, Any]) -> bytes:
    return b"id: %b\nevent: %b\ndata: %b\n\n" % (body["id"].encode(), body["event"].encode(), encode(body))


class EventStream(StreamingResponse):
    """The answer that goes on. What is raised once it has begun ends it, and the client comes back."""

    def __init__(self, source: Source, ends: Tail, principal_id: str, ending: asyncio.Event) -> None:
        super().__init__((), headers=_HEADERS)
        self._source = source
        self._ends = ends
        self._principal_id = principal_id
        self._ending = ending

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def write(content: bytes) -> None:
            await send({"type": "http.response.body", "body": content, "more_body": True})

        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        with self._ends.listening(self._principal_id) as listener:
            async with anyio.create_task_group() as tasks:
                for end in (partial(_gone, receive), listener.over.wait, self._ending.wait):
                    tasks.start_soon(_cancel_after, end, tasks.cancel_scope)
                await self._told(write, listener)
                tasks.cancel_scope.cancel()
        with anyio.move_on_after(_LAST_WORDS):
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _told(self, write: Callable[[bytes], Awaitable[None]], listener: Listener) -> None:
        try:
            await self._source.tell(write, listener)
        except Problem as problem:
            _LOG.info("a stream of events ended: %s", problem.code)
        except Exception:  # noqa: BLE001 - the answer has begun: all that is left is to end it
            _LOG.exception("a stream of events failed")


async def _cancel_after(end: Callable[[], Awaitable[object]], scope: anyio.CancelScope) -> None:
    await end()
    scope.cancel()


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
