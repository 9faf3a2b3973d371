"""What a system stands on may be put in its place by whoever composes it, and by nobody else."""

from __future__ import annotations

from pathlib import Path

import pytest

from multimail import config
from multimail.adapters.system import SystemClock, VirtualClock
from multimail.core.times import DAY
from multimail.wiring.account import opened
from multimail.wiring.plugs import Plugs

pytestmark = pytest.mark.anyio


async def test_the_program_runs_by_the_clock_of_the_machine() -> None:
    assert isinstance(Plugs().clock, SystemClock)
    assert Plugs().transport is None
    assert Plugs().work is None


async def test_an_account_opens_on_the_plugs_it_is_given(tmp_path: Path) -> None:
    clock = VirtualClock(at=20_000 * DAY)

    async with opened(config.load(data=tmp_path / "data"), Plugs(clock=clock)) as services:
        boxes = await services.store.read(lambda tx: tx.mailboxes.all())

    assert {box.created_at for box in boxes} == {20_000 * DAY}
