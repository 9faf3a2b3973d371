"""Holding a resource in a task of its own, where its task group cannot wrap what its user raises."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager


@asynccontextmanager
async def apart(resource: AbstractAsyncContextManager[object]) -> AsyncIterator[None]:
    """Enter and leave the resource in one task, and raise here what it raises itself."""
    entered, leave = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        async with resource:
            entered.set()
            await leave.wait()

    task = asyncio.create_task(hold(), name="resource")
    waiting = asyncio.create_task(entered.wait())
    await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if task.done():
        await task
    try:
        yield
    finally:
        leave.set()
        await task
