"""The API on a desk's account."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.desk import Desk, opened
from tests.support.rest import Front, front


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with opened(tmp_path) as made:
        yield made


@pytest.fixture
async def api(desk: Desk) -> AsyncIterator[Front]:
    async with front(desk) as made:
        yield made
