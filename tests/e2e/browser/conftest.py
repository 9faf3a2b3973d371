"""One browser for all tests of this folder that a process runs; what belongs to a test is a context in it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser

from tests.support.browser import launched


@pytest.fixture(scope="package")
async def shared_browser(chromium: str) -> AsyncIterator[Browser]:
    """For what outlives a test, which closes its contexts itself."""
    async with launched(chromium) as started:
        yield started


@pytest.fixture
async def browser(shared_browser: Browser) -> AsyncIterator[Browser]:
    """With the test ends every context that was made in it."""
    before = list(shared_browser.contexts)
    yield shared_browser
    for context in shared_browser.contexts:
        if context not in before:
            await context.close()
