"""An event loop on a thread: it holds its resource, runs what it is given, and says what went wrong."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest

from multimail.testing.thread import LoopThread

Soon = Callable[[Callable[[], None]], None]


@asynccontextmanager
async def resource(soon: Soon) -> AsyncIterator[list[str]]:
    log = ["entered"]
    yield log
    log.append("left")


async def name() -> str:
    return threading.current_thread().name


def test_the_resource_is_held_on_a_thread_of_its_own() -> None:
    with LoopThread(resource) as thread:
        log = thread.value
        assert (log, thread.run(name())) == (["entered"], "multimail-testing")

    assert log == ["entered", "left"]


def test_what_fails_there_is_raised_here() -> None:
    class Broken(AbstractAsyncContextManager[None]):
        def __init__(self, soon: Soon) -> None: ...

        async def __aenter__(self) -> None:
            raise OSError("no room")

        async def __aexit__(self, *_: object) -> None: ...

    @asynccontextmanager
    async def breaks_late(soon: Soon) -> AsyncIterator[None]:
        yield
        raise OSError("no end")

    with pytest.raises(OSError, match="no room"), LoopThread(Broken):
        pass
    with pytest.raises(OSError, match="no end"), LoopThread(breaks_late):
        pass


def test_it_cannot_wait_for_itself() -> None:
    with LoopThread(resource) as thread:

        async def inside() -> None:
            thread.run(name())

        with pytest.raises(RuntimeError, match="own thread"):
            thread.run(inside())


def test_after_its_end_it_runs_nothing() -> None:
    with LoopThread(resource) as thread:
        called = asyncio.Event()
        thread.soon(called.set)
        thread.run(called.wait())
    thread.soon(called.clear)

    assert called.is_set()
    with pytest.raises(RuntimeError, match="ended"):
        thread.run(name())
