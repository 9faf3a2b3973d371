"""The store under the server: it refuses what a fault says, waits where one says so, and is the real one otherwise."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast

import pytest

from multimail.adapters.store.engine import Store
from multimail.core.errors import Problem
from multimail.testing.account import prepared
from multimail.testing.storage import STEPPING, FaultyStore
from multimail.testing.switches import Switch, Switchboard

pytestmark = pytest.mark.anyio


class Setting:
    """A faulty store on the file of an account."""

    def __init__(self, path: Path) -> None:
        self.board = Switchboard(self.changed)
        self.arrivals = 0
        self.store = FaultyStore(cast("Any", Store.open(path)), self.board, self.arrived)

    def changed(self) -> None:
        self.store.cleared.set()

    def arrived(self) -> None:
        self.arrivals += 1

    async def put(self, value: int) -> None:
        await self.store.write(lambda tx: tx.settings.set("value", value))

    async def value(self) -> Any:
        return await self.store.read(lambda tx: tx.settings.get("value"))


@pytest.fixture
async def setting(tmp_path: Path) -> AsyncIterator[Setting]:
    made = Setting(prepared().copy(tmp_path) / "multimail.db")
    yield made
    await made.store.close()


@pytest.mark.parametrize(("kind", "code"), [("locked", "busy"), ("full", "storage_full")])
async def test_a_refused_change_is_not_made_and_its_task_is_known(
    setting: Setting, kind: Any, code: str
) -> None:
    await setting.put(1)
    setting.board.add(Switch(kind, times=1))
    with pytest.raises(Problem) as refused:
        await setting.put(2)

    assert refused.value.code == code
    assert setting.store.refused == {asyncio.current_task()}
    assert await setting.value() == 1
    await setting.put(3)
    assert setting.store.refused == set()
    assert (await setting.value(), setting.arrivals) == (3, 0)


async def test_a_change_can_be_kept_waiting(setting: Setting) -> None:
    switch = setting.board.add(Switch("locked", waits=True))
    waiting = asyncio.create_task(setting.put(5))
    await asyncio.sleep(0)
    assert not waiting.done()

    switch.clear()
    await waiting

    assert await setting.value() == 5


async def test_the_servers_own_work_is_refused_and_not_kept_waiting(setting: Setting) -> None:
    setting.board.add(Switch("locked", waits=True))
    token = STEPPING.set(True)
    try:
        with pytest.raises(Problem, match="locked"):
            await setting.put(5)
    finally:
        STEPPING.reset(token)


async def test_all_else_is_the_stores_own(setting: Setting) -> None:
    store, version = setting.store, setting.store.version()
    store.post(lambda tx: tx.settings.set("value", 8))
    store.later(lambda tx: tx.settings.set("other", 9))

    assert await setting.value() == 8
    assert await store.changed(version, 5) != version
    assert store.instant(lambda tx: tx.settings.get("value")) == 8
