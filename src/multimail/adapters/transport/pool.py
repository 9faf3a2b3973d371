"""Connections kept for the next message: how many, for how long, and never one that does not answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from multimail.adapters.transport.link import Link
from multimail.adapters.transport.outcome import Stopped, Verdict


@dataclass(frozen=True, slots=True)
class Limits:
    """`connections` at once, `transactions` on one of them, `idle` seconds before one is let go. One given back
    less than `fresh` seconds ago is lent without being asked whether it still answers."""

    connections: int = 4
    transactions: int = 100
    idle: float = 30
    fresh: float = 1


class Pool:
    """Lends connections. The one given back last is lent first, so that a quiet hour closes the rest."""

    def __init__(self, open_link: Callable[[], Awaitable[Link]], limits: Limits) -> None:
        self._open_link = open_link
        self._limits = limits
        self._slots = asyncio.Semaphore(limits.connections)
        self._idle: dict[Link, asyncio.TimerHandle] = {}
        self._goodbyes: set[asyncio.Task[None]] = set()
        self._closed = False

    @asynccontextmanager
    async def lease(self, *, proven: bool = True) -> AsyncIterator[Link]:
        """A link with no transaction open; waits for a free slot. What leaves the block by raising cuts it.

        One that is not `proven` may turn out to be closed at the first command; it spares a round trip.
        """
        async with self._slots:
            link = await self._take(proven=proven)
            try:
                yield link
            except BaseException:
                link.cut()
                raise
            self._give_back(link)

    async def close(self) -> None:
        """Lend no more; say goodbye on what is idle. Links on loan are closed when they come back."""
        self._closed = True
        while self._idle:
            self._dismiss(self._pop_idle()[0])
        await asyncio.gather(*self._goodbyes, return_exceptions=True)

    async def _take(self, *, proven: bool) -> Link:
        while self._idle and not self._closed:
            link, is_fresh = self._pop_idle()
            link.is_proven = proven or not (is_fresh and link.is_clean)
            if link.usable and (not link.is_proven or await _answers(link)):
                return link
            link.cut()
        if self._closed:
            text = "Nothing was sent: this server is shutting down."
            raise Stopped(Verdict("retry", text=text, of_hop=True))
        return await self._open_link()

    def _give_back(self, link: Link) -> None:
        if self._closed or not link.usable or link.transactions >= self._limits.transactions:
            self._dismiss(link)
            return
        loop = asyncio.get_running_loop()
        self._idle[link] = loop.call_later(self._limits.idle, self._expire, link)

    def _expire(self, link: Link) -> None:
        del self._idle[link]
        self._dismiss(link)

    def _pop_idle(self) -> tuple[Link, bool]:
        """The link given back last, and whether that was just now."""
        link, timer = self._idle.popitem()
        timer.cancel()
        left = timer.when() - asyncio.get_running_loop().time()
        return link, self._limits.idle - left < self._limits.fresh

    def _dismiss(self, link: Link) -> None:
        """In the background: nobody's outcome waits for a goodbye."""
        if not link.usable:
            link.cut()
            return
        task = asyncio.get_running_loop().create_task(link.quit())
        self._goodbyes.add(task)
        task.add_done_callback(self._goodbyes.discard)


async def _answers(link: Link) -> bool:
    """RSET rather than NOOP: it also makes sure that nothing of the last transaction is left."""
    try:
        await link.reset()
    except Stopped:
        return False
    except BaseException:
        link.cut()
        raise
    return True
