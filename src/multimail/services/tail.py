"""Following the log for as long as somebody listens: one look at the disk for all listeners, however many they are.

A listener is told that the log grew, and reads on by itself; it is told when its key is over, and ends.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from multimail.contract.events import NOW, EventList, FollowEvents, ListEvents
from multimail.contract.streams import Stream
from multimail.core.notices import seq_of
from multimail.core.times import Micros, seconds_until
from multimail.ports.store import Tx
from multimail.services import dispatch, following, streaming
from multimail.services.context import Call, Caller, Services

_LOG: Final = logging.getLogger(__name__)
_LOOK_AGAIN: Final = 5.0
"""Seconds after which keys are looked at again although nothing was written and none has expired."""
_GATHER: Final = 0.025
"""Seconds in which changes are gathered before they are looked at."""
_AFTER_FAULT: Final = 1.0
_PAGE: Final = 100


@dataclass(eq=False, slots=True)
class Listener:
    """One open stream. Clear `grown` before reading on, so that nothing that is written meanwhile is missed."""

    principal_id: str
    grown: asyncio.Event = field(default_factory=asyncio.Event)
    over: asyncio.Event = field(default_factory=asyncio.Event)


class Tail:
    """The end of the log, watched while anybody listens. All of it happens on one event loop."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._listeners: set[Listener] = set()
        self._task: asyncio.Task[None] | None = None

    def __len__(self) -> int:
        return len(self._listeners)

    @contextmanager
    def listening(self, principal_id: str) -> Iterator[Listener]:
        """A listener as long as the block lasts."""
        listener = Listener(principal_id)
        self._listeners.add(listener)
        if self._task is None:
            self._task = asyncio.create_task(self._watch(), name="tail of the log")
        try:
            yield listener
        finally:
            self._listeners.discard(listener)
            if not self._listeners and self._task is not None:
                self._task.cancel()
                self._task = None

    async def _watch(self) -> None:
        """The version is taken before each look, so nothing that commits in between is missed."""
        store, clock = self._services.store, self._services.clock
        newest = 0
        while True:
            try:
                version = store.version()
                newest, seconds = self._look(newest)
                await clock.wait(seconds, partial(store.changed, version), idle=True)
            except Exception:  # noqa: BLE001 - whoever listens finds out by reading on, and ends
                _LOG.exception("the end of the log could not be looked at")
                self._wake()
                await asyncio.sleep(_AFTER_FAULT)
            else:
                await asyncio.sleep(_GATHER)

    def _look(self, newest: int) -> tuple[int, float]:
        """The end of the log, and the seconds until the next look: the next key that expires may be nearer."""
        now = self._services.clock.now()
        ids = {one.principal_id for one in self._listeners}

        def look(tx: Tx) -> tuple[int, dict[str, Micros | None]]:
            stored = [tx.principals.get(one) for one in ids]
            valid = [one for one in stored if one is not None and one.valid_at(now)]
            return tx.events.newest(), {one.principal.id: one.expires_at for one in valid}

        found, valid = self._services.store.instant(look)
        for listener in self._listeners:
            if listener.principal_id not in valid:
                listener.over.set()
        if found != newest:
            self._wake()
        return found, min((seconds_until(at, now, _LOOK_AGAIN) for at in valid.values()), default=_LOOK_AGAIN)

    def _wake(self) -> None:
        for listener in self._listeners:
            listener.grown.set()


async def begin(services: Services, caller: Caller, stream: Stream, asked: FollowEvents) -> int:
    """The place to begin at, for a caller that may follow the log; written down as one use of the stream."""
    request = asked if asked.after is not None else asked.model_copy(update={"after": NOW})

    def work(tx: Tx, call: Call) -> int:
        following.check(tx, call, request)
        return following.start(tx, request)

    return await streaming.read(services, caller, stream, work)


async def read_on(
    services: Services, caller: Caller, stream: Stream, asked: FollowEvents, position: int
) -> tuple[EventList, int]:
    """What the caller may see after a place, and the place to go on from. `unauthenticated` once the key is over."""
    request = ListEvents(mailbox=asked.mailbox, kinds=asked.kinds, limit=_PAGE)

    def work(tx: Tx) -> EventList:
        return following.page(tx, dispatch.authorised(tx, services, caller, stream), request, position)

    view = await services.store.read(work)
    return view, seq_of(view.cursor) or position
