"""The server under test for asynchronous tests: the same methods, awaited, on any event loop anyio knows.

The server keeps to its own thread: a test that blocks its loop does not stop it, and the other way round.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from anyio import CancelScope, to_thread

from multimail.testing.serving import Server, server

if TYPE_CHECKING:
    import multimail
    from multimail.testing.clock import Clock
    from multimail.testing.faults import Faults
    from multimail.testing.letters import Sent
    from multimail.testing.serving import Key, Mailbox

P = ParamSpec("P")
T = TypeVar("T")


class AsyncClock:
    """See `Clock`."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    @property
    def now(self) -> datetime:
        return self._clock.now

    async def advance(self, by: timedelta | None = None, **parts: float) -> datetime:
        return await _aside(self._clock.advance, by, **parts)

    async def set(self, to: datetime | str) -> datetime:
        return await _aside(self._clock.set, to)

    async def until_waiting(self, count: int = 1, patience: float = 30.0) -> None:
        await _aside(self._clock.until_waiting, count, patience)

    async def next(self) -> datetime | None:
        return await _aside(self._clock.next)


class AsyncServer:
    """See `Server`. What needs no waiting is the same: `faults`, `reviewer`, addresses; `sync` is the server."""

    def __init__(self, sync: Server) -> None:
        self.sync = sync
        self.clock = AsyncClock(sync.clock)
        self.reviewer = sync.reviewer

    @property
    def base_url(self) -> str:
        return self.sync.base_url

    @property
    def smtp_port(self) -> int:
        return self.sync.smtp_port

    @property
    def faults(self) -> Faults:
        return self.sync.faults

    async def mailbox(self, address: str, **settings: Any) -> Mailbox:
        return await _aside(self.sync.mailbox, address, **settings)

    async def key(self, role: str = "agent", **given: Any) -> Key:
        return await _aside(self.sync.key, role, **given)

    async def client(
        self, role: str = "agent", *, key: str | None = None, **options: Any
    ) -> multimail.AsyncClient:
        """An asynchronous client with a new key of this role, or the given key; the test closes it."""
        from multimail import AsyncClient  # noqa: PLC0415 - as for the other client

        chosen = key or await self.key(role)
        return AsyncClient(api_key=chosen, base_url=self.base_url, **options)

    async def call(self, operation: str, /, **arguments: Any) -> dict[str, Any]:
        return await _aside(self.sync.call, operation, **arguments)

    async def receive(self, *given: Any, **more: Any) -> str:
        return await _aside(self.sync.receive, *given, **more)

    async def sent(self) -> list[Sent]:
        return await _aside(lambda: self.sync.sent)

    async def pending(self) -> list[dict[str, Any]]:
        return await _aside(lambda: self.sync.pending)

    async def settle(self) -> None:
        await _aside(self.sync.settle)

    async def wait_for(self, count: int = 1, **given: Any) -> list[Sent]:
        return await _aside(self.sync.wait_for, count, **given)


@asynccontextmanager
async def async_server(at: datetime | str | None = None, **chosen: Any) -> AsyncIterator[AsyncServer]:
    """As `server`, for `async with`."""
    context = server(at, **chosen)
    mail = await _aside(context.__enter__)
    try:
        yield AsyncServer(mail)
    finally:
        with CancelScope(shield=True):
            await _aside(context.__exit__, None, None, None)


async def _aside(work: Callable[P, T], *given: P.args, **more: P.kwargs) -> T:
    return await to_thread.run_sync(partial(work, *given, **more))
