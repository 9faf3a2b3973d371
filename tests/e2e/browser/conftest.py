"""One browser for all tests of this folder that a process runs; a test has contexts of its own in it, and a server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.support.browser import Place, launched, place


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


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Place]:
    """A server of the test's own, from whose pages no browser may go elsewhere."""
    async with place(tmp_path) as started:
        yield started
        assert started.elsewhere == []
