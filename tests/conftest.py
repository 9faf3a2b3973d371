"""What every test may use: the event loop's backend, the browser of this machine, and how far properties are tried."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Iterator

import pytest
from hypothesis import settings

# As the program does it itself: what imports and collected tests are made of stays.
gc.set_threshold(20_000, 20, 10)

# The same examples on every machine and run; a soak looks further, and somewhere else each time.
settings.register_profile("every run", derandomize=True, deadline=None, database=None, max_examples=60)
settings.register_profile("soak", deadline=None, database=None, max_examples=1_000, print_blob=True)
settings.load_profile(os.environ.get("MULTIMAIL_TEST_PROFILE", "every run"))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """What is imported and collected stays to the end: Python need not look through it for garbage, now or later."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


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
