"""A key names its principal while it is valid, and nobody otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest

from multimail.adapters.store.engine import Store
from multimail.adapters.system import Ids, VirtualClock
from multimail.core.errors import Problem
from multimail.services import first_start
from multimail.services.context import Services
from multimail.services.credentials import principal_of_key

pytestmark = pytest.mark.anyio

NOW = 1_800_000_000_000_000


async def test_a_key_names_its_principal_until_it_is_revoked(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "multimail.db")
    services = Services(store, VirtualClock(NOW), Ids())
    who, key = await store.write(lambda tx: first_start.first_operator(tx, services.ids, NOW))

    assert principal_of_key(services, key) == who
    await store.write(lambda tx: tx.principals.revoke(who, NOW))
    with pytest.raises(Problem, match="unauthenticated"):
        principal_of_key(services, key)
    await store.close()


@pytest.mark.parametrize("key", ["", "mm_wrong", "x" * 10_000, "\ud800"])
async def test_what_is_no_key_names_nobody(tmp_path: Path, key: str) -> None:
    store = Store.open(tmp_path / "multimail.db")

    with pytest.raises(Problem, match="unauthenticated"):
        principal_of_key(Services(store, VirtualClock(NOW), Ids()), key)
    await store.close()
