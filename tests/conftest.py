"""Fixtures every test may use: the event loop's backend, and the browser of this machine."""

from __future__ import annotations

import os
import shutil

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """The product runs on asyncio, because aiosmtpd and aiosqlite do."""
    return "asyncio"


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the Chromium that browser tests drive; without one they fail, they are not skipped."""
    named = os.environ.get("MULTIMAIL_TEST_CHROMIUM")
    found = named or next(filter(None, map(shutil.which, BROWSERS)), None)
    assert found, "The browser tests need Chromium: apt-get install chromium"
    return found
