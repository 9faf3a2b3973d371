"""The door on standard input and output: lists its tools at once and opens the mailbox behind them meanwhile.

Standard output is the wire; whatever else has something to say says it on standard error.
"""

from __future__ import annotations

import asyncio
import importlib
import logging
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import anyio
from mcp.server.stdio import stdio_server

from multimail.core.errors import Problem
from multimail.core.model import ROLE_SCOPES, Role, Scope
from multimail.surfaces.mcp.mending import Mended
from multimail.surfaces.mcp.pipes import standard_pipes
from multimail.surfaces.mcp.server import Options, build

if TYPE_CHECKING:
    from multimail.services.context import Services

_LOG: Final = logging.getLogger(__name__)
_HEAVY: Final = ("multimail.surfaces.mcp.calls", "multimail.services.bindings")
_LATEST_START: Final = 2.0
"""Seconds after which the parts are opened even if nobody listed the tools or called one."""


@dataclass(frozen=True, slots=True)
class Behind:
    """What is behind a door once it is open: the plugs, and the principal that the door's key names."""

    services: Services
    principal_id: str


Opening = Callable[[], AbstractAsyncContextManager[Behind]]
"""Opens the data folder and finds the principal; raises `Problem` when the key is no good."""


async def serve_stdio(opening: Opening, options: Options, *, listed: Role | None = None) -> None:
    """Serve the client on standard input until it closes it.

    `listed` is the role whose tools are listed without waiting for `opening`: the caller knows it when no key
    was given. `opening` is entered and left in one task of its own; the door survives its failure, tells it at
    each call and tries again.
    """
    door = StdioDoor(opening, ROLE_SCOPES[listed] if listed is not None else None)
    server = build(door, options)
    try:
        async with (
            anyio.create_task_group() as tasks,
            standard_pipes() as wire,
            stdio_server(*wire) as (incoming, outgoing),
        ):
            tasks.start_soon(door.keep_open)
            await server.run(Mended(incoming), outgoing, server.create_initialization_options())
            door.close()
    except* BrokenPipeError:
        _LOG.info("the client is gone")


class StdioDoor:
    """One client, one principal. Opening starts when the tools were listed, at the first call, or soon anyway."""

    surface = "mcp:stdio"

    def __init__(self, opening: Opening, listed: frozenset[Scope] | None) -> None:
        self._opening = opening
        self._listed = listed
        self._wanted = asyncio.Event()
        self._closed = asyncio.Event()
        self._outcome: asyncio.Future[Behind] = asyncio.get_running_loop().create_future()

    def principal_id(self) -> str:
        return self._outcome.result().principal_id if self._is_open() else ""

    async def services(self) -> Services:
        return (await self._behind()).services

    async def scopes(self) -> frozenset[Scope]:
        """A door that cannot be opened lists an agent's tools: calling one says what is wrong."""
        if self._listed is not None:
            self._wanted.set()
            return self._listed
        try:
            behind = await self._behind()
        except Problem:
            return ROLE_SCOPES[Role.AGENT]
        stored = behind.services.store.instant(lambda tx: tx.principals.get(behind.principal_id))
        return stored.principal.scopes if stored is not None else frozenset()

    def close(self) -> None:
        """Let `keep_open` put away what it opened, in its own time, and return."""
        self._closed.set()
        self._wanted.set()

    async def keep_open(self) -> None:
        """Open when wanted and stay so until closed; after a failure, open again when wanted again."""
        with anyio.move_on_after(_LATEST_START):
            await self._wanted.wait()
        while not self._closed.is_set():
            try:
                # Threads let the list of tools out of the door while the imports are still running.
                await asyncio.to_thread(_import_what_is_heavy)
                async with self._opening() as behind:
                    self._outcome.set_result(behind)
                    await self._closed.wait()
            except Exception as fault:  # noqa: BLE001 - told to whoever calls
                self._fail(fault)
            await self._wanted.wait()

    def _is_open(self) -> bool:
        return self._outcome.done() and not self._outcome.cancelled() and self._outcome.exception() is None

    async def _behind(self) -> Behind:
        self._wanted.set()
        return await asyncio.shield(self._outcome)

    def _fail(self, fault: Exception) -> None:
        """Tell all who wait, and have the next who comes wait for another attempt."""
        failed, self._outcome = self._outcome, asyncio.get_running_loop().create_future()
        self._wanted.clear()
        if isinstance(fault, Problem):
            told = fault
        else:
            _LOG.error("the door could not be opened", exc_info=fault)
            told = Problem("internal")
        if not failed.done():
            failed.set_exception(told)
            failed.exception()


def _import_what_is_heavy() -> None:
    for name in _HEAVY:
        importlib.import_module(name)
