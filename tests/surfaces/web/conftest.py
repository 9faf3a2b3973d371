"""The pages on a desk's account, without a browser."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.desk import Desk, opened
from tests.support.guest import Guest, House, house


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with opened(tmp_path) as made:
        yield made


@pytest.fixture
def at(desk: Desk) -> House:
    return house(desk)


@pytest.fixture
async def reviewer(at: House) -> AsyncIterator[Guest]:
    async with at.signed_in("reviewer") as guest:
        yield guest
