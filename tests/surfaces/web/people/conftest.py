"""An operator at the pages about people, without a browser."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.support.guest import Guest, House


@pytest.fixture
async def operator(at: House) -> AsyncIterator[Guest]:
    async with at.signed_in("operator") as guest:
        yield guest
