"""The store of the server under test: the real one, on a real file, refusing changes where a fault says so."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from multimail.core.errors import Problem
from multimail.testing.switches import Kind, Switch, Switchboard

if TYPE_CHECKING:
    from pathlib import Path

    from multimail.ports.intake import Filed
    from multimail.ports.records import Event
    from multimail.ports.store import Copies, Store, Tx

T = TypeVar("T")

STEPPING: Final[ContextVar[bool]] = ContextVar("STEPPING", default=False)
"""True in the server's own work, which a fault refuses but never keeps waiting: somebody waits for its end."""
_REFUSALS: Final[dict[Kind, tuple[str, str]]] = {
    "locked": ("busy", "Another process keeps the data file locked."),
    "full": ("storage_full", "The disk is full; nothing was changed."),
}


class FaultyStore:
    """See `ports.store.Store`. `refused` are the tasks whose last change was refused by a fault."""

    def __init__(self, store: Store, board: Switchboard, arrived: Callable[[], None]) -> None:
        """`arrived` is called after each change that filed mail, before anybody hears of it."""
        self.refused: set[asyncio.Task[Any]] = set()
        self.cleared = asyncio.Event()
        self._store = store
        self._board = board
        self._arrived = arrived

    async def write(self, work: Callable[[Tx], T]) -> T:
        """As the store does, unless the whole file is locked or full, or what is changed is of such a mailbox."""
        task = cast("asyncio.Task[Any]", asyncio.current_task())
        self.refused.discard(task)
        while (switch := self._waiting_for()) is not None:
            self.cleared.clear()
            await self.cleared.wait()
        try:
            for kind in _REFUSALS:
                switch = self._board.take(kind, lambda one: not one.mailbox)
                if switch is not None:
                    raise _refusal(switch)
            watch = _Watch(self._board)
            result = await self._store.write(lambda tx: work(watch.over(tx)))
        except Problem:
            self.refused.add(task)
            task.add_done_callback(self.refused.discard)
            raise
        if watch.arrived:
            self._arrived()
        return result

    def post(self, work: Callable[[Tx], object]) -> None:
        self._store.post(work)

    def later(self, work: Callable[[Tx], object]) -> None:
        self._store.later(work)

    async def read(self, work: Callable[[Tx], T], *, search: bool = False) -> T:
        return await self._store.read(work, search=search)

    def instant(self, work: Callable[[Tx], T]) -> T:
        return self._store.instant(work)

    def version(self) -> int:
        return self._store.version()

    async def changed(self, since: int, timeout: float) -> int:  # noqa: ASYNC109 - as the port has it
        return await self._store.changed(since, timeout)

    def copies(self, folder: Path) -> Copies:
        return self._store.copies(folder)

    async def scour(self) -> bool:
        return await self._store.scour()

    async def close(self) -> None:
        await self._store.close()

    def _waiting_for(self) -> Switch | None:
        if STEPPING.get():
            return None
        return self._board.find("locked", lambda one: one.waits and not one.mailbox)


class _Watch:
    """Looks on while one change is made: whether mail arrives with it, and whether it may be made at all."""

    def __init__(self, board: Switchboard) -> None:
        self.arrived = False
        self._board = board
        self._is_faulty = any(board.find(kind) for kind in _REFUSALS)

    def over(self, tx: Tx) -> Tx:
        """The transaction, looked on."""
        return cast("Tx", _Watched(tx, self))

    def check(self, tx: Tx, mailbox_id: str | None) -> None:
        """Refuse what happens to a mailbox whose part of the file is faulty."""
        box = tx.mailboxes.get(mailbox_id) if mailbox_id and self._is_faulty else None
        for kind in _REFUSALS if box else ():
            address = box.address if box else ""
            switch = self._board.take(kind, partial(_is_for, address=address))
            if switch is not None:
                raise _refusal(switch)


class _Watched:
    """A transaction whose events and arrivals are looked at: both say which mailbox they are about."""

    def __init__(self, tx: Tx, watch: _Watch) -> None:
        self._tx = tx
        self._watch = watch

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._tx, name)
        return _Noun(found, self._tx, self._watch) if name in {"events", "arrivals"} else found


class _Noun:
    def __init__(self, noun: Any, tx: Tx, watch: _Watch) -> None:
        self._noun = noun
        self._tx = tx
        self._watch = watch

    def __getattr__(self, name: str) -> Any:
        return getattr(self._noun, name)

    def add(self, event: Event) -> None:
        self._watch.check(self._tx, event.mailbox_id)
        self._noun.add(event)

    def file(self, batch: Sequence[Filed]) -> None:
        for one in batch:
            self._watch.check(self._tx, one.message.mailbox_id)
        self._watch.arrived = True
        self._noun.file(batch)


def _is_for(switch: Switch, address: str) -> bool:
    return bool(switch.mailbox) and switch.meets(address)


def _refusal(switch: Switch) -> Problem:
    return Problem(*_REFUSALS[switch.kind])
