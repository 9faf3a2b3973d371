"""A resource held apart: its user's errors stay as they are, and so do its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
import pytest

from multimail.wiring.apart import apart

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def grouped(log: list[str]) -> AsyncIterator[None]:
    async with anyio.create_task_group():
        log.append("entered")
        yield
        log.append("left")


async def test_what_its_user_raises_is_not_wrapped() -> None:
    log: list[str] = []

    with pytest.raises(LookupError, match="mine"):
        async with apart(grouped(log)):
            raise LookupError("mine")

    assert log == ["entered", "left"]


class Broken:
    async def __aenter__(self) -> None:
        raise LookupError("its own")

    async def __aexit__(self, *raised: object) -> None:
        pytest.fail("it was never entered")


async def test_what_it_raises_on_entering_is_raised_here() -> None:
    with pytest.raises(LookupError, match="its own"):
        async with apart(Broken()):
            pytest.fail("it was entered")
