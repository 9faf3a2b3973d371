"""The client for asyncio: the same methods and arguments as the other one, to be awaited."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any, ParamSpec, Self, TypeVar, Unpack

import httpx2

from multimail.client import codec, exchange, paging, retries
from multimail.client.contacts import AsyncContacts
from multimail.client.errors import MultimailError
from multimail.client.methods_async import AsyncMethods
from multimail.client.route import Route
from multimail.client.settings import DEFAULT_RETRIES, EVENTS_WAIT, resolved

if TYPE_CHECKING:
    from multimail.client import answers, arguments

T = TypeVar("T")
P = ParamSpec("P")
L = TypeVar("L", bound=paging.Page[Any])


class AsyncClient(AsyncMethods):
    """As `Client`, for asyncio; `aclose` it or use it in an `async with` block.

    A call that is cancelled is given up at once; a write may have been carried out nevertheless.
    """

    def __init__(
        self,
        api_key: str | None = None,
        base_url: str | None = None,
        timeout: float | None = None,
        mailbox: str | None = None,
        retries: int = DEFAULT_RETRIES,
        http_client: httpx2.AsyncClient | None = None,
    ) -> None:
        self._settings = resolved(api_key, base_url, timeout, mailbox, retries)
        self._own = http_client is None
        self._http = http_client
        self._closed = False
        self.contacts = AsyncContacts(self)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(base_url={self._settings.base_url!r})"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections; calls after that raise `RuntimeError`."""
        self._closed = True
        if self._own and self._http is not None:
            await self._http.aclose()

    close = aclose

    async def pages(
        self, method: Callable[P, Awaitable[L]], /, *args: P.args, **kwargs: P.kwargs
    ) -> AsyncIterator[L]:
        """Every page of a method that answers pages: `client.pages(client.check_inbox, query="invoice")`."""
        arguments = paging.first(kwargs)
        seen: set[str] = set()
        while True:
            page = await method(*args, **arguments)
            yield page
            if (cursor := paging.following(page.cursor, seen)) is None:
                return
            arguments["cursor"] = cursor

    async def iterate(
        self, method: Callable[P, Awaitable[paging.Page[T]]], /, *args: P.args, **kwargs: P.kwargs
    ) -> AsyncIterator[T]:
        """Every row of every page: `async for mail in client.iterate(client.check_inbox, filter="unread")`."""
        async for page in self.pages(method, *args, **kwargs):
            for row in page.items:
                yield row

    async def events(
        self, after: str | None = None, **conditions: Unpack[arguments.ListEventsArguments]
    ) -> AsyncIterator[answers.Event]:
        """Every event after a place in the log, then each as it happens: it ends only when the caller stops.

        `after` is the id of the last event that was dealt with, or "now"; the log's beginning if left out.
        """
        conditions.setdefault("timeout_seconds", EVENTS_WAIT)
        while True:
            page = await self.list_events(after, **conditions)
            for event in page.events:
                yield event
            after = page.cursor

    async def _call(self, route: Route[T], given: dict[str, Any]) -> T:
        outgoing = codec.request_of(route, given, self._settings)
        number = 0
        while True:
            try:
                return codec.result_of(route, await self._exchanged(outgoing))
            except MultimailError as error:
                failed = retries.Try(error, outgoing.repeatable, number, self._settings.retries)
                pause = retries.pause(failed, random.random())  # noqa: S311 - keeps clients apart, hides nothing
                if pause is None:
                    raise
            await self._sleep(pause)
            number += 1

    async def _exchanged(self, outgoing: codec.Outgoing) -> codec.Incoming:
        try:
            return exchange.received(await self._opened().request(**exchange.sent(outgoing)))
        except httpx2.HTTPError as error:
            raise exchange.failure(error, outgoing) from error

    def _opened(self) -> httpx2.AsyncClient:
        """The connections, made at the first call: a client that calls nothing costs nothing."""
        if self._closed:
            raise RuntimeError("the client is closed")
        if self._http is None:
            self._http = httpx2.AsyncClient(**exchange.options(self._settings))
        return self._http

    async def _sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
