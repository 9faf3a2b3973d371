"""An event loop on a thread of its own, for whoever has none or must not share the one it has."""

from __future__ import annotations

import asyncio
import concurrent.futures
import threading
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import Any, Final, Generic, Self, TypeVar

T = TypeVar("T")

_LONGEST: Final = 120.0


class LoopThread(Generic[T]):
    """Holds an asynchronous resource open on a thread from `__enter__` to `__exit__`; `run` runs there."""

    def __init__(
        self, resource: Callable[[Callable[[Callable[[], None]], None]], AbstractAsyncContextManager[T]]
    ) -> None:
        """`resource` is given `soon`, for what has to reach this loop from other threads."""
        self._resource = resource(self.soon)
        self._loop = asyncio.new_event_loop()
        self._leave = asyncio.Event()
        self._entered: concurrent.futures.Future[T] = concurrent.futures.Future()
        self._thread = threading.Thread(target=self._serve, name="multimail-testing", daemon=True)
        self._failure: BaseException | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        try:
            self._entered.result(_LONGEST)
        except BaseException:
            self._thread.join(_LONGEST)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._leave.set)
        self._thread.join(_LONGEST)
        if self._failure is not None and error is None:
            raise self._failure

    @property
    def value(self) -> T:
        """What the resource gave."""
        return self._entered.result(0)

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Run a coroutine there and wait for it; its error is raised here."""
        if threading.current_thread() is self._thread:
            work.close()
            raise RuntimeError("this is the server's own thread: it cannot wait for itself")
        if not self._thread.is_alive():
            work.close()
            raise RuntimeError("the server has ended")
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(_LONGEST)

    def soon(self, callback: Callable[[], None]) -> None:
        """Call something there; nothing happens once the loop has ended."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(callback)

    def _serve(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            try:
                runner.run(self._hold())
            except BaseException as error:  # noqa: BLE001 - raised on the thread that asked for the resource
                if self._entered.done():
                    self._failure = error
                else:
                    self._entered.set_exception(error)

    async def _hold(self) -> None:
        async with self._resource as value:
            self._entered.set_result(value)
            await self._leave.wait()
