"""`GET /live`: tells a page of ours, as server-sent events, that something on it is out of date.

Only a script of our own pages gets it: session, the session's token in a header, and the same origin. It ends at once
when the session does, when the key is over, when the server ends and when the browser goes.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final

import anyio
from starlette.responses import StreamingResponse

from multimail.core.errors import Problem
from multimail.core.times import MINUTE
from multimail.services import signing_in, watching
from multimail.services.tail import Tail
from multimail.surfaces.web import session

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import Receive, Scope, Send

    from multimail.core.model import Principal
    from multimail.ports.store import Tx
    from multimail.services.context import Services
    from multimail.services.signing_in import Visitor

Write = Callable[[bytes], Awaitable[None]]

_HEARTBEAT: Final = 15.0
"""Seconds after which a comment says that the stream is alive, and the session is looked at again."""
_PAUSE: Final = 0.2
"""Seconds between two events: however much happens, a page is drawn anew only so often."""
_FOR_ONE: Final = 8
_FOR_ALL: Final = 500
_OLDEST: Final = 10 * MINUTE
_LAST_WORDS: Final = 0.2
_HEADERS: Final = {"X-Accel-Buffering": "no", "Content-Type": "text/event-stream"}
_LOG: Final = logging.getLogger(__name__)


@dataclass(slots=True)
class Streams:
    """The open streams of a server: how many there are, and when all of them end."""

    services: Services
    ending: asyncio.Event
    tail: Tail = field(init=False)
    open: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.tail = Tail(self.services)

    def take(self, session_hash: str) -> None:
        """A place for one more, or `busy`."""
        if self.open[session_hash] >= _FOR_ONE or self.open.total() >= _FOR_ALL:
            raise Problem("busy", "Too many pages follow the server already.", advice="Close some of them.")
        self.open[session_hash] += 1

    def give_back(self, session_hash: str) -> None:
        """The place is free again."""
        self.open[session_hash] -= 1
        self.open += Counter()


async def follow(streams: Streams, request: Request) -> Response:
    """The stream of the topics in the query, from when the page was made: `age` milliseconds ago.

    Raises `unauthenticated` without a session, `forbidden` for what no script of our own page asked for.
    """
    visitor = await signing_in.visitor(streams.services, session.session_id(request))
    if visitor is None:
        raise Problem("unauthenticated", "You are not signed in any more.")
    _check(request, visitor)
    wanted = watching.permitted(visitor.principal, request.query_params.getlist("topic"))
    if not wanted:
        raise Problem(
            "invalid", "No such topic.", field="topic", advice=f"Known: {', '.join(watching.TOPICS)}."
        )
    streams.take(visitor.session_hash)
    return _Stream(streams, session.session_id(request), visitor, wanted, _age(request))


def _check(request: Request, visitor: Visitor) -> None:
    """A page of another origin can neither know the token nor set the header; where the browser says who asks, it is
    believed too."""
    session.check_token(visitor, {"csrf": request.headers.get("x-csrf-token", "")})
    if any(site != "same-origin" for site in request.headers.getlist("sec-fetch-site")):
        raise Problem("forbidden", "Pages of other sites are told nothing.")


def _age(request: Request) -> int:
    """In microseconds; what is no number is old."""
    given = request.query_params.get("age", "")
    number = int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else _OLDEST
    return min(number * 1_000, _OLDEST)


class _Stream(StreamingResponse):
    """The answer that goes on, and gives its place back when it is over."""

    def __init__(
        self, streams: Streams, session_id: str, visitor: Visitor, wanted: frozenset[str], age: int
    ) -> None:
        super().__init__((), headers=_HEADERS)
        self._streams = streams
        self._session_id = session_id
        self._visitor = visitor
        self._wanted = wanted
        self._from = streams.services.clock.now() - age

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def write(content: bytes) -> None:
            await send({"type": "http.response.body", "body": content, "more_body": True})

        try:
            await send(
                {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
            )
            await self._until_over(write, receive)
        finally:
            self._streams.give_back(self._visitor.session_hash)
        with anyio.move_on_after(_LAST_WORDS):
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _until_over(self, write: Write, receive: Receive) -> None:
        with self._streams.tail.listening(self._visitor.principal.id) as listener:
            async with anyio.create_task_group() as tasks:
                for end in (partial(_gone, receive), listener.over.wait, self._streams.ending.wait):
                    tasks.start_soon(_cancel_after, end, tasks.cancel_scope)
                await self._told(write, listener.grown)
                tasks.cancel_scope.cancel()
            if listener.over.is_set():
                with anyio.move_on_after(_LAST_WORDS):
                    await write(_frame("over", frozenset()))

    async def _told(self, write: Write, grown: asyncio.Event) -> None:
        try:
            await self._tell(write, grown)
        except Problem as problem:
            _LOG.info("a page is told no more: %s", problem.code)
        except Exception:  # noqa: BLE001 - the answer has begun: all that is left is to end it
            _LOG.exception("a page could not be told what changed")

    async def _tell(self, write: Write, grown: asyncio.Event) -> None:
        """Every change while the session lasts; the log is looked at after the page could miss nothing."""
        principal, wanted = self._visitor.principal, self._wanted
        grown.clear()
        changed, place = await self._read(lambda tx: watching.since(tx, principal, wanted, self._from))
        await write(_frame("hello", wanted))
        while await signing_in.visitor(self._streams.services, self._session_id) is not None:
            if changed:
                await write(_frame("changed", changed))
                await asyncio.sleep(_PAUSE)
            if not await _is_set(grown, _HEARTBEAT):
                await write(b": alive\n\n")
            grown.clear()
            changed, place = await self._read(partial(_after, principal, wanted, place))
        await write(_frame("over", frozenset()))

    async def _read(self, work: Callable[[Tx], tuple[frozenset[str], int]]) -> tuple[frozenset[str], int]:
        return await self._streams.services.store.read(work)


def _after(principal: Principal, wanted: frozenset[str], place: int, tx: Tx) -> tuple[frozenset[str], int]:
    return watching.after(tx, principal, wanted, place)


def _frame(event: str, topics: frozenset[str]) -> bytes:
    return f"event: {event}\ndata: {json.dumps({'topics': sorted(topics)})}\n\n".encode()


async def _is_set(event: asyncio.Event, seconds: float) -> bool:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return False
    return True


async def _cancel_after(end: Callable[[], Awaitable[object]], scope: anyio.CancelScope) -> None:
    await end()
    scope.cancel()


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
