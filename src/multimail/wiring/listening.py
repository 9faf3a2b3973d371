"""The HTTP port: bound before anything is promised, served by uvicorn, given up in bounded time."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import uvicorn

from multimail.core.errors import Problem

if TYPE_CHECKING:
    from starlette.types import ASGIApp

_BACKLOG: Final = 512
_HEADER_LIMIT: Final = 64 * 1024
_A_SECOND: Final = 1.0
_TICKS: Final = 10
"""Of uvicorn's make a second: then the date in its answers goes on."""


def bind(host: str, port: int) -> socket.socket:
    """A listening socket. `port_busy` when somebody else has the port."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0][0]
        # Named, because asyncio sends at once (TCP_NODELAY) only on sockets that say they are TCP.
        listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    except OSError as error:
        raise _cannot_bind(error, host, port) from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(_BACKLOG)
        listener.setblocking(False)
    except OSError as error:
        listener.close()
        raise _cannot_bind(error, host, port) from error
    return listener


class HttpServer:
    """Serves an application on a socket from `start` to `stop`, without touching the process's signals.

    The application's own lifespan is not run: whoever has resources holds them around this.
    """

    def __init__(self, app: ASGIApp, listener: socket.socket, grace: float) -> None:
        """`grace` bounds in seconds how long requests under way may hold up `stop`."""
        config = uvicorn.Config(
            app, lifespan="off", log_config=None, access_log=False, server_header=False, ws="none",
            timeout_keep_alive=30, h11_max_incomplete_event_size=_HEADER_LIMIT,
        )  # fmt: skip
        # Annotated as whole seconds there, passed on to asyncio, which takes parts.
        config.timeout_graceful_shutdown = grace  # type: ignore[assignment]
        self._server = _Server(config)
        self._listener = listener
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Return when requests are answered."""
        self._task = asyncio.create_task(self._server.serve(sockets=[self._listener]), name="http")
        ready = asyncio.create_task(self._server.ready.wait())
        await asyncio.wait({self._task, ready}, return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        if self._task.done():
            self._task.result()

    async def stop(self) -> None:
        """Refuse what is new and let answers under way go out; what takes longer than the grace is cut off."""
        if self._task is None:
            return
        self._server.should_exit = True
        self._server.leaving.set()
        await self._task
        self._task = None


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()
        self.leaving = asyncio.Event()

    async def main_loop(self) -> None:
        """Uvicorn looks ten times a second whether it is to end; here it is told."""
        while not await self.on_tick(counter=_TICKS):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.leaving.wait(), _A_SECOND)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _cannot_bind(error: OSError, host: str, port: int) -> Problem:
    if error.errno == errno.EADDRINUSE:
        return Problem(
            "port_busy",
            f"Port {port} on {host}, meant for HTTP, is in use by another process.",
            field="http_port",
            advice="Stop that process or choose another port.",
            port=port,
        )
    return Problem(
        "invalid_setting",
        f"HTTP cannot listen on {host} port {port}: {error.strerror or error}.",
        field="http_host",
        advice="Give an address of this machine and a port this user may open.",
    )
