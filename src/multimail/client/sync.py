"""The client: every operation as a method that waits for its answer."""

from __future__ import annotations

import random
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Any, ParamSpec, Self, TypeVar, Unpack

import httpx2

from multimail.client import codec, exchange, paging, retries
from multimail.client.contacts import Contacts
from multimail.client.errors import MultimailError
from multimail.client.methods_sync import SyncMethods
from multimail.client.route import Route
from multimail.client.settings import DEFAULT_RETRIES, EVENTS_WAIT, resolved

if TYPE_CHECKING:
    from multimail.client import answers, arguments

T = TypeVar("T")
P = ParamSpec("P")
L = TypeVar("L", bound=paging.Page[Any])


class Client(SyncMethods):
    """Calls a MultiMail server. May be shared by threads; `close` it or use it in a `with` block.

    `timeout` (seconds, for each try) and `api_key` and `base_url` fall back to the environment
    (MULTIMAIL_TIMEOUT, MULTIMAIL_API_KEY, MULTIMAIL_BASE_URL). `mailbox` is meant by sending, searching and
    waiting where a call names none. Reads, and writes with an idempotency key, are tried again up to `retries`
    times when they may have failed for a moment only; every send gets such a key. An `http_client` of your own
    stays yours to close.
    """

    def __init__(
        self,
        api_key: str | None = None,
        base_url: str | None = None,
        timeout: float | None = None,
        mailbox: str | None = None,
        retries: int = DEFAULT_RETRIES,
        http_client: httpx2.Client | None = None,
    ) -> None:
        self._settings = resolved(api_key, base_url, timeout, mailbox, retries)
        self._http = http_client
        self._last: weakref.finalize[..., Client] | None = None
        self._opening = threading.Lock()
        self._closed = False
        self.contacts = Contacts(self)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(base_url={self._settings.base_url!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections; calls after that raise `RuntimeError`."""
        self._closed = True
        if self._last is not None:
            self._last()

    def pages(self, method: Callable[P, L], /, *args: P.args, **kwargs: P.kwargs) -> Iterator[L]:
        """Every page of a method that answers pages: `client.pages(client.check_inbox, query="invoice")`."""
        arguments = paging.first(kwargs)
        seen: set[str] = set()
        while True:
            page = method(*args, **arguments)
            yield page
            if (cursor := paging.following(page.cursor, seen)) is None:
                return
            arguments["cursor"] = cursor

    def iterate(
        self, method: Callable[P, paging.Page[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> Iterator[T]:
        """Every row of every page: `for mail in client.iterate(client.check_inbox, filter="unread")`."""
        for page in self.pages(method, *args, **kwargs):
            yield from page.items

    def events(
        self, after: str | None = None, **conditions: Unpack[arguments.ListEventsArguments]
    ) -> Iterator[answers.Event]:
        """Every event after a place in the log, then each as it happens: it ends only when the caller stops.

        `after` is the id of the last event that was dealt with, or "now"; the log's beginning if left out.
        """
        conditions.setdefault("timeout_seconds", EVENTS_WAIT)
        while True:
            page = self.list_events(after, **conditions)
            yield from page.events
            after = page.cursor

    def _call(self, route: Route[T], given: dict[str, Any]) -> T:
        outgoing = codec.request_of(route, given, self._settings)
        number = 0
        while True:
            try:
                return codec.result_of(route, self._exchanged(outgoing))
            except MultimailError as error:
                failed = retries.Try(error, outgoing.repeatable, number, self._settings.retries)
                pause = retries.pause(failed, random.random())  # noqa: S311 - keeps clients apart, hides nothing
                if pause is None:
                    raise
            self._sleep(pause)
            number += 1

    def _exchanged(self, outgoing: codec.Outgoing) -> codec.Incoming:
        try:
            return exchange.received(self._opened().request(**exchange.sent(outgoing)))
        except httpx2.HTTPError as error:
            raise exchange.failure(error, outgoing) from error

    def _opened(self) -> httpx2.Client:
        """The connections, made at the first call: a client that calls nothing costs nothing."""
        with self._opening:
            if self._closed:
                raise RuntimeError("the client is closed")
            if self._http is None:
                self._http = httpx2.Client(**exchange.options(self._settings))
                # A program that never closes its client ends without a socket left open.
                self._last = weakref.finalize(self, self._http.close)
            return self._http

    def _sleep(self, seconds: float) -> None:
        time.sleep(seconds)
