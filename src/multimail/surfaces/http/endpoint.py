"""What holds for every route of the HTTP API: a principal, its rate, problems for faults, headers that keep answers
private. What a route does besides is its own.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

from starlette.requests import ClientDisconnect, Request

from multimail.core.errors import Problem
from multimail.surfaces.http import problems
from multimail.surfaces.http.refusals import PRIVATE

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from starlette.responses import Response
    from starlette.types import Receive, Scope, Send

    from multimail.services.context import Services
    from multimail.surfaces.http.rates import Rates

T = TypeVar("T")
Answering: TypeAlias = Callable[[Request], Awaitable["Response"]]

SURFACE: Final = "rest"
_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Api:
    """What the routes work with; `base_url` is how this server is reached, without a slash at the end.

    Streams that would go on for ever end when `ending` is set.
    """

    services: Services
    base_url: str
    rates: Rates
    ending: asyncio.Event = field(default_factory=asyncio.Event)


class Endpoint:
    """An ASGI application around a function that answers a request. Give it to a `Route` as its endpoint.

    `request.state.principal_id` is there when the function runs. A `Problem` that it raises becomes the answer, with
    `on_error` in it; anything else is logged and becomes `internal`. Nobody is answered who went away.
    """

    def __init__(self, api: Api, answer: Answering, on_error: Mapping[str, Any] | None = None) -> None:
        self._api = api
        self._answer = answer
        self._on_error = on_error

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers: list[tuple[bytes, bytes]] = [*PRIVATE]
        try:
            response = await self._answered(Request(scope, receive), headers)
        except ClientDisconnect:
            return
        except Problem as problem:
            response = problems.response(problem, self._api.base_url, self._on_error)
        except Exception:  # noqa: BLE001 - logged, and the caller gets an answer
            _LOG.exception("%s %s failed", scope["method"], scope["path"])
            response = problems.response(Problem("internal"), self._api.base_url, self._on_error)
        response.raw_headers.extend(headers)
        await response(scope, receive, send)

    async def _answered(self, request: Request, headers: list[tuple[bytes, bytes]]) -> Response:
        principal_id = request.scope.get("state", {}).get("principal_id")
        if principal_id is None:
            raise Problem("unauthenticated")
        room = self._api.rates.take(principal_id)
        headers.extend(room.headers)
        if room.left < 0:
            raise Problem("rate_limited", advice=f"Try again in {room.seconds} s.", retry_after=room.seconds)
        return await self._answer(request)


async def while_connected(receive: Receive, work: Coroutine[Any, Any, T]) -> T:
    """The outcome of `work`, which is cancelled when the client goes away; the body must have been read before.

    Raises `ClientDisconnect` then. No task outlives this.
    """
    working = asyncio.create_task(work, name="waiting call")
    leaving = asyncio.create_task(_gone(receive), name="disconnect of a waiting call")
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        raise ClientDisconnect
    finally:
        working.cancel()
        leaving.cancel()
        await asyncio.gather(working, leaving, return_exceptions=True)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
