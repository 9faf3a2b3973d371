"""A small schema of notes and counters for the engine's own tests, and a store on it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from multimail.adapters.store.engine import Store
from multimail.adapters.store.migrate import Schema
from tests.support.notes import notes_schema


@pytest.fixture
def schema(tmp_path: Path) -> Schema:
    return notes_schema(tmp_path / "migrations")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "mail.db"


@pytest.fixture
async def store(path: Path, schema: Schema) -> AsyncIterator[Store]:
    opened = Store.open(path, schema=schema)
    yield opened
    await opened.close()
