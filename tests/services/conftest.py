"""A desk for each test, and a sink where mail is to arrive."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.support.desk import Desk, opened
from tests.support.sink import Sink


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with opened(tmp_path) as made:
        yield made


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink() as made:
        yield made
